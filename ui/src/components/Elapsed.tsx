// How long something has been going on, by the second.
import { useEffect, useState } from "react";
import { duration } from "../text/format";

const SECOND = 1000;

/** Since an instant; by the reader's clock, which may not be that of the machine that records. */
export function Elapsed({ since }: { since: string }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), SECOND);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.floor((now - Date.parse(since)) / SECOND));
  return <>{seconds < 60 ? `${seconds} s` : duration(seconds * SECOND)}</>;
}
