// An address that is no page.
import { Link } from "@tanstack/react-router";
import styles from "./NotFound.module.css";

export function NotFound() {
  return (
    <main className={styles.page} id="content">
      <h1>There is no such page</h1>
      <p>
        Recordings are at <code>/a/…</code>, runs at <Link to="/runs">/runs</Link>.
      </p>
    </main>
  );
}
