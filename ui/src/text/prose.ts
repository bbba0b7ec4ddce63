// The sentences of a diagnosis, cut where their backticks begin and end code.

export interface ProseSpan {
  isCode: boolean;
  text: string;
}

/** The spans of a sentence, none empty. A backtick without another one is itself. */
export function spans(text: string): ProseSpan[] {
  const found: ProseSpan[] = [];
  let from = 0;
  for (const code of text.matchAll(/`([^`]+)`/g)) {
    found.push({ isCode: false, text: text.slice(from, code.index) }, { isCode: true, text: code[1] ?? "" });
    from = code.index + code[0].length;
  }
  found.push({ isCode: false, text: text.slice(from) });
  return found.filter((span) => span.text !== "");
}
