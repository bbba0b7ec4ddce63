// A sentence of ours about captured things: what stands between backticks is shown as code.
import { Fragment } from "react";
import { spans } from "../text/prose";
import { SafeText } from "./SafeText";

export function Prose({ text }: { text: string }) {
  return (
    <>
      {spans(text).map(({ isCode, text }, index) =>
        isCode ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the spans of one sentence never move
          <code key={index}>
            <SafeText text={text} />
          </code>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: the spans of one sentence never move
          <Fragment key={index}>
            <SafeText text={text} />
          </Fragment>
        ),
      )}
    </>
  );
}
