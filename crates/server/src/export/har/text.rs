//! Names with values, and how they are written in URLs and forms.

use serde::Serialize;

/// A header line, or a parameter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Pair {
    name: String,
    value: String,
}

impl From<model::Header> for Pair {
    fn from(header: model::Header) -> Self {
        Self {
            name: header.name,
            value: header.value,
        }
    }
}

/// The parameters of a query in their order, decoded.
pub(super) fn query(text: &str) -> Vec<Pair> {
    let parts = text.split('&').filter(|part| !part.is_empty());
    let pairs = parts.map(|part| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        Pair {
            name: decoded(name),
            value: decoded(value),
        }
    });
    pairs.collect()
}

/// `+` is a blank, `%2F` a byte; what is no such escape stays as it is.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        match (first, after) {
            (b'+', _) => bytes.push(b' '),
            (b'%', [high, low, behind @ ..]) => match (digit(*high), digit(*low)) {
                (Some(high), Some(low)) => {
                    bytes.push(high << 4 | low);
                    rest = behind;
                }
                _ => bytes.push(b'%'),
            },
            (other, _) => bytes.push(*other),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_decoded() {
        let check = |text: &str, expected: &[(&str, &str)]| {
            let expected: Vec<Pair> = expected
                .iter()
                .map(|(name, value)| Pair {
                    name: (*name).to_owned(),
                    value: (*value).to_owned(),
                })
                .collect();
            assert_eq!(query(text), expected, "{text}");
        };
        check("", &[]);
        check("a=1&b=&c", &[("a", "1"), ("b", ""), ("c", "")]);
        check("q=a+b%2Fc&q=%C3%A9", &[("q", "a b/c"), ("q", "é")]);
        check("a=b=c&&d=%zz%4", &[("a", "b=c"), ("d", "%zz%4")]);
        check("a=%ff", &[("a", "\u{fffd}")]);
        check("token=[masked:1a2b:00]", &[("token", "[masked:1a2b:00]")]);
    }
}
