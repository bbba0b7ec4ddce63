//! What a request holds and how it is written.

/// What an OTLP request holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// Spans.
    Traces,
    /// Log records.
    Logs,
    /// Metrics: counted and left out.
    Metrics,
}

/// How an OTLP message is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// Protobuf's binary encoding.
    Protobuf,
    /// OTLP's JSON: protobuf's mapping with hex ids.
    Json,
}

impl Encoding {
    /// The encoding that a `Content-Type` names, its parameters and case not looked at.
    #[must_use]
    pub fn from_content_type(content_type: &str) -> Option<Self> {
        let media_type = content_type.split(';').next().unwrap_or_default().trim();
        [Self::Protobuf, Self::Json]
            .into_iter()
            .find(|encoding| media_type.eq_ignore_ascii_case(encoding.content_type()))
    }

    /// The `Content-Type` of a message in this encoding.
    #[must_use]
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Protobuf => "application/x-protobuf",
            Self::Json => "application/json",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_content_type_names_an_encoding() {
        let check = |content_type: &str, expected: Option<Encoding>| {
            assert_eq!(
                Encoding::from_content_type(content_type),
                expected,
                "{content_type}"
            );
        };
        check("application/json", Some(Encoding::Json));
        check("Application/JSON; charset=utf-8", Some(Encoding::Json));
        check("application/x-protobuf", Some(Encoding::Protobuf));
        check(" application/x-protobuf ;q=1", Some(Encoding::Protobuf));
        check("application/x-www-form-urlencoded", None);
        check("", None);
    }
}
