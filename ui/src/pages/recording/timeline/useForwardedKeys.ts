// The timeline has keys of its own, which act while it has the focus. Pressed anywhere else on the page, they go to it.
import type { RefObject } from "react";
import { useKeys } from "../../../keyboard/keys";

const KEYS = ["j", "k", "ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight", "Home", "End", "w", "a", "d", "x", "z", "i"];

export function useForwardedKeys(host: RefObject<HTMLElement | null>): void {
  const forward = (event: KeyboardEvent) => {
    const grid = host.current?.querySelector<HTMLElement>("[tabindex='0']");
    if (grid === null || grid === undefined || host.current?.contains(event.target as Node)) return;
    grid.focus();
    grid.dispatchEvent(new KeyboardEvent("keydown", { key: event.key, bubbles: true, cancelable: true }));
  };
  useKeys(Object.fromEntries(KEYS.map((key) => [key, forward])));
}
