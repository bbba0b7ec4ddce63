// From when to when something was seen, in the reader's time zone, and how long that is.
import { lasted } from "../model/incidents";
import { ago } from "../text/format";

function Moment({ instant }: { instant: string }) {
  return (
    <time dateTime={instant} title={ago(instant, Date.now())}>
      {new Date(instant).toLocaleString()}
    </time>
  );
}

export function Stretch({ from, to }: { from: string; to: string }) {
  const length = lasted(from, to);
  if (length === null) return <Moment instant={from} />;
  return (
    <span>
      first <Moment instant={from} />, last <Moment instant={to} /> ({length})
    </span>
  );
}
