// Two panes side by side, and a handle between them for the pointer and the arrow keys. On a narrow page they are stacked.
// The second pane may be missing; the first one stays the same element whether it is there or not.
import { type CSSProperties, type PointerEvent, type ReactNode, useRef, useState } from "react";
import styles from "./Splitter.module.css";

const LEAST = 25;
const MOST = 75;
const STEP = 3;
const INITIAL = 44;

interface Props {
  /** Under which the width is remembered. */
  name: string;
  label: string;
  className?: string;
  children: [ReactNode, ReactNode | null];
}

function remembered(key: string): number {
  try {
    const stored = Number(localStorage.getItem(key));
    return stored >= LEAST && stored <= MOST ? stored : INITIAL;
  } catch {
    return INITIAL;
  }
}

export function Splitter({ name, label, className, children }: Props) {
  const key = `flakescope-width-${name}`;
  const [share, setShare] = useState(() => remembered(key));
  const frame = useRef<HTMLDivElement>(null);
  const move = (next: number) => {
    const kept = Math.round(Math.min(MOST, Math.max(LEAST, next)) * 10) / 10;
    setShare(kept);
    try {
      localStorage.setItem(key, String(kept));
    } catch {
      // Storage may be forbidden; the width is then of this visit.
    }
  };
  const drag = (event: PointerEvent<HTMLElement>) => {
    const box = frame.current?.getBoundingClientRect();
    if (box === undefined || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    move(((box.right - event.clientX) / box.width) * 100);
  };
  return (
    <div
      ref={frame}
      className={`${styles.frame} ${className ?? ""}`}
      data-panes={children[1] === null ? 1 : 2}
      style={{ "--share": `${share}%` } as CSSProperties}
    >
      {children[0]}
      {children[1] !== null && (
        <div
          role="separator"
          tabIndex={0}
          aria-orientation="vertical"
          aria-label={label}
          aria-valuenow={Math.round(share)}
          aria-valuemin={LEAST}
          aria-valuemax={MOST}
          className={styles.handle}
          onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
          onPointerMove={drag}
          onKeyDown={(event) => {
            const step = event.key === "ArrowLeft" ? STEP : event.key === "ArrowRight" ? -STEP : 0;
            if (step === 0) return;
            event.preventDefault();
            move(share + step);
          }}
        />
      )}
      {children[1]}
    </div>
  );
}
