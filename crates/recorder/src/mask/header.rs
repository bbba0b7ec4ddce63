//! Values of credential headers: the scheme stays, the credential becomes a pseudonym; cookies one by one.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::Masker;
use super::replace::is_pseudonym;
use super::signer::lasting;
use super::worth::Place;

/// Schemes of `Authorization` that stay readable (the IANA registry, and what is seen in the wild).
const SCHEMES: &[&str] = &[
    "bearer",
    "basic",
    "digest",
    "token",
    "apikey",
    "api-key",
    "negotiate",
    "ntlm",
    "hmac",
    "hawk",
    "aws4-hmac-sha256",
    "aws4-hmac-sha256-payload",
    "aws4-ecdsa-p256-sha256",
    "goog4-rsa-sha256",
    "goog4-hmac-sha256",
    "goog1",
    "aws",
    "oauth",
    "dpop",
    "key",
    "sharedkey",
    "sharedkeylite",
    "sharedaccesssignature",
    "googlelogin",
    "jwt",
    "signature",
    "vapid",
];

/// A scheme and what follows it; no scheme when there is none.
pub(super) fn split_scheme(value: &str) -> (&str, &str) {
    let value = value.trim();
    match value.split_once([' ', '\t']) {
        Some((scheme, rest)) if is_scheme(scheme) && !rest.trim().is_empty() => {
            (scheme, rest.trim())
        }
        _ => ("", value),
    }
}

pub(super) fn is_scheme(word: &str) -> bool {
    SCHEMES.iter().any(|known| word.eq_ignore_ascii_case(known))
}

impl Masker {
    /// A header of this name, if the name says that it is secret.
    pub(super) fn header(&self, name: &str, value: &str) -> Option<String> {
        if !self.names.is_secret_header(name) {
            return None;
        }
        Some(match name.to_ascii_lowercase().as_str() {
            "cookie" => self.cookies(value),
            "set-cookie" => self.set_cookie(value),
            _ => self.credential_at(value, Place::Credential),
        })
    }

    /// A credential with or without a scheme.
    pub(super) fn credential(&self, value: &str) -> String {
        let (scheme, credential) = split_scheme(value);
        if credential.is_empty() {
            return value.to_owned();
        }
        let masked = if is_pseudonym(credential) {
            credential.to_owned()
        } else {
            self.key.pseudonym(lasting(scheme, credential).as_bytes())
        };
        match scheme {
            "" => masked,
            scheme => format!("{scheme} {masked}"),
        }
    }

    /// A credential in a place of its own, to be known everywhere from now on; of `Basic` also the password in it.
    pub(super) fn credential_at(&self, value: &str, place: Place) -> String {
        let (scheme, credential) = split_scheme(value);
        let is_signature = lasting(scheme, credential) != credential;
        if !is_signature {
            self.learn(credential, place);
        }
        if scheme.eq_ignore_ascii_case("basic")
            && let Ok(decoded) = STANDARD_NO_PAD.decode(credential.trim_end_matches('='))
            && let Ok(pair) = String::from_utf8(decoded)
            && let Some((_, password)) = pair.split_once(':')
        {
            self.learn(password, Place::Password);
        }
        self.credential(value)
    }

    /// Like [`Masker::secret`], for a place of its own.
    pub(super) fn secret_at(&self, value: &str, place: Place) -> String {
        self.learn(value, place);
        self.secret(value)
    }

    fn learn(&self, value: &str, place: Place) {
        self.learned.learn(&self.key, value, place);
    }

    /// `cookie`: names stay, values are masked each.
    pub(super) fn cookies(&self, value: &str) -> String {
        value
            .split(';')
            .map(|cookie| self.cookie(cookie))
            .collect::<Vec<_>>()
            .join(";")
    }

    /// `set-cookie`: the first pair is the cookie, the rest are its attributes.
    pub(super) fn set_cookie(&self, value: &str) -> String {
        match value.split_once(';') {
            Some((cookie, attributes)) => format!("{};{attributes}", self.cookie(cookie)),
            None => self.cookie(value),
        }
    }

    fn cookie(&self, cookie: &str) -> String {
        match cookie.split_once('=') {
            Some((name, value)) => format!("{name}={}", self.secret_at(value.trim(), Place::Token)),
            None => self.secret(cookie.trim()),
        }
    }

    /// The pseudonym of a value. Nothing and what is masked already stay.
    pub(super) fn secret(&self, value: &str) -> String {
        if value.is_empty() || is_pseudonym(value) {
            value.to_owned()
        } else {
            self.key.pseudonym(value.as_bytes())
        }
    }
}
