//! What a name says: whether the value of a header, key, variable or attribute with this name is a secret. Pure.

use std::collections::BTreeSet;

use aho_corasick::{AhoCorasick, AhoCorasickKind, Match};

use super::MaskRules;
use super::shapes::is_random;
use super::sign_in;
use super::worth::Place;

/// Every secret name has one of these in it, or one of `sign_in`; a name without is decided at once.
const STEMS: &[&str] = &[
    "pass",
    "pwd",
    "secret",
    "token",
    "key",
    "cred",
    "auth",
    "session",
    "cookie",
    "jwt",
    "signature",
    "otp",
    "cvv",
    "cvc",
    "sid",
];

/// Words that make a name secret wherever they stand in it.
const SECRET_WORDS: &[&str] = &[
    "password",
    "passwords",
    "passwd",
    "passphrase",
    "passcode",
    "pwd",
    "secret",
    "secrets",
    "token",
    "tokens",
    "apikey",
    "credential",
    "credentials",
    "authorization",
    "jwt",
    "otp",
    "cvv",
    "cvc",
];

/// Words that make a name secret when they are all of it, or its end.
const SECRET_ENDS: &[&str] = &["pass", "auth", "cookie", "cookies", "signature", "sid"];

/// Pairs of words that make a name secret.
const SECRET_PAIRS: &[(&str, &str)] = &[
    ("api", "key"),
    ("access", "key"),
    ("secret", "key"),
    ("private", "key"),
    ("signing", "key"),
    ("encryption", "key"),
    ("auth", "key"),
    ("account", "key"),
    ("master", "key"),
    ("subscription", "key"),
    ("session", "id"),
    ("session", "key"),
    ("x", "key"),
];

/// Parts of words that are written without a separator.
const SECRET_PARTS: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "apikey",
    "secretkey",
    "privatekey",
    "accesskey",
];
const SECRET_SUFFIXES: &[&str] = &["token", "secret", "sessionid"];

/// A name that ends so is about a secret, and is none itself.
const ABOUT: &[&str] = &[
    "type",
    "types",
    "expires",
    "expire",
    "expiry",
    "expiration",
    "expired",
    "in",
    "at",
    "on",
    "count",
    "limit",
    "limits",
    "max",
    "min",
    "length",
    "len",
    "size",
    "used",
    "usage",
    "total",
    "url",
    "uri",
    "endpoint",
    "endpoints",
    "status",
    "error",
    "errors",
    "code",
    "valid",
    "invalid",
    "required",
    "format",
    "policy",
    "enabled",
    "disabled",
    "hint",
    "strength",
    "field",
    "label",
    "name",
    "path",
    "file",
    "dir",
    "arn",
    "method",
    "methods",
    "mode",
    "provider",
    "backend",
    "version",
    "ttl",
    "age",
    "scope",
    "scopes",
    "issuer",
    "audience",
    "algorithm",
    "alg",
    "reset",
    "changed",
    "updated",
    "created",
    "message",
    "description",
    "reason",
    "placeholder",
    "attempts",
    "supported",
    "index",
    "present",
    "exists",
    "missing",
];

/// A number of tokens is not a token.
const COUNTED: &[&str] = &[
    "max",
    "min",
    "num",
    "total",
    "prompt",
    "completion",
    "input",
    "output",
    "remaining",
    "used",
    "cached",
    "reasoning",
];

/// Query keys of signed URLs and of common APIs, beyond what names say by themselves; the first four are those of the
/// semantic conventions.
const QUERY_KEYS: &[&str] = &[
    "AWSAccessKeyId",
    "Signature",
    "sig",
    "X-Goog-Signature",
    "X-Amz-Signature",
    "X-Amz-Credential",
    "X-Amz-Security-Token",
    "X-Goog-Credential",
    "session",
];

/// Keys of bodies, beyond what names say by themselves.
const BODY_KEYS: &[&str] = &["session", "accessKeyId"];

/// Names that stand for a secret or for something harmless: an API key or any other key, an authorization code or an
/// error code. The value decides.
const DOUBTFUL: &[&str] = &["key", "code"];
/// A shorter value of a doubtful name is harmless.
const DOUBTFUL_LENGTH: usize = 16;

/// What is known about names.
pub(super) struct Names {
    stems: AhoCorasick,
    headers: BTreeSet<String>,
    body_keys: BTreeSet<String>,
    query_keys: BTreeSet<String>,
    keep: BTreeSet<String>,
}

impl Names {
    /// The built-in names and those of the rules.
    pub(super) fn new(rules: &MaskRules) -> Result<Self, aho_corasick::BuildError> {
        let set = |built_in: &[&str], further: &[String]| {
            let all = built_in
                .iter()
                .copied()
                .chain(further.iter().map(String::as_str));
            all.map(plain).collect()
        };
        Ok(Self {
            stems: AhoCorasick::builder()
                .ascii_case_insensitive(true)
                .kind(Some(AhoCorasickKind::DFA))
                .build(all_stems())?,
            headers: set(&[], &rules.header_names),
            body_keys: set(BODY_KEYS, &rules.body_keys),
            query_keys: set(QUERY_KEYS, &rules.query_keys),
            keep: set(&[], &rules.keep),
        })
    }

