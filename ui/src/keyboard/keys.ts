// Single-key shortcuts. They can be turned off (WCAG 2.1.4), and never act while somebody types.
import { useEffect, useRef } from "react";

const OFF = "flakescope-shortcuts-off";

export function shortcutsAreOff(): boolean {
  try {
    return localStorage.getItem(OFF) !== null;
  } catch {
    return false;
  }
}

export function turnShortcuts(on: boolean): void {
  try {
    if (on) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  } catch {
    // Storage may be forbidden; the shortcuts then stay on.
  }
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null;
}

/** Whether a key press belongs to something else: a text field, a dialog, the browser, or who has dealt with it. */
function isTaken(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return true;
  if (isTyping(event.target) || document.querySelector("dialog[open]") !== null) return true;
  return belongsToTarget(event);
}

const PRESSES = new Set(["Enter", " "]);
const MOVES = new Set(["ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight", "Home", "End"]);

/** Enter presses what has the focus, and arrows scroll where `data-own-keys` says that there is something to read. */
function belongsToTarget(event: KeyboardEvent): boolean {
  if (!(event.target instanceof Element)) return false;
  if (PRESSES.has(event.key)) return event.target.closest("a, button, summary, [role='tab']") !== null;
  return MOVES.has(event.key) && event.target.closest("[data-own-keys]") !== null;
}

export type Keys = Record<string, ((event: KeyboardEvent) => void) | undefined>;

/** Acts on keys (`event.key`, so `E` is shift and e) while the component is there. */
export function useKeys(keys: Keys): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (isTaken(event)) return;
      if (event.key.length === 1 && shortcutsAreOff()) return;
      const act = latest.current[event.key];
      if (act === undefined) return;
      event.preventDefault();
      act(event);
    };
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, []);
}

const SEQUENCE_MS = 1000;

/** Acts on `g` and then another key, as in `g r`. */
export function useGoTo(targets: Record<string, () => void>): void {
  const armed = useRef(0);
  const latest = useRef(targets);
  useEffect(() => {
    latest.current = targets;
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (isTaken(event) || shortcutsAreOff()) return;
      const go = event.timeStamp - armed.current < SEQUENCE_MS ? latest.current[event.key] : undefined;
      armed.current = event.key === "g" ? event.timeStamp : 0;
      if (go === undefined) return;
      event.preventDefault();
      go();
    };
    // Before the shortcuts of single keys, which then see that the key was dealt with.
    addEventListener("keydown", listen, { capture: true });
    return () => removeEventListener("keydown", listen, { capture: true });
  }, []);
}
