// Scrolling through more rows than an element can be high: browsers cap heights at 17 to 33 million pixels. The spacer is
// capped, true rows are moved, and only the scrollbar is scaled.

/** The greatest height of the spacer, in pixels. */
export const SPACER_MOST = 8_000_000;

export interface ScrollSize {
  /** Height of all rows. */
  content: number;
  /** Height of what is seen. */
  view: number;
}

export function spacerHeight({ content }: ScrollSize): number {
  return Math.min(content, SPACER_MOST);
}

/** Whether wheel and keys have to move true rows, because the scrollbar's pixels are not those of the rows. */
export function isScaled({ content }: ScrollSize): boolean {
  return content > SPACER_MOST;
}

export function clampOffset(offset: number, { content, view }: ScrollSize): number {
  return Math.max(0, Math.min(offset, content - view));
}

/** The offset in the rows at a position of the scrollbar. */
export function offsetOf(scrollTop: number, size: ScrollSize): number {
  const travel = spacerHeight(size) - size.view;
  if (!isScaled(size) || travel <= 0) return clampOffset(scrollTop, size);
  return clampOffset((scrollTop / travel) * (size.content - size.view), size);
}

/** The position of the scrollbar for an offset in the rows: the inverse of `offsetOf`. */
export function scrollTopOf(offset: number, size: ScrollSize): number {
  if (!isScaled(size)) return clampOffset(offset, size);
  return (clampOffset(offset, size) / (size.content - size.view)) * (spacerHeight(size) - size.view);
}

/** The offset that brings a row into view with the least movement, with some rows around it. */
export function offsetFor(top: number, height: number, offset: number, size: ScrollSize): number {
  const around = Math.min(height * 3, Math.max(0, (size.view - height) / 2));
  if (top - around < offset) return clampOffset(top - around, size);
  if (top + height + around > offset + size.view) return clampOffset(top + height + around - size.view, size);
  return clampOffset(offset, size);
}
