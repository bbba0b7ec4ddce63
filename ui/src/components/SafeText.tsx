// Captured text, always as text: what cannot be seen is shown as a sign, and the direction of its letters stays its own.
import { Fragment, memo } from "react";
import { pieces } from "../text/visible";
import styles from "./SafeText.module.css";

export const SafeText = memo(function SafeText({ text }: { text: string }) {
  const found = pieces(text);
  const only = found[0];
  return (
    <bdi>
      {found.length === 1 && only !== undefined && "text" in only
        ? only.text
        : found.map((piece, index) => {
            // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never move
            if ("text" in piece) return <Fragment key={index}>{piece.text}</Fragment>;
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never move
              <span key={index} className={styles.sign} title={piece.code}>
                {piece.sign}
              </span>
            );
          })}
    </bdi>
  );
});
