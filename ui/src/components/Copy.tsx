// Copies a text and says so.
import { Check, Copy as CopyIcon } from "lucide-react";
import { useEffect, useState } from "react";
import { copyText } from "../text/clipboard";
import { Button } from "./Button";

const SAID_MS = 1600;

interface Props {
  /** The text, made when it is wanted. */
  text: () => string;
  children: string;
  /** Shows the icon only; the words are for those who cannot see it. */
  iconOnly?: boolean;
}

export function Copy({ text, children, iconOnly = false }: Props) {
  const [said, setSaid] = useState<string | null>(null);
  useEffect(() => {
    if (said === null) return;
    const timer = setTimeout(() => setSaid(null), SAID_MS);
    return () => clearTimeout(timer);
  }, [said]);
  const act = async () => setSaid((await copyText(text())) ? "Copied" : "Not allowed");
  const Icon = said === "Copied" ? Check : CopyIcon;
  return (
    <Button look="quiet" onClick={act} title={iconOnly ? children : undefined}>
      <Icon size={14} aria-hidden />
      <span className={iconOnly ? "visually-hidden" : undefined}>{said ?? children}</span>
      <span className="visually-hidden" role="status">
        {said ?? ""}
      </span>
    </Button>
  );
}
