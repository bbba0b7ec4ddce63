// While an answer is awaited, and when there is none.
import { ApiError } from "../api/client";
import { Banner } from "./Banner";
import { Button } from "./Button";
import styles from "./Pending.module.css";

/** Grey lines where the answer will be. */
export function Loading({ lines = 6, what }: { lines?: number; what: string }) {
  return (
    <div className={styles.loading} role="status" aria-label={`Loading ${what}`}>
      {Array.from({ length: lines }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same
        <span key={index} className={styles.line} />
      ))}
    </div>
  );
}

/** What went wrong, and another try. */
export function Failure({ error, retry }: { error: Error; retry: () => void }) {
  const hint = error instanceof ApiError ? error.hint : null;
  return (
    <div className={styles.failure}>
      <Banner kind="error" action={<Button onClick={retry}>Try again</Button>}>
        <p>{error.message}</p>
        {hint !== null && <p>{hint}</p>}
      </Banner>
    </div>
  );
}
