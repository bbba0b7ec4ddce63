//! Who presents a signature. A signature is another one for each request; what says that two calls present the same
//! credential is the identifier of the key or user that signs (`protocol/masking.md`, where the table stands). Pure.

/// Schemes, and the parameters that name who signs, the first that is there.
const PARAMETERS: &[(&str, &[&str])] = &[
    ("digest", &["username"]),
    ("hawk", &["id"]),
    ("oauth", &["oauth_token", "oauth_consumer_key"]),
    ("signature", &["keyId"]),
];
/// Schemes that begin so have a `Credential`: the identifier of the key and the scope of the signature.
const WITH_SCOPE: &[&str] = &["aws4-", "goog4-"];
const SCOPED: &[&str] = &["Credential"];
/// Schemes that write who signs before a colon.
const BEFORE_COLON: &[&str] = &["aws", "goog1", "sharedkey", "sharedkeylite"];
/// Keys by which a signed URL names who signed it, and the scheme that this is.
const QUERY: &[(&str, &str)] = &[
    ("x-amz-credential", "AWS4-HMAC-SHA256"),
    ("x-goog-credential", "GOOG4-RSA-SHA256"),
    ("awsaccesskeyid", "AWS"),
];

/// The part of a credential for which its pseudonym stands: of a signature who signs, else all of it.
pub(super) fn lasting<'a>(scheme: &str, credential: &'a str) -> &'a str {
    let scheme = scheme.to_ascii_lowercase();
    let signer = if BEFORE_COLON.contains(&scheme.as_str()) {
        credential.split_once(':').map(|(key, _)| key)
    } else {
        names(&scheme)
            .iter()
            .find_map(|name| parameter(credential, name))
    };
    signer
        .filter(|signer| !signer.is_empty())
        .unwrap_or(credential)
}

/// Whether what [`lasting`] gives of a scheme is a name, which may stand in any text, and no secret. A token of OAuth is one.
pub(super) fn is_name(scheme: &str) -> bool {
    let scheme = scheme.to_ascii_lowercase();
    scheme != "oauth" && (BEFORE_COLON.contains(&scheme.as_str()) || !names(&scheme).is_empty())
}

/// The scheme of a signed URL and who signed it, if `key` with its `value` (both decoded) says so.
pub(super) fn of_query<'a>(key: &str, value: &'a str) -> Option<(&'static str, &'a str)> {
    let (name, scheme) = QUERY
        .iter()
        .find(|(name, _)| key.eq_ignore_ascii_case(name))?;
    let signer = if name.ends_with("credential") {
        key_of(value)
    } else {
        value
    };
    (!signer.is_empty()).then_some((*scheme, signer))
}

fn names(scheme: &str) -> &'static [&'static str] {
    if WITH_SCOPE.iter().any(|start| scheme.starts_with(start)) {
        return SCOPED;
    }
    PARAMETERS
        .iter()
        .find(|(known, _)| *known == scheme)
        .map_or(&[], |(_, names)| names)
}

fn parameter<'a>(credential: &'a str, name: &str) -> Option<&'a str> {
    let (_, value) =
        parameters(credential).find(|(key, value)| *key == name && !value.is_empty())?;
    Some(if SCOPED.contains(&name) {
        key_of(value)
    } else {
        value
    })
}

fn key_of(credential: &str) -> &str {
    credential
        .split_once('/')
        .map_or(credential, |(key, _)| key)
}

/// The `name=value` and `name="value"` of a header, without the quotes; escapes within stay as they are written.
fn parameters(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let is_between = |character: char| character == ',' || character.is_whitespace();
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            rest = rest.trim_start_matches(is_between);
            let end = rest.find(|character: char| character == '=' || is_between(character))?;
            let (name, after) = rest.split_at(end);
            let Some(after) = after.strip_prefix('=') else {
                rest = after;
                continue;
            };
            let (value, left) = match after.strip_prefix('"') {
                Some(quoted) => quoted.split_at(end_of_quoted(quoted)),
                None => after.split_at(after.find(is_between).unwrap_or(after.len())),
            };
            rest = left.strip_prefix('"').unwrap_or(left);
            return Some((name, value));
        }
    })
}

