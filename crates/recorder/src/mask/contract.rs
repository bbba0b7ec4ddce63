//! What stands in the place of a secret and only speaks of the contract: types and variables of GraphQL, placeholders of
//! SQL, types of programs, schemas of JSON, the kind of a token. Pure. Where it is not sure, it is a secret.

use super::said::is_said_about;
use super::shapes::is_random;

/// An operation of GraphQL says so at most so far before a variable that it defines.
const OPERATION: usize = 4096;
/// The scalars of GraphQL where they must not be null (without the mark they are words like others), and types that
/// programs write behind the name of a parameter.
const TYPES: &[&str] = &[
    "String!",
    "ID!",
    "Int!",
    "Float!",
    "Boolean!",
    "str",
    "&str",
    "bytes",
    "SecretStr",
    "SecretBytes",
];
/// The types of JSON Schema.
const SCHEMA_TYPES: &[&str] = &[
    "string", "object", "array", "number", "integer", "boolean", "null",
];
/// Keys of a schema that speak about values and hold none, as `default` and `example` do.
const SCHEMA_KEYS: &[&str] = &[
    "type",
    "$ref",
    "title",
    "description",
    "format",
    "pattern",
    "contentEncoding",
    "required",
];
/// Keys of an object that lies under the name of tokens that say what kind of secret it is, and since when.
const KINDS: &[&str] = &[
    "type",
    "types",
    "kind",
    "method",
    "methods",
    "scope",
    "scopes",
    "roles",
    "environment",
    "status",
    "state",
    "createdat",
    "updatedat",
    "issuedat",
    "expiresat",
    "seenat",
    "lastusedat",
    "expires",
    "expiry",
];
/// A longer value is none of these.
const LONGEST_KIND: usize = 64;

/// Whether an unquoted value behind the name of a secret is a type, or the place of a value that is passed apart.
pub(super) fn is_placeholder(name: &str, value: &str) -> bool {
    if TYPES.contains(&value) || value == "%s" {
        return true;
    }
    let digits = |rest: &str| rest.bytes().all(|byte| byte.is_ascii_digit());
    let own = |rest: &str| {
        let last = name.rsplit('.').next().unwrap_or(name);
        !rest.is_empty() && rest.eq_ignore_ascii_case(last)
    };
    value.strip_prefix('?').is_some_and(digits)
        || value.strip_prefix([':', '@']).is_some_and(own)
        || value.strip_prefix("%(").is_some_and(own)
}

/// Where the type ends that an operation of GraphQL gives to a variable (`query A($token: [String!]! = "x")`), if the name
/// from `start` is one and its type begins at `value`.
pub(super) fn variable_type(text: &str, start: usize, value: usize) -> Option<usize> {
    let before = text[..start].strip_suffix('$')?;
    let floor = before.len().saturating_sub(OPERATION);
    let open = before.bytes().skip(floor).rposition(|byte| byte == b'(')? + floor;
    let defined = &before[open + 1..];
    let is_definition =
        |byte: u8| byte.is_ascii_alphanumeric() || b"_$:!,=[]\\\" \t\r\n".contains(&byte);
    if !defined.bytes().all(is_definition) || !is_operation(&before[..open]) {
        return None;
    }
    let rest = &text[value..];
    let is_type = |byte: &u8| byte.is_ascii_alphanumeric() || b"_![]".contains(byte);
    let length = rest.bytes().take_while(|byte| is_type(byte)).count();
    let named = rest[..length].trim_start_matches('[');
    named
        .starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        .then_some(value + length)
}

/// Whether a text ends with the keyword of an operation, and maybe its name.
fn is_operation(before: &str) -> bool {
    let is_name = |character: char| character.is_ascii_alphanumeric() || character == '_';
    let before = before.trim_end();
    let without_name = before.trim_end_matches(is_name).trim_end();
    [before, without_name].iter().any(|text| {
        ["query", "mutation", "subscription"].iter().any(|keyword| {
            let rest = text.strip_suffix(keyword);
            rest.is_some_and(|rest| !rest.ends_with(is_name))
        })
    })
}

/// Whether an object of JSON that begins here is a schema, by what stands before its first inner object.
pub(super) fn is_schema(text: &str) -> bool {
    let mut rest = text.strip_prefix('{').unwrap_or(text);
    while let Some(at) = rest.find(['"', '{', '}']) {
        if !rest[at..].starts_with('"') {
            return false;
        }
        let key = &rest[at + 1..];
        let length = super::json::string_length(key);
        rest = key.get(length + 1..).unwrap_or_default();
        let Some(value) = rest.trim_start().strip_prefix(':') else {
            continue;
        };
        let value = value.trim_start();
        let of_list = value.strip_prefix('[').map(str::trim_start);
        let Some(inside) = of_list.unwrap_or(value).strip_prefix('"') else {
            continue;
        };
        let word = &inside[..super::json::string_length(inside)];
        let says = match &key[..length] {
            "type" => SCHEMA_TYPES.contains(&word),
            "$ref" => of_list.is_none() && word.starts_with("#/"),
            _ => false,
        };
        if says {
            return true;
        }
    }
    false
}

