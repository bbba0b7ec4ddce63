// Lays out a JSON body for reading, token by token. Numbers keep their source text (JavaScript would round those beyond
// 2^53), duplicate keys stay, and a body that was cut is laid out as far as it goes.

export type TokenKind = "key" | "string" | "number" | "word" | "mark" | "rest";

export interface Token {
  kind: TokenKind;
  text: string;
}

export interface Line {
  /** Levels of nesting. */
  depth: number;
  tokens: Token[];
}

export interface Layout {
  lines: Line[];
  /** The text ended or stopped being JSON before its outermost value was closed; the last tokens are then `rest`. */
  broken: boolean;
}

const SPACE = /[ \t\r\n]*/y;
const STRING = /"(?:[^"\\]|\\.)*"/sy;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;

/** Lays out `text`, or gives null when it does not begin as a JSON object or list. */
export function layoutJson(text: string): Layout | null {
  return /^\s*[[{]/.test(text) ? new Writer(text).run() : null;
}

class Writer {
  private at = 0;
  private line: Line = { depth: 0, tokens: [] };
  private readonly lines: Line[] = [this.line];
  /** The brackets that are open. */
  private readonly open: string[] = [];

  constructor(private readonly text: string) {}

  run(): Layout {
    let broken = false;
    do {
      this.take(SPACE);
      if (!this.step()) {
        broken = true;
        if (this.at < this.text.length) this.push("rest", this.text.slice(this.at));
        break;
      }
    } while (this.open.length > 0);
    if (!broken) {
      this.take(SPACE);
      if (this.at < this.text.length) {
        broken = true;
        this.breakLine();
        this.push("rest", this.text.slice(this.at));
      }
    }
    return { lines: this.lines, broken };
  }

  /** Takes one token; false when there is none. */
  private step(): boolean {
    const next = this.text[this.at];
    if (next === "{" || next === "[") return this.begin(next);
    if (next === "}" || next === "]") return this.end(next);
    if (next === ",") {
      this.at += 1;
      this.push("mark", ",");
      this.breakLine();
      return true;
    }
    if (next === ":") {
      this.at += 1;
      this.push("mark", ": ");
      return true;
    }
    return this.scalar();
  }

  private begin(bracket: string): boolean {
    this.at += 1;
    this.push("mark", bracket);
    this.take(SPACE);
    const close = bracket === "{" ? "}" : "]";
    if (this.text[this.at] === close) {
      this.at += 1;
      this.push("mark", close);
      return true;
    }
    this.open.push(close);
    this.breakLine();
    return true;
  }

  private end(bracket: string): boolean {
    if (this.open.at(-1) !== bracket) return false;
    this.at += 1;
    this.open.pop();
    this.breakLine();
    this.push("mark", bracket);
    return true;
  }

  private scalar(): boolean {
    const string = this.take(STRING);
    if (string !== null) {
      const after = /\s*:/y;
      after.lastIndex = this.at;
      this.push(this.open.at(-1) === "}" && after.test(this.text) ? "key" : "string", string);
      return true;
    }
    const number = this.take(NUMBER);
    if (number !== null) return this.push("number", number);
    const word = this.take(WORD);
    return word !== null && this.push("word", word);
  }

  private take(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? null;
    this.at += found?.length ?? 0;
    return found;
  }

  private push(kind: TokenKind, text: string): true {
    this.line.tokens.push({ kind, text });
    return true;
  }

  private breakLine(): void {
    this.line = { depth: this.open.length, tokens: [] };
    this.lines.push(this.line);
  }
}