    /// Places in a text where a name of a secret may stand.
    pub(super) fn stems<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Match> + 'a {
        self.stems.find_iter(text)
    }

    /// Whether a key of a body, an attribute or a variable says that its value is a secret.
    pub(super) fn is_secret_key(&self, name: &str) -> bool {
        self.decide(name, &self.body_keys)
    }

    /// Whether a key of a query does.
    pub(super) fn is_secret_query_key(&self, name: &str) -> bool {
        self.decide(name, &self.query_keys)
    }

    /// Whether digits under this key are a secret: a PIN, a card number or its code.
    pub(super) fn is_digits_key(&self, name: &str) -> bool {
        /// No such name is longer.
        const LONGEST: usize = 48;
        name.len() <= LONGEST
            && super::cards::names_digits(&words(name))
            && !self.keep.contains(&plain(name))
    }

    /// Whether the value of a pair in a form or query is a secret, when only both together tell.
    pub(super) fn is_secret_pair(&self, name: &str, value: &str) -> bool {
        if value.len() < DOUBTFUL_LENGTH || !is_random(value) {
            return false;
        }
        let is_plain = DOUBTFUL
            .iter()
            .any(|known| name.eq_ignore_ascii_case(known));
        let plain = plain(name);
        (is_plain || sign_in::DOUBTFUL.contains(&plain.as_str())) && !self.keep.contains(&plain)
    }

    /// Whether a header does. Agents mask those of `protocol/masking.md` by the same words.
    pub(super) fn is_secret_header(&self, name: &str) -> bool {
        let lower = name.to_ascii_lowercase();
        let by_protocol = matches!(
            lower.as_str(),
            "authorization" | "proxy-authorization" | "cookie" | "set-cookie"
        ) || ["api-key", "apikey", "token", "secret", "credential"]
            .iter()
            .any(|part| lower.contains(part));
        !self.keep.contains(&plain(name)) && (by_protocol || self.decide(name, &self.headers))
    }

    fn decide(&self, name: &str, listed: &BTreeSet<String>) -> bool {
        // No name is that long, and none has spaces or slashes in it: media types and sentences as keys are none.
        let is_name = !name
            .bytes()
            .any(|byte| byte.is_ascii_whitespace() || byte == b'/');
        if name.len() > 128 || name.is_empty() || !is_name {
            return false;
        }
        let may_be = self.stems.is_match(name);
        if !may_be && listed.is_empty() {
            return false;
        }
        let plain = plain(name);
        if self.keep.contains(&plain) {
            return false;
        }
        listed.contains(&plain) || (may_be && says_secret(name))
    }
}

/// Texts without which there is no name of a secret.
pub(super) fn all_stems() -> impl Iterator<Item = &'static str> {
    STEMS.iter().chain(sign_in::STEMS).copied()
}

/// Whether a name says by itself that its value is a secret.
pub(super) fn says_secret(name: &str) -> bool {
    let words = words(name);
    if sign_in::names_secret(&words) {
        return true;
    }
    let Some(last) = words.last().map(String::as_str) else {
        return false;
    };
    if ABOUT.contains(&last) && words.len() > 1 {
        return false;
    }
    let counted = words.iter().any(|word| COUNTED.contains(&word.as_str()));
    if counted && last == "tokens" {
        return false;
    }
    let has_pair = words
        .windows(2)
        .any(|pair| SECRET_PAIRS.contains(&(pair[0].as_str(), pair[1].as_str())));
    let is_secret = |word: &String| {
        let word = word.as_str();
        SECRET_WORDS.contains(&word)
            || SECRET_PARTS.iter().any(|part| word.contains(part))
            || SECRET_SUFFIXES.iter().any(|suffix| word.ends_with(suffix))
    };
    has_pair || SECRET_ENDS.contains(&last) || words.iter().any(is_secret)
}

/// What a secret name says about the value that stands there.
pub(super) fn place_of(name: &str) -> Place {
    let is_password = |word: &String| word.starts_with("pass") || word == "pwd";
    if words(name).iter().any(is_password) {
        Place::Password
    } else {
        Place::Token
    }
}