/// Where the closing quote stands, or the end.
fn end_of_quoted(text: &str) -> usize {
    let mut is_escaped = false;
    let closing = text.char_indices().find(|(_, character)| {
        let is_closing = *character == '"' && !is_escaped;
        is_escaped = *character == '\\' && !is_escaped;
        is_closing
    });
    closing.map_or(text.len(), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same rows as in the tests of the agents.
    #[test]
    fn a_signature_is_told_by_who_made_it() {
        let check = |authorization: &str, expected: &str| {
            let (scheme, credential) = authorization.split_once(' ').unwrap();
            assert_eq!(lasting(scheme, credential), expected, "{authorization}");
        };
        check(
            "AWS4-HMAC-SHA256 Credential=AKIA/20261122/eu-west-1/s3/aws4_request, SignedHeaders=host, Signature=abc",
            "AKIA",
        );
        check(
            "AWS4-HMAC-SHA256 Credential=AKIA/20261123/eu-west-1/s3/aws4_request,SignedHeaders=host;x-amz-date,Signature=def",
            "AKIA",
        );
        check(
            "AWS4-ECDSA-P256-SHA256 SignedHeaders=host, Credential=AKIA/20261122/s3/aws4_request, Signature=abc",
            "AKIA",
        );
        check(
            "GOOG4-RSA-SHA256 Credential=ci@p.example/20261122/auto/storage/goog4_request, SignedHeaders=host, Signature=abc",
            "ci@p.example",
        );
        check("AWS4-HMAC-SHA256 Signature=abc", "Signature=abc");
        check("AWS AKIA:c2ln/bmF0+dXJl=", "AKIA");
        check("AWS c2ln", "c2ln");
        check("SharedKey account:c2ln", "account");
        check(
            r#"Digest username="ada", realm="r", nonce="n1", uri="/", response="0a""#,
            "ada",
        );
        check(
            r#"Digest realm="username=x", username="a, \"b\"", nonce="n2""#,
            r#"a, \"b\""#,
        );
        check(r#"Digest nonce="n""#, r#"nonce="n""#);
        check(
            r#"Hawk id="dh37", ts="1353832234", nonce="j4h3g2", mac="6R4r""#,
            "dh37",
        );
        check(
            r#"OAuth oauth_consumer_key="app", oauth_token="user", oauth_nonce="1", oauth_signature="s""#,
            "user",
        );
        check(
            r#"OAuth oauth_consumer_key="app", oauth_token="", oauth_nonce="2", oauth_signature="s""#,
            "app",
        );
        check("OAuth opaque", "opaque");
        check(
            r#"Signature keyId="k1",algorithm="hs2019",signature="YWJj""#,
            "k1",
        );
        check("Bearer Credential=AKIA/x", "Credential=AKIA/x");
        check("Bearer a:b", "a:b");
    }

    #[test]
    fn a_signed_url_names_who_signed_it() {
        let check = |key: &str, value: &str, expected: Option<(&str, &str)>| {
            assert_eq!(of_query(key, value), expected, "{key}={value}");
        };
        check(
            "X-Amz-Credential",
            "AKIA/20261122/eu/s3/aws4_request",
            Some(("AWS4-HMAC-SHA256", "AKIA")),
        );
        check("AWSAccessKeyId", "AKIA", Some(("AWS", "AKIA")));
        check(
            "x-goog-credential",
            "ci@p/20261122",
            Some(("GOOG4-RSA-SHA256", "ci@p")),
        );
        check("X-Amz-Credential", "", None);
        check("X-Amz-Signature", "1", None);
    }

    #[test]
    fn only_who_signs_may_stand_in_any_text() {
        for (scheme, expected) in [
            ("AWS4-HMAC-SHA256", true),
            ("AWS", true),
            ("Digest", true),
            ("OAuth", false),
            ("Bearer", false),
            ("", false),
        ] {
            assert_eq!(is_name(scheme), expected, "{scheme}");
        }
    }
}