/// Whether a key of a schema speaks about values.
pub(super) fn speaks_in_schema(key: &str) -> bool {
    SCHEMA_KEYS.contains(&key)
}

/// Whether a secret name is one of tokens, of which there are kinds; under that of secrets anything may be a key.
pub(super) fn names_tokens(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower.ends_with("token") || lower.ends_with("tokens")
}

/// Whether a key says what kind of secret the others of its object are.
pub(super) fn says_kind(key: &str) -> bool {
    let plain: String = key
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|character| character.to_ascii_lowercase())
        .collect();
    KINDS.contains(&plain.as_str())
}

/// Whether the value of such a key is a word or an instant, and nothing drawn.
pub(super) fn is_kind(value: &str) -> bool {
    let is_word = value
        .bytes()
        .all(|byte| byte.is_ascii_alphabetic() || b"_-.: ".contains(&byte));
    let is_instant = value.len() >= 10
        && value.as_bytes()[..4].iter().all(u8::is_ascii_digit)
        && value
            .bytes()
            .all(|byte| byte.is_ascii_digit() || b"-:.TZ+ ".contains(&byte))
        && value.as_bytes()[4] == b'-';
    value.len() <= LONGEST_KIND
        && (is_instant || (is_word && !is_random(value)) || is_said_about(value))
}

#[cfg(test)]
mod tests {
    use crate::key::Key;
    use crate::mask::{MaskRules, Masker};

    /// What stands between `«` and `»` is masked, and nothing else.
    fn check(marked: &str) {
        let masker = Masker::new(
            &MaskRules::default(),
            Key::from_hex(&"07".repeat(32)).unwrap(),
        )
        .unwrap();
        let text = marked.replace(['«', '»'], "");
        let mut expected = String::new();
        for (at, part) in marked.split(['«', '»']).enumerate() {
            if at % 2 == 1 {
                expected.push_str(&masker.key.pseudonym(part.as_bytes()));
            } else {
                expected.push_str(part);
            }
        }
        assert_eq!(masker.text(&text), expected);
        assert_eq!(masker.text(&expected), expected, "masked twice");
    }

    #[test]
    fn documents_of_graphql() {
        check(
            "mutation LogIn($email: String!, $password: String!) { logIn(email: $email, password: $password) { token } }",
        );
        check("query($token: Token!) { me(token: $token) { id } }");
        check("subscription A ( $jwt:JWT , $apiKey : [ApiKey!]! ) { a }");
        check("query A(\n  $id: ID!\n  $password: Password!\n) { a }");
        check(
            r#"{"query":"mutation LogIn($password: Secret!) {\n  logIn(password: $password) { token }\n}","variables":{"password":"«hunter2x»"}}"#,
        );
        check(r#"mutation A($password: String = "«hunter2x»") { a }"#);
        check(r#"mutation { logIn(password: "«hunter2x»") { token } }"#);
        check("input LogIn { email: String!, password: String!, token: ID! }");
        check("logIn(email: String!, password: String!): Token!");
        check("$password: «Sup3rSecret!»");
        check("f($password: «Sup3rSecret!»)");
        check("mutation A($id: ID!) { a } then $password: «Sup3rSecret!»");
    }

    #[test]
    fn placeholders_and_types_of_programs() {
        check("UPDATE users SET password = ?, token = ?2 WHERE id = 1");
        check("UPDATE users SET password = :password, token = @token WHERE u.secret = :secret");
        check("UPDATE users SET password = $1");
        check("UPDATE users SET password = %s, token = %(token)s");
        check("UPDATE users SET password = «:hunter2x», token = '«abc123def»'");
        check("def log_in(email: str, password: str, token: bytes)");
        check("logIn(email: string, password: string): void");
    }

    #[test]
    fn schemas() {
        check(
            r##"{"properties":{"password":{"type":"string","format":"password","title":"The password","description":"How one logs in","minLength":8}}}"##,
        );
        check(r##"{"token":{"$ref":"#/components/schemas/Token"}}"##);
        check(
            r##"{"credentials":{"description":"Of whom","type":"object","required":["user","password"],"properties":{"user":{"type":["string","null"],"description":"Who it is"}}}}"##,
        );
        check(r#"{"password":{"type":"string","default":"«hunter2x»","example":"«hunter3x»"}}"#);
        check(r#"{"password":{"description":"«hunter2x»"}}"#);
        check(r#"{"password":{"type":"«typed»","description":"«hunter2x»"}}"#);
    }

    #[test]
    fn kinds_of_tokens() {
        check(
            r#"{"tokens":[{"secret":"«default:dev.abc123»","type":"client","environment":"development","createdAt":"2026-11-23T10:00:00.000Z"}]}"#,
        );
        check(
            r#"{"token":{"methods":["password"],"expires_at":"2026-11-23T10:00:00Z","value":"«hunter»","roles":[{"name":"admin"}]}}"#,
        );
        check(r#"{"tokens":{"user":"«admin-token»","type":"«abc123def456»"}}"#);
        check(r#"{"tokens":["«client»"],"secrets":{"db":"«swordfish»","state":"«swordfish»"}}"#);
        check(r#"{"password":{"type":"«typed»"}}"#);
    }
}
