//! URLs: user and password, secret keys of the query, secrets in the path.

use super::Masker;
use super::form::{Fields, decode};
use super::replace::{is_pseudonym, starts_with_pseudonym};
use super::shapes::is_random;
use super::worth::Place;

impl Masker {
    /// A URL, masked. A text that is none is masked as text.
    pub(super) fn url(&self, url: &str) -> String {
        self.settle(url, |url| self.url_once(url, 0).into())
            .into_owned()
    }

    /// One round of a URL that lies `depth` deep in other formats.
    pub(super) fn url_once(&self, url: &str, depth: usize) -> String {
        // Values that are known come first: one of them may hold the very characters at which a URL is split.
        let url = self.known_values(url);
        let (url, fragment) = split_at(&url, '#');
        let (url, query) = split_at(url, '?');
        let (scheme, rest) = url.split_at(url.find("://").map_or(0, |at| at + 3));
        let slash = rest
            .find('/')
            .filter(|_| !scheme.is_empty())
            .unwrap_or(rest.len());
        let (authority, path) = if scheme.is_empty() {
            ("", rest)
        } else {
            rest.split_at(slash)
        };
        let mut masked = format!(
            "{scheme}{}{}",
            self.authority(authority, depth),
            self.path(path, depth)
        );
        if let Some(query) = query {
            masked.push('?');
            masked.push_str(&self.form(query, Fields::Query, depth));
        }
        if let Some(fragment) = fragment {
            masked.push('#');
            // Some sign-ins put their tokens there.
            masked.push_str(&self.form(fragment, Fields::Query, depth));
        }
        masked
    }

    fn path(&self, path: &str, depth: usize) -> String {
        path.split('/')
            .map(|part| self.encoded_text(part, depth))
            .collect::<Vec<_>>()
            .join("/")
    }

    fn authority(&self, authority: &str, depth: usize) -> String {
        match authority.rsplit_once('@') {
            Some((user, host)) => format!("{}@{host}", self.user_info(user, depth)),
            None => self.plain(authority, depth).into_owned(),
        }
    }

    /// `user:password`. A user alone stays, such as that of `ssh://git@…`, unless it is a token.
    pub(super) fn user_info(&self, info: &str, depth: usize) -> String {
        let (user, password) = split_user(info);
        match password {
            Some(password) => format!(
                "{}:{}",
                self.decoded_secret(user),
                self.secret_at(&decode(password), Place::Password)
            ),
            None if is_random(user) => self.decoded_secret(user),
            None => self.plain(user, depth).into_owned(),
        }
    }

    fn decoded_secret(&self, raw: &str) -> String {
        self.secret(&decode(raw))
    }
}

/// At the first colon that is not within a pseudonym.
fn split_user(info: &str) -> (&str, Option<&str>) {
    let from = if starts_with_pseudonym(info) {
        info.find(']').unwrap_or(0)
    } else {
        0
    };
    if is_pseudonym(info) {
        return (info, None);
    }
    match info[from..].find(':') {
        Some(at) => (&info[..from + at], Some(&info[from + at + 1..])),
        None => (info, None),
    }
}

fn split_at(text: &str, character: char) -> (&str, Option<&str>) {
    match text.split_once(character) {
        Some((before, after)) => (before, Some(after)),
        None => (text, None),
    }
}
