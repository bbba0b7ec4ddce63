//! Protobuf's wire format: the fields of a message, one after the other, without knowing the message.

/// The bytes end within a field, or are not of the format. Where the next field begins is then unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Torn;

/// The content of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field<'a> {
    Varint(u64),
    Fixed64(u64),
    Bytes(&'a [u8]),
    Fixed32(u32),
}

/// Iterates over number and content of the fields of a message. A field that ends early is given as far as it goes, so
/// that what stands whole in it can be read, and then the iterator tells that the message is torn.
#[derive(Debug, Clone)]
pub(super) struct Fields<'a> {
    rest: &'a [u8],
    torn: bool,
}

impl<'a> Fields<'a> {
    pub(super) fn of(message: &'a [u8]) -> Self {
        Self {
            rest: message,
            torn: false,
        }
    }

    fn read(&mut self) -> Result<(u32, Field<'a>), Torn> {
        let tag = self.varint()?;
        let number = u32::try_from(tag >> 3).map_err(|_| Torn)?;
        let field = match tag & 7 {
            0 => Field::Varint(self.varint()?),
            1 => Field::Fixed64(u64::from_le_bytes(self.array()?)),
            2 => Field::Bytes(self.delimited()?),
            5 => Field::Fixed32(u32::from_le_bytes(self.array()?)),
            // Groups are not in proto3, and 6 and 7 are not in the format.
            _ => return Err(Torn),
        };
        if number == 0 {
            return Err(Torn);
        }
        Ok((number, field))
    }

    fn varint(&mut self) -> Result<u64, Torn> {
        let mut value = 0_u64;
        for (index, byte) in self.rest.iter().take(10).enumerate() {
            value |= u64::from(byte & 0x7f) << (7 * index);
            if byte & 0x80 == 0 {
                self.rest = &self.rest[index + 1..];
                return Ok(value);
            }
        }
        Err(Torn)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Torn> {
        let (bytes, rest) = self.rest.split_first_chunk().ok_or(Torn)?;
        self.rest = rest;
        Ok(*bytes)
    }

    fn delimited(&mut self) -> Result<&'a [u8], Torn> {
        let length = self.varint()?;
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        self.torn = length > self.rest.len();
        let (bytes, rest) = self.rest.split_at(length.min(self.rest.len()));
        self.rest = rest;
        Ok(bytes)
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u32, Field<'a>), Torn>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.torn {
            self.torn = false;
            self.rest = &[];
            return Some(Err(Torn));
        }
        if self.rest.is_empty() {
            return None;
        }
        let read = self.read();
        if read.is_err() {
            self.rest = &[];
        }
        Some(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(message: &[u8], expected: &[Result<(u32, Field<'_>), Torn>]) {
        assert_eq!(Fields::of(message).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn fields_are_read_one_by_one() {
        check(b"", &[]);
        check(
            b"\x08\x96\x01\x12\x02hi",
            &[Ok((1, Field::Varint(150))), Ok((2, Field::Bytes(b"hi")))],
        );
        check(
            b"\x0d\x01\0\0\0\x11\x02\0\0\0\0\0\0\0",
            &[Ok((1, Field::Fixed32(1))), Ok((2, Field::Fixed64(2)))],
        );
        check(
            b"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
            &[Ok((1, Field::Varint(u64::MAX)))],
        );
    }

    #[test]
    fn what_is_torn_keeps_what_stood_before() {
        check(
            b"\x08\x01\x12\x05hi",
            &[
                Ok((1, Field::Varint(1))),
                Ok((2, Field::Bytes(b"hi"))),
                Err(Torn),
            ],
        );
        check(b"\x08", &[Err(Torn)]);
        check(b"\x0b\x08\x01", &[Err(Torn)]);
        check(b"\x00\x01\x08\x01", &[Err(Torn)]);
        check(b"\x08\x01\x11\x02", &[Ok((1, Field::Varint(1))), Err(Torn)]);
        check(&[0xff; 20], &[Err(Torn)]);
    }
}
