//! Prefixes of ids in hex: which ids one means, and how long one must be.

/// The ids that begin with these hex digits, as an inclusive range. None when they are not hex, or too many.
pub(crate) fn range(digits: &str) -> Option<([u8; 16], [u8; 16])> {
    if digits.len() > 32 {
        return None;
    }
    let mut low = [0; 16];
    let mut high = [0xff; 16];
    for (at, digit) in digits.chars().enumerate() {
        let value = u8::try_from(digit.to_digit(16)?).ok()?;
        let (shift, other) = if at % 2 == 0 { (4, 0x0f) } else { (0, 0xf0) };
        low[at / 2] = low[at / 2] & other | value << shift;
        high[at / 2] = high[at / 2] & other | value << shift;
    }
    Some((low, high))
}

/// How many hex digits two ids have in common at their beginning.
pub(crate) fn common_digits(left: &[u8; 16], right: &[u8; 16]) -> usize {
    let same = left.iter().zip(right).take_while(|(l, r)| l == r).count();
    match left.get(same).zip(right.get(same)) {
        Some((l, r)) if l >> 4 == r >> 4 => 2 * same + 1,
        _ => 2 * same,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_are_ranges() {
        let check = |digits: &str, expected: Option<(u8, u8)>| {
            let found = range(digits).map(|(low, high)| (low[0], high[0]));
            assert_eq!(found, expected, "{digits}");
        };
        check("", Some((0, 0xff)));
        check("a", Some((0xa0, 0xaf)));
        check("A7", Some((0xa7, 0xa7)));
        check("a7f", Some((0xa7, 0xa7)));
        check("é", None);
        check("+1", None);
        check(&"0".repeat(33), None);
        let whole = range("00112233445566778899aabbccddeeff").unwrap();
        assert_eq!(whole.0, whole.1);
        assert_eq!(whole.0[15], 0xff);
    }

    #[test]
    fn common_digits_are_counted() {
        let id = |first: u8, second: u8| {
            let mut id = [0; 16];
            (id[0], id[1]) = (first, second);
            id
        };
        assert_eq!(common_digits(&id(0x12, 0), &id(0x22, 0)), 0);
        assert_eq!(common_digits(&id(0x12, 0), &id(0x13, 0)), 1);
        assert_eq!(common_digits(&id(0x12, 0x34), &id(0x12, 0x35)), 3);
        assert_eq!(common_digits(&id(1, 1), &id(1, 1)), 32);
    }
}
