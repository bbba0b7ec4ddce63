// Makes visible what acts on a reader without being seen: control, bidi and zero-width characters in captured text.

/** A piece of text to show as it is, or a sign that stands for a character that cannot be seen. */
export type Piece = { text: string } | { sign: string; code: string };

// C0 and C1 controls except tab and line feed, soft hyphen, zero-width and bidi characters, line and paragraph
// separators, invisible operators, variation of Hangul fillers, byte order mark, tags and lone surrogates.
const UNSEEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}\p{Cs}]/gu;

const NAMES: Record<number, string> = {
  127: "DEL",
  173: "SHY",
  1564: "ALM",
  8203: "ZWSP",
  8204: "ZWNJ",
  8205: "ZWJ",
  8206: "LRM",
  8207: "RLM",
  8232: "LS",
  8233: "PS",
  8234: "LRE",
  8235: "RLE",
  8236: "PDF",
  8237: "LRO",
  8238: "RLO",
  8239: "NNBSP",
  8288: "WJ",
  8294: "LRI",
  8295: "RLI",
  8296: "FSI",
  8297: "PDI",
  65279: "BOM",
};

function hex(code: number): string {
  return `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
}

function sign(code: number): string {
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  return NAMES[code] ?? hex(code);
}

/** Splits captured text into what can be shown as it is and signs for what cannot be seen. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(UNSEEN)) {
    if (match.index > from) found.push({ text: text.slice(from, match.index) });
    const code = match[0].codePointAt(0) ?? 0;
    found.push({ sign: sign(code), code: hex(code) });
    from = match.index + match[0].length;
  }
  if (from < text.length || found.length === 0) found.push({ text: text.slice(from) });
  return found;
}

/** The same as one string, for titles and labels, where nothing can be marked up. */
export function visible(text: string): string {
  return pieces(text)
    .map((piece) => ("text" in piece ? piece.text : `[${piece.sign}]`))
    .join("");
}
