//! The facts of the credential that an exchange presents, taken before it is masked: scheme, length, pseudonym, and the
//! times of a JSON web token. Which credential counts: `protocol/masking.md`.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::{Attributes, Value, attribute as name};

use super::Masker;
use super::form::decode;
use super::header::split_scheme;
use super::replace::is_pseudonym;
use super::signer::{self, lasting};
use crate::json;

/// A longer payload of a token is not looked into.
const PAYLOAD: usize = 64 << 10;

struct Presented {
    scheme: String,
    secret: String,
}

impl Masker {
    /// Adds the facts, unless the agent did. What is masked already gives none.
    pub(super) fn add_credential_facts(&self, facts: &mut Attributes) {
        if facts.get(name::CREDENTIAL_PSEUDONYM).is_some() {
            return;
        }
        let Some(presented) = self.presented(facts) else {
            return;
        };
        let secret = presented.secret.as_str();
        let stands_for = lasting(&presented.scheme, secret);
        facts.set(
            name::CREDENTIAL_LENGTH,
            i64::try_from(stands_for.len()).unwrap_or(i64::MAX),
        );
        facts.set(
            name::CREDENTIAL_PSEUDONYM,
            self.key.hash(stands_for.as_bytes()),
        );
        let times = [
            (name::CREDENTIAL_JWT_EXP, "exp"),
            (name::CREDENTIAL_JWT_NBF, "nbf"),
            (name::CREDENTIAL_JWT_IAT, "iat"),
        ];
        let claims = claims(secret);
        for (attribute, claim) in times {
            if let Some(time) = claims
                .iter()
                .find(|(key, _)| key == claim)
                .and_then(|(_, value)| seconds(value))
            {
                facts.set(attribute, time);
            }
        }
        if !presented.scheme.is_empty() {
            facts.set(name::CREDENTIAL_SCHEME, presented.scheme);
        }
    }

    fn presented(&self, facts: &Attributes) -> Option<Presented> {
        let header = |key: &str| {
            let values = facts.strings(&format!("{}{key}", name::HTTP_REQUEST_HEADER_PREFIX));
            (!values.is_empty()).then(|| values.join("; "))
        };
        let authorization = |value: String| {
            let (scheme, secret) = split_scheme(&value);
            found(scheme, secret)
        };
        if let Some(value) = header("authorization") {
            return authorization(value);
        }
        if let Some(value) = self.api_key(facts) {
            return found("ApiKey", value);
        }
        if let Some(value) = header("proxy-authorization") {
            return authorization(value);
        }
        if let Some(value) = header("cookie") {
            return (!value.contains("[masked:"))
                .then(|| found("Cookie", &value))
                .flatten();
        }
        let url = facts.str(name::URL_FULL)?;
        let query = url.split('#').next()?.split_once('?')?.1;
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let plain: Vec<_> = pairs
            .map(|(key, value)| (decode(key), decode(value)))
            .collect();
        if let Some((scheme, signer)) = plain
            .iter()
            .find_map(|(key, value)| signer::of_query(key, value))
        {
            return found(scheme, signer);
        }
        let (_, value) = plain.iter().find(|(key, value)| {
            self.names.is_secret_query_key(key) || self.names.is_secret_pair(key, value)
        })?;
        found("Query", value)
    }

    fn api_key<'a>(&self, facts: &'a Attributes) -> Option<&'a str> {
        facts
            .iter()
            .filter_map(|(key, value)| {
                Some((key.strip_prefix(name::HTTP_REQUEST_HEADER_PREFIX)?, value))
            })
            .filter(|(key, _)| !key.ends_with("authorization") && *key != "cookie")
            .find(|(key, _)| self.names.is_secret_header(key))
            .and_then(|(_, value)| value.as_strings().first().copied())
    }
}

fn found(scheme: &str, secret: &str) -> Option<Presented> {
    // Senders that mask by themselves put asterisks in its place, the same for every credential.
    let is_left_out = secret.bytes().all(|byte| byte == b'*');
    let is_secret = !is_left_out && !is_pseudonym(secret);
    is_secret.then(|| Presented {
        scheme: scheme.to_owned(),
        secret: secret.to_owned(),
    })
}

/// The claims of a JSON web token, RFC 7519; none if it is something else.
fn claims(token: &str) -> Vec<(String, Value)> {
    let mut parts = token.split('.');
    let (Some(_), Some(payload), Some(_)) = (parts.next(), parts.next(), parts.next()) else {
        return Vec::new();
    };
    if payload.len() > PAYLOAD {
        return Vec::new();
    }
    let decoded = URL_SAFE_NO_PAD
        .decode(payload.trim_end_matches('='))
        .unwrap_or_default();
    match json::read(&decoded) {
        Some(Value::Map(claims)) => claims,
        _ => Vec::new(),
    }
}

/// A NumericDate of RFC 7519; a fraction is cut off.
fn seconds(value: &Value) -> Option<i64> {
    match value {
        Value::Double(seconds) => Value::Double(seconds.trunc()).as_int(),
        other => other.as_int(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::Key;
    use crate::mask::MaskRules;

    /// Agents look at headers only, so each credential of a query is found here or nowhere.
    #[test]
    fn the_credential_of_a_query_is_found_by_its_key() {
        let key = Key::from_hex(&"07".repeat(32)).unwrap();
        let masker = Masker::new(&MaskRules::default(), key).unwrap();
        let check = |query: &str, expected: Option<(&str, &str)>| {
            let mut facts = Attributes::default();
            facts.set(name::URL_FULL, format!("http://h/p?{query}"));
            masker.add_credential_facts(&mut facts);
            let said = facts
                .str(name::CREDENTIAL_SCHEME)
                .zip(facts.str(name::CREDENTIAL_PSEUDONYM));
            let hash = expected.map(|(_, secret)| masker.key.hash(secret.as_bytes()));
            let expected = expected.map(|(scheme, _)| scheme).zip(hash.as_deref());
            assert_eq!(said, expected, "{query}");
        };
        check("x=1", None);
        check("max_tokens=5", None);
        check("token_type=bearer&password_hint=dog", None);
        check("x=1&api_key=q#f", Some(("Query", "q")));
        check("api%5Fkey=a%2Fb+c%C3%A9&y", Some(("Query", "a/b cé")));
        check("token=50%25%zz", Some(("Query", "50%%zz")));
        check("token=%FFx", Some(("Query", "%FFx")));
        check("sig=1&token=2", Some(("Query", "1")));
        check(
            "Signature=1&AWSAccessKeyId=AKIA&Expires=2",
            Some(("AWS", "AKIA")),
        );
        check(
            "X-Amz-Signature=1&X-Amz-Security-Token=t&X-Amz-Credential=AKIA%2F20261122%2Feu%2Fs3%2Faws4_request",
            Some(("AWS4-HMAC-SHA256", "AKIA")),
        );
        check(
            "X-Goog-Credential=ci%40p%2F20261122&X-Goog-Signature=1",
            Some(("GOOG4-RSA-SHA256", "ci@p")),
        );
    }

    #[test]
    fn what_was_masked_before_it_came_is_no_credential() {
        let check = |secret: &str, expected: bool| {
            assert_eq!(found("Bearer", secret).is_some(), expected, "{secret}");
        };
        check("t0k3n", true);
        check("*t0k3n*", true);
        check("", false);
        check("****", false);
        check("[masked:1a2b:0123456789ab]", false);
    }
}
