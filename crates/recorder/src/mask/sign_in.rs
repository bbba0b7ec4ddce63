//! What the protocols of signing in call their secrets, where the name does not say so by itself: a device code, a
//! verifier, an assertion, the token of a form. Pure.

/// Whole names, or the last words of a longer one, without case and separators.
const NAMES: &[&str] = &[
    // RFC 8628, the device's way to a token. Whoever enters the user's code grants it.
    "devicecode",
    "usercode",
    // RFC 7636, the proof of who began. Its challenge is public.
    "codeverifier",
    // RFC 5849, OAuth 1.
    "oauthverifier",
    // RFC 7521 to 7523: what a client signs to be let in.
    "clientassertion",
    // OpenID Connect: a whole token, sent as a hint. Its backchannel: the name of a request that waits for the user.
    "idtokenhint",
    "authreqid",
    // OpenID for Verifiable Credential Issuance.
    "preauthorizedcode",
    // SAML 2.0, its bindings by redirect, by form and by artifact; WS-Federation.
    "samlresponse",
    "samlrequest",
    "samlart",
    "wresult",
    // What ties a form to a session.
    "csrf",
    "xsrf",
];

/// Every such name has one of these in it, or a stem of `names`.
pub(super) const STEMS: &[&str] = &[
    "device_code",
    "device-code",
    "devicecode",
    "user_code",
    "user-code",
    "usercode",
    "verifier",
    "client_assertion",
    "client-assertion",
    "clientassertion",
    "saml",
    "wresult",
    "csrf",
    "xsrf",
];

/// Codes and assertions whose name stands for harmless values, too: the value decides.
pub(super) const DOUBTFUL: &[&str] = &["authorizationcode", "authcode", "assertion"];

/// No name here has more words.
const WORDS: usize = 3;

/// Whether a name with these words, in lower case, is one that a protocol gives a secret.
pub(super) fn names_secret(words: &[String]) -> bool {
    (1..=WORDS.min(words.len())).any(|count| {
        let end = words[words.len() - count..].concat();
        NAMES.contains(&end.as_str())
    })
}

#[cfg(test)]
mod tests {
    use crate::key::Key;
    use crate::mask::{MaskRules, Masker};

    fn check(text: &str, secret: &str, expected: &str) {
        let key = Key::from_hex(&"07".repeat(32)).unwrap();
        let masker = Masker::new(&MaskRules::default(), key.clone()).unwrap();
        let masked = masker.text(text);
        assert_eq!(
            masked.replace(&key.pseudonym(secret.as_bytes()), "<>"),
            expected
        );
    }

    #[test]
    fn secrets_of_protocols_are_masked_wherever_their_name_stands() {
        check(
            r#"{"user_code":"WDJB-MJHT","verification_uri_complete":"https://id.example/device?user_code=WDJB-MJHT","interval":5}"#,
            "WDJB-MJHT",
            r#"{"user_code":"<>","verification_uri_complete":"https://id.example/device?user_code=<>","interval":5}"#,
        );
        check(
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&device_code=GmRhmhcxhwAzkoEqiMEg",
            "GmRhmhcxhwAzkoEqiMEg",
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&device_code=<>",
        );
        check(
            "sent code_verifier: dBjftJeZ4CVP, code_challenge: E9Melhoa2Owv",
            "dBjftJeZ4CVP",
            "sent code_verifier: <>, code_challenge: E9Melhoa2Owv",
        );
        check(
            "https://id.example/sso?SAMLRequest=fZJNT8Mw&RelayState=orders",
            "fZJNT8Mw",
            "https://id.example/sso?SAMLRequest=<>&RelayState=orders",
        );
        check("user=ada&_csrf=i8XNjC4b", "i8XNjC4b", "user=ada&_csrf=<>");
        check(
            r#"{"error":"expired_token","device_code":"expired"}"#,
            "",
            r#"{"error":"expired_token","device_code":"expired"}"#,
        );
        check(
            "grant_type=x&assertion=PHNhbWxwOl9SZXNwb25zZQ",
            "PHNhbWxwOl9SZXNwb25zZQ",
            "grant_type=x&assertion=<>",
        );
    }
}
