// The colours and faces of the page's tokens, read once for each change of theme. A canvas knows no CSS variables.

/** How many colours there are for services and peers. */
export const BAR_COLOURS = 8;

export interface Palette {
  surface: string;
  raised: string;
  sunken: string;
  selected: string;
  line: string;
  lineStrong: string;
  text: string;
  text2: string;
  text3: string;
  accent: string;
  fail: string;
  failSoft: string;
  flag: string;
  flagSoft: string;
  bars: string[];
  font: string;
  mono: string;
}

/** With forced colours the reader's own take the place of ours; what differed by colour differs by glyph and outline too. */
function forced(token: (name: string) => string): Palette {
  return {
    surface: "Canvas",
    raised: "Canvas",
    sunken: "Canvas",
    selected: "Canvas",
    line: "GrayText",
    lineStrong: "GrayText",
    text: "CanvasText",
    text2: "CanvasText",
    text3: "CanvasText",
    accent: "Highlight",
    fail: "LinkText",
    failSoft: "Canvas",
    flag: "Highlight",
    flagSoft: "Canvas",
    bars: Array.from({ length: BAR_COLOURS }, () => "CanvasText"),
    font: token("font"),
    mono: token("mono"),
  };
}

export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  if (matchMedia("(forced-colors: active)").matches) return forced(token);
  return {
    surface: token("surface"),
    raised: token("raised"),
    sunken: token("sunken"),
    selected: token("selected"),
    line: token("line"),
    lineStrong: token("line-strong"),
    text: token("text"),
    text2: token("text-2"),
    text3: token("text-3"),
    accent: token("accent"),
    fail: token("fail"),
    failSoft: token("fail-soft"),
    flag: token("flag"),
    flagSoft: token("flag-soft"),
    bars: Array.from({ length: BAR_COLOURS }, (_, index) => token(`bar-${index}`)),
    font: token("font"),
    mono: token("mono"),
  };
}

export function barColour(palette: Palette, actor: number): string {
  return palette.bars[actor % palette.bars.length] ?? palette.text3;
}
