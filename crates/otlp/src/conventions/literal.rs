//! Maps and lists as programs print them: JSON, and what Python's `repr` and `str` make of a dict.
//!
//! Strings may have either quote. What breaks off, because its sender cut it, is given as far as it is whole.

/// A printed value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Literal {
    /// A string, or anything else that stands for one value, as it is printed.
    Text(String),
    /// A list or a tuple.
    List(Vec<Literal>),
    /// A map.
    Pairs(Vec<(String, Literal)>),
}

impl Literal {
    pub(super) fn into_text(self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text),
            Self::List(_) | Self::Pairs(_) => None,
        }
    }
}

/// What was read of a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Read {
    pub(super) literal: Literal,
    /// The text breaks off.
    pub(super) is_torn: bool,
}

/// Maps and lists within each other beyond this are not what is looked for here.
const DEEPEST: usize = 8;

/// Reads a map or a list. None: it is something else.
pub(super) fn read(text: &str) -> Option<Read> {
    let mut parser = Parser {
        rest: text,
        is_torn: false,
    };
    let literal = parser.value(0)?;
    match literal {
        Literal::Text(_) => None,
        literal => Some(Read {
            literal,
            is_torn: parser.is_torn,
        }),
    }
}

struct Parser<'a> {
    rest: &'a str,
    is_torn: bool,
}

impl Parser<'_> {
    /// Reads a value. None: it does not stand there whole.
    fn value(&mut self, depth: usize) -> Option<Literal> {
        match self.next()? {
            _ if depth > DEEPEST => None,
            '{' => {
                self.take();
                Some(Literal::Pairs(self.pairs(depth)))
            }
            open @ ('[' | '(') => {
                self.take();
                let close = if open == '[' { ']' } else { ')' };
                Some(Literal::List(self.list(close, depth)))
            }
            quote @ ('"' | '\'') => self.quoted(quote).map(Literal::Text),
            _ => self.bare().map(Literal::Text),
        }
    }

    fn pairs(&mut self, depth: usize) -> Vec<(String, Literal)> {
        let mut pairs = Vec::new();
        while !self.ends('}') {
            let Some(pair) = self.pair(depth) else {
                self.is_torn = true;
                break;
            };
            pairs.push(pair);
        }
        pairs
    }

    fn pair(&mut self, depth: usize) -> Option<(String, Literal)> {
        let key = self.value(depth + 1)?.into_text()?;
        if self.next()? != ':' {
            return None;
        }
        self.take();
        let value = self.value(depth + 1)?;
        Some((key, value))
    }

    fn list(&mut self, close: char, depth: usize) -> Vec<Literal> {
        let mut items = Vec::new();
        while !self.ends(close) {
            let Some(item) = self.value(depth + 1) else {
                self.is_torn = true;
                break;
            };
            items.push(item);
        }
        items
    }

    /// Whether a map or list has nothing more to give; reads over a comma and over its end.
    fn ends(&mut self, close: char) -> bool {
        if self.is_torn {
            return true;
        }
        if self.next() == Some(',') {
            self.take();
        }
        let ends = self.next() == Some(close);
        if ends {
            self.take();
        }
        ends
    }

    fn quoted(&mut self, quote: char) -> Option<String> {
        self.take();
        let mut text = String::new();
        let mut characters = self.rest.char_indices();
        while let Some((at, character)) = characters.next() {
            if character == quote {
                self.rest = &self.rest[at + 1..];
                return Some(text);
            }
            if character != '\\' {
                text.push(character);
                continue;
            }
            let (_, escaped) = characters.next()?;
            match escaped {
                'b' => text.push('\u{8}'),
                'f' => text.push('\u{c}'),
                'n' => text.push('\n'),
                'r' => text.push('\r'),
                't' => text.push('\t'),
                'x' => text.push(code(&mut characters, 2)?),
                'u' => text.push(code(&mut characters, 4)?),
                other => text.push(other),
            }
        }
        None
    }

    /// A number, `None`, `true` and the like.
    fn bare(&mut self) -> Option<String> {
        let end = self.rest.find([',', ':', '}', ']', ')'])?;
        let text = self.rest[..end].trim_end().to_owned();
        self.rest = &self.rest[end..];
        (!text.is_empty()).then_some(text)
    }

    fn next(&mut self) -> Option<char> {
        self.rest = self.rest.trim_start();
        self.rest.chars().next()
    }

    fn take(&mut self) {
        let mut characters = self.rest.chars();
        characters.next();
        self.rest = characters.as_str();
    }
}

/// The character with the code that so many hex digits give; half a surrogate pair is replaced.
fn code(characters: &mut std::str::CharIndices<'_>, digits: usize) -> Option<char> {
    let mut code = 0;
    for _ in 0..digits {
        code = code * 16 + characters.next()?.1.to_digit(16)?;
    }
    Some(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(shown(text), expected, "{text}");
    }

    fn shown(text: &str) -> String {
        match read(text) {
            None => "none".to_owned(),
            Some(read) => format!(
                "{}{}",
                show(&read.literal),
                if read.is_torn { " torn" } else { "" }
            ),
        }
    }

    fn show(literal: &Literal) -> String {
        match literal {
            Literal::Text(text) => text.clone(),
            Literal::List(items) => {
                format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join("|"))
            }
            Literal::Pairs(pairs) => {
                let pairs = pairs
                    .iter()
                    .map(|(key, value)| format!("{key}={}", show(value)));
                format!("{{{}}}", pairs.collect::<Vec<_>>().join("|"))
            }
        }
    }

    #[test]
    fn json_and_python_are_read_alike() {
        check(r#"{"a":"b","c":["d","e"],"f":1}"#, "{a=b|c=[d|e]|f=1}");
        check(r#"{'a': 'b', "c": "d'e", 'f': None}"#, "{a=b|c=d'e|f=None}");
        check("[('a', 'b'), ('c', 'd')]", "[[a|b]|[c|d]]");
        check(r#"{'a': 'it\'s', 'b': '\xe9\u00e9\n'}"#, "{a=it's|b=éé\n}");
        check("{}", "{}");
    }

    #[test]
    fn what_breaks_off_is_given_as_far_as_it_is_whole() {
        check(r#"{"a":"b","c":"d"#, "{a=b} torn");
        check(r#"{"a":"b","c"#, "{a=b} torn");
        check(r#"{"a":"b","#, "{a=b} torn");
        check(r#"{"a":["b","c"#, "{a=[b]} torn");
        check(r#"{"a":1"#, "{} torn");
        check(r#"{"a":"\u12"#, "{} torn");
        check("{", "{} torn");
    }

    #[test]
    fn something_else_is_none() {
        check("", "none");
        check("\"****\"", "none");
        check("text, more", "none");
        check(
            &"[".repeat(5000),
            &format!("{}{} torn", "[".repeat(9), "]".repeat(9)),
        );
    }
}
