//! Escapes of JSON strings, undone as far as they can be: what is cut or wrong stays as it stands.

/// The text that the inside of a JSON string means.
pub(super) fn unescape(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let Some(escape) = rest.chars().next() else {
            text.push('\\');
            return text;
        };
        let simple = match escape {
            'n' => Some('\n'),
            't' => Some('\t'),
            'r' => Some('\r'),
            'b' => Some('\u{8}'),
            'f' => Some('\u{c}'),
            '"' | '\\' | '/' | '\'' => Some(escape),
            _ => None,
        };
        if let Some(character) = simple {
            text.push(character);
            rest = &rest[escape.len_utf8()..];
        } else if let Some((character, length)) = unicode(rest) {
            text.push(character);
            rest = &rest[length..];
        } else {
            text.push('\\');
        }
    }
    text.push_str(rest);
    text
}

/// The character of `uXXXX`, or of a pair of surrogates, and how long it is written.
fn unicode(text: &str) -> Option<(char, usize)> {
    let unit = |text: &str| u32::from_str_radix(text.strip_prefix('u')?.get(..4)?, 16).ok();
    let first = unit(text)?;
    if let Some(character) = char::from_u32(first) {
        return Some((character, 5));
    }
    let second = text
        .get(5..)
        .and_then(|rest| rest.strip_prefix('\\'))
        .and_then(unit)?;
    let low = second.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
    let high = first.checked_sub(0xd800).filter(|high| *high < 0x400)?;
    Some((char::from_u32(0x10000 + (high << 10) + low)?, 11))
}

/// The inside of the JSON string that means the text.
pub(super) fn escape(text: &str) -> String {
    let quoted = serde_json::to_string(text).unwrap_or_default();
    let inside = quoted
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    inside.unwrap_or_default().to_owned()
}
