// A link that leads out of the pages, from a tag of a run; only its label where the tag is no address to be followed.
import { ExternalLink } from "lucide-react";
import type { LinkTo } from "../model/tags";
import styles from "./Out.module.css";

export function Out({ to }: { to: LinkTo }) {
  if (to.href === null) return <span>{to.label}</span>;
  return (
    <a className={styles.out} href={to.href} target="_blank" rel="noreferrer noopener">
      {to.label}
      <ExternalLink size={12} aria-label="(opens elsewhere)" />
    </a>
  );
}
