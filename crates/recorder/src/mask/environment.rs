//! Which variables of an environment hold secrets.

use super::names;

/// A shorter value is not looked for in texts: it would be found where it is not meant.
const SHORTEST: usize = 8;
/// A longer value is not looked for; a certificate chain is no secret, and keys have a shape of their own.
const LONGEST: usize = 8 << 10;
/// At most so many values, the first by name.
const MOST: usize = 256;

/// The values of variables whose names say secret (token, secret, password, api key, credential, private key …). Paths,
/// addresses without a password, booleans, numbers and short values are not taken. Sorted, each once.
#[must_use]
pub fn secret_environment(variables: impl Iterator<Item = (String, String)>) -> Vec<String> {
    let mut secrets: Vec<(String, String)> = variables
        .filter(|(name, value)| names::says_secret(name) && can_be_secret(value.trim()))
        .map(|(name, value)| (name, value.trim().to_owned()))
        .collect();
    secrets.sort();
    secrets.truncate(MOST);
    let mut values: Vec<String> = secrets.into_iter().map(|(_, value)| value).collect();
    values.sort();
    values.dedup();
    values
}

fn can_be_secret(value: &str) -> bool {
    let is_path = value.starts_with('/') && !value.contains(['=', '+'])
        || value.starts_with("./")
        || value.starts_with("~/");
    let is_number = value
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'_'));
    let is_address = value.contains("://");
    let is_word = value.len() < 16
        && value
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'-' || byte == b'_')
        && WORDS.contains(&value);
    (SHORTEST..=LONGEST).contains(&value.len()) && !is_path && !is_number && !is_address && !is_word
}

/// Values by which a setting is switched, not secrets.
const WORDS: &[&str] = &[
    "disabled",
    "enabled",
    "required",
    "optional",
    "undefined",
    "keychain",
    "osxkeychain",
    "libsecret",
    "inherited",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, value: &str, expected: bool) {
        let variables = [(name.to_owned(), value.to_owned())];
        let found = secret_environment(variables.into_iter());
        assert_eq!(!found.is_empty(), expected, "{name}={value}");
    }

    #[test]
    fn names_and_values_decide() {
        check("GITHUB_TOKEN", "ghs_0123456789", true);
        check("DB_PASSWORD", "hunter2hunter2", true);
        check("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG", true);
        check("STRIPE_API_KEY", "sk_live_0123456789", true);
        check("NPM_CONFIG__AUTH", "Zm9vOmJhcg==", true);
        check("TOKEN_FILE", "/run/secrets/token", false);
        check("SSH_PRIVATE_KEY_PATH", "/home/x/.ssh/id", false);
        check("DB_PASSWORD", "short", false);
        check("MAX_TOKENS", "123456789", false);
        check("PASSWORD_POLICY", "required", false);
        check("SECRET_BACKEND", "disabled", false);
        check("PATH", "/usr/bin:/bin", false);
        check("HOME", "averylonghomename", false);
    }

    #[test]
    fn values_are_bounded_and_each_once() {
        let variables =
            (0..1000).map(|at| (format!("TOKEN_{at:04}"), format!("value-{:08}", at / 2)));
        let found = secret_environment(variables);
        assert_eq!(found.len(), 128);
        assert_eq!(found[0], "value-00000000");
    }
}
