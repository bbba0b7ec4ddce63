//! Secrets planted wherever a suite may have them: none is in the store, in a report or in what `show` prints.

use crate::support::{MOCHA, Project, contents};

/// Each secret once, so that a leak names its way.
const SECRETS: [(&str, &str); 14] = [
    ("authorization header", "hdrsecret-5f0c1d7e9a"),
    ("api key header", "apikeysecret-71be20c4aa"),
    ("cookie", "cookiesecret-0e8d44f1b2"),
    ("set-cookie", "setcookiesecret-93ac17de55"),
    ("query", "querysecret-c8e1f06b3d"),
    ("url password", "urlpassword-2d9b7e6f10"),
    ("json request body", "jsonsecret-b4a6c0d2e8"),
    ("form request body", "formsecret-6f1e3a5c7b"),
    ("json response body", "answersecret-d7c9e1f3a5"),
    ("bearer in console output", "consolesecret-0a2b4c6d8e"),
    (
        "environment value in console output",
        "envsecret-9f7e5d3c1b",
    ),
    (
        "environment value in an error message",
        "enverrorsecret-18a9b7c6d5",
    ),
    ("environment value in a body", "envbodysecret-e4f3d2c1b0"),
    (
        "environment value in a test's title",
        "envtitlesecret-3c5a7b9d1f",
    ),
];

const SUITE: &str = r#"
const assert = require("node:assert");
const http = require("node:http");
const axios = require("axios");
const env = process.env;
const jwt = [{ alg: "HS256" }, { sub: "jwtsecret-subject-44aa", exp: 1900000000 }]
  .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).concat("c2lnbmF0dXJl").join(".");
let server;
let url;
before((done) => {
  server = http.createServer((request, response) => {
    response.setHeader("set-cookie", "session=setcookiesecret-93ac17de55; HttpOnly; Path=/");
    response.setHeader("content-type", "application/json");
    response.statusCode = request.url.startsWith("/fail") ? 500 : 200;
    request.resume().on("end", () => response.end(JSON.stringify({ access_token: "answersecret-d7c9e1f3a5", name: "kept-name" })));
  });
  server.listen(0, "127.0.0.1", () => { url = `http://127.0.0.1:${server.address().port}`; done(); });
});
after((done) => { server.closeAllConnections(); server.close(done); });
it("sends headers", () => axios.get(`${url}/headers`, { headers: {
  authorization: "Bearer hdrsecret-5f0c1d7e9a", "x-api-key": "apikeysecret-71be20c4aa", cookie: "sid=cookiesecret-0e8d44f1b2",
} }));
it("sends a query", () => fetch(`${url}/query?access_token=querysecret-c8e1f06b3d&page=kept-page`));
it("sends a password in the address", () => axios.get(url.replace("//", "//user:urlpassword-2d9b7e6f10@")));
it("sends json", () => axios.post(`${url}/json`, { user: "kept-user", password: "jsonsecret-b4a6c0d2e8", note: env.BODY_TOKEN }));
it("sends a form", () => fetch(`${url}/form`, { method: "POST", body: new URLSearchParams({ client_secret: "formsecret-6f1e3a5c7b", grant: "kept-grant" }) }));
it("sends a token", () => fetch(`${url}/token`, { headers: { authorization: `Bearer ${jwt}` } }));
it("speaks", () => { console.log("Authorization: Bearer consolesecret-0a2b4c6d8e"); console.error(env.DB_PASSWORD, jwt, "kept-words"); });
it(`has ${env.TITLE_SECRET} in its title`, () => {});
it("fails with a secret", async () => {
  await fetch(`${url}/fail?api_key=querysecret-c8e1f06b3d`);
  assert.fail(`could not log in with ${env.ERROR_API_KEY}, ${jwt}: kept-error`);
});
"#;

const VARIABLES: [(&str, &str); 4] = [
    ("DB_PASSWORD", "envsecret-9f7e5d3c1b"),
    ("ERROR_API_KEY", "enverrorsecret-18a9b7c6d5"),
    ("BODY_TOKEN", "envbodysecret-e4f3d2c1b0"),
    ("TITLE_SECRET", "envtitlesecret-3c5a7b9d1f"),
];

/// What stands beside the secrets and is none.
const KEPT: [&str; 6] = [
    "kept-name",
    "kept-page",
    "kept-user",
    "kept-grant",
    "kept-words",
    "kept-error",
];

fn check_absent(place: &str, text: &[u8]) {
    let has = |needle: &str| {
        text.windows(needle.len())
            .any(|window| window == needle.as_bytes())
    };
    let leaks: Vec<&str> = SECRETS
        .iter()
        .filter(|(_, secret)| has(secret))
        .map(|(name, _)| *name)
        .collect();
    assert_eq!(leaks, Vec::<&str>::new(), "leaked into {place}");
    // A signature of a JWT, and its claims as they are sent.
    for part in [
        "c2lnbmF0dXJl",
        "jwtsecret-subject-44aa",
        "and0c2VjcmV0LXN1YmplY3Q",
        "eyJzdWIiOiJqd3RzZWNyZXQ",
    ] {
        assert!(!has(part), "a part of the JWT leaked into {place}: {part}");
    }
}

#[test]
fn no_secret_is_kept_or_shown() {
    let project = Project::new(&[("suite.test.cjs", SUITE)]);
    let command = [&MOCHA[..], &["suite.test.cjs"]].concat();
    let recorded = project.record_with(&["--tag", "token=tagvalue"], &command, |command| {
        command.envs(VARIABLES);
    });
    assert_eq!(recorded.output.code, Some(1), "{}", recorded.output.stdout);
    assert_eq!(recorded.report().tests().len(), 9);

    let report = recorded.report().0.to_string();
    check_absent("the JSON report", report.as_bytes());
    let gutter: String = recorded
        .output
        .stderr
        .lines()
        .filter(|line| line.starts_with('▌'))
        .collect();
    check_absent("the report in the terminal", gutter.as_bytes());
    check_absent("show", project.ask(&["show", "last", "--json"]).as_bytes());
    check_absent("list", project.ask(&["list", "tests", "--json"]).as_bytes());
    for test in recorded.report().tests() {
        let attempt = test["attempts"][0]["id"].as_str().unwrap();
        check_absent(
            "show of an attempt",
            project.ask(&["show", attempt, "--json"]).as_bytes(),
        );
    }

    let stored = contents(&project.store());
    check_absent("the store", &stored);
    // The search would find nothing in what it cannot read, so it must find what is none of these.
    for kept in KEPT {
        let found = stored
            .windows(kept.len())
            .any(|window| window == kept.as_bytes());
        assert!(found, "{kept} should be in the store");
    }
}