/// The words of a name in lower case: split at separators, and where the case rises (`clientSecret`, `APIKey`).
fn words(name: &str) -> Vec<String> {
    let characters: Vec<char> = name.chars().collect();
    let mut words = vec![String::new()];
    for (at, character) in characters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| characters.get(before));
        let after = characters.get(at + 1);
        let rises = character.is_uppercase()
            && (before.is_some_and(|before| before.is_lowercase() || before.is_numeric())
                || (before.is_some_and(|before| before.is_uppercase())
                    && after.is_some_and(|after| after.is_lowercase())));
        if rises || !character.is_alphanumeric() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| character.is_alphanumeric()) {
            word.extend(character.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The name without case and separators.
fn plain(name: &str) -> String {
    name.chars()
        .filter(|character| character.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(expected: bool, names: &[&str]) {
        let known = Names::new(&MaskRules::default()).unwrap();
        for name in names {
            assert_eq!(known.is_secret_key(name), expected, "{name}");
        }
    }

    #[test]
    fn names_of_secrets() {
        check(
            true,
            &[
                "password",
                "Password",
                "user_password",
                "userPassword",
                "passwd",
                "pwd",
                "db_pass",
                "passphrase",
                "secret",
                "client_secret",
                "clientSecret",
                "clientsecret",
                "token",
                "access_token",
                "accessToken",
                "accesstoken",
                "refresh_token",
                "id_token",
                "csrf-token",
                "X-Amz-Security-Token",
                "api_key",
                "apiKey",
                "APIKey",
                "apikey",
                "x-api-key",
                "aws_secret_access_key",
                "privateKey",
                "credential",
                "credentials",
                "authorization",
                "jwt",
                "session",
                "sessionId",
                "session_id",
                "sid",
                "cookie",
                "set-cookie",
                "password_hash",
                "passwordHash",
                "password_confirmation",
                "NPM_CONFIG__AUTH",
                "otp",
                "AWSAccessKeyId",
                "next_token",
            ],
        );
    }

    #[test]
    fn names_of_what_is_none() {
        check(
            false,
            &[
                "",
                "user",
                "key",
                "keys",
                "primary_key",
                "keyboard",
                "max_tokens",
                "total_tokens",
                "maxTokens",
                "token_type",
                "tokenType",
                "expires_in",
                "token_expires_at",
                "password_policy",
                "passwordStrength",
                "secret_name",
                "token_endpoint",
                "tokenizer",
                "author",
                "authors",
                "authority",
                "passed",
                "passenger",
                "compass",
                "tests_passed",
                "password_reset_url",
                "sessions",
                "inside",
                "outside",
                "side",
                "considered",
                "monkey",
                "turkey",
            ],
        );
    }

    #[test]
    fn names_that_protocols_give_to_secrets() {
        check(
            true,
            &[
                "device_code",
                "deviceCode",
                "user_code",
                "usercode",
                "code_verifier",
                "oauth.pkce.codeVerifier",
                "oauth_verifier",
                "subject_token",
                "actor_token",
                "client_assertion",
                "id_token_hint",
                "logout_token",
                "auth_req_id",
                "pre-authorized_code",
                "SAMLResponse",
                "SAMLRequest",
                "SAMLart",
                "wresult",
                "csrf",
                "_csrf",
                "xsrf",
                "_xsrf",
                "XSRF-TOKEN",
                "csrfmiddlewaretoken",
            ],
        );
        check(
            false,
            &[
                "code",
                "error_code",
                "status_code",
                "device",
                "device_code_length",
                "user_code_expires_in",
                "code_challenge",
                "code_challenge_method",
                "verifier",
                "verification_uri",
                "verification_uri_complete",
                "device_authorization_endpoint",
                "token_type_hint",
                "subject_token_type",
                "requested_token_type",
                "client_assertion_type",
                "assertion",
                "grant_type",
                "RelayState",
                "SAMLEncoding",
                "SigAlg",
                "csrf_enabled",
                "csrf_protection",
            ],
        );
    }

    #[test]
    fn some_names_are_decided_by_their_value() {
        let known = Names::new(&MaskRules::default()).unwrap();
        let check = |name: &str, value: &str, expected: bool| {
            assert_eq!(
                known.is_secret_pair(name, value),
                expected,
                "{name}={value}"
            );
        };
        let drawn = "SplxlOBeZQQYbYS6WxSbIA";
        for name in ["code", "key", "assertion", "authorization_code", "authCode"] {
            check(name, drawn, true);
        }
        check("assertion", "expected one to equal two", false);
        check("authorization_code", "831000", false);
        check("authorization_code", "required-by-the-bank", false);
        check("code_challenge", drawn, false);
        check("state", drawn, false);
    }

    #[test]
    fn rules_add_names_and_keep_others() {
        let rules = MaskRules {
            body_keys: vec!["pin-code".into()],
            header_names: vec!["X-Internal".into()],
            query_keys: vec!["k".into()],
            keep: vec!["nextToken".into(), "x-token-kind".into()],
            ..MaskRules::default()
        };
        let known = Names::new(&rules).unwrap();
        assert!(
            known.is_secret_key("pinCode")
                && known.is_secret_header("x-internal")
                && known.is_secret_query_key("K")
        );
        assert!(!known.is_secret_key("next_token") && !known.is_secret_header("X-Token-Kind"));
        assert!(!known.is_secret_key("k") && known.is_secret_query_key("sig"));
    }
}
