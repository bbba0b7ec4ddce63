// What the keys do, shown by `?`. The browser's own dialog: it holds the focus without adding style elements, which the
// content security policy forbids.
import { X } from "lucide-react";
import { type RefObject, useState } from "react";
import styles from "./Help.module.css";
import { shortcutsAreOff, turnShortcuts } from "./keys";

const GROUPS: [string, [string, string][]][] = [
  [
    "Everywhere",
    [
      ["?", "these keys"],
      ["/", "filter"],
      ["g r", "go to the runs"],
      ["g t", "go to the tests"],
      ["g d", "go to the dependencies"],
      ["g i", "go to the incidents"],
      ["Esc", "back one level"],
    ],
  ],
  [
    "Recording",
    [
      ["1 2 3 4", "timeline, graph, exchanges, logs"],
      ["j k ↓ ↑", "next and previous row"],
      ["Enter", "to the details"],
      ["c", "culprit"],
      ["e E", "next and previous failed call"],
      ["[ ]", "previous and next recording"],
      ["0", "whole recording"],
      ["h", "history of the test"],
      ["y", "copy link"],
      ["Y", "copy the call as cURL"],
      ["m", "copy the verdict as Markdown"],
    ],
  ],
  [
    "History of a test",
    [
      ["← →", "along the outcomes"],
      ["Enter", "to the recording"],
    ],
  ],
  [
    "Timeline",
    [
      ["← →", "collapse and expand"],
      ["w x a d", "zoom in and out, pan"],
      ["z", "zoom to the selection"],
      ["i", "leave out where nothing happens"],
      ["Ctrl + wheel", "zoom at the pointer"],
      ["Shift + wheel", "pan"],
    ],
  ],
];

export function Help({ dialog }: { dialog: RefObject<HTMLDialogElement | null> }) {
  const [on, setOn] = useState(() => !shortcutsAreOff());
  const turn = (next: boolean) => {
    turnShortcuts(next);
    setOn(next);
  };
  return (
    <dialog ref={dialog} className={styles.dialog} aria-labelledby="help-title">
      <header className={styles.header}>
        <h2 id="help-title">Keys</h2>
        <button type="button" className={styles.close} onClick={() => dialog.current?.close()} aria-label="Close">
          <X size={16} aria-hidden />
        </button>
      </header>
      <div className={styles.groups}>
        {GROUPS.map(([title, keys]) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {keys.map(([key, what]) => (
                <div key={key}>
                  <dt>
                    <kbd>{key}</kbd>
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <label className={styles.switch}>
        <input type="checkbox" checked={on} onChange={(event) => turn(event.target.checked)} />
        Shortcuts of a single key
      </label>
    </dialog>
  );
}
