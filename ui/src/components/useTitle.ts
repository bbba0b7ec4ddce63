// The title of the page in the browser's tab.
import { useEffect } from "react";
import { visible } from "../text/visible";

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${visible(title)} · Flakescope`;
  }, [title]);
}
