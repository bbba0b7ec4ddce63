//! A webhook: somebody whom nobody follows asks a service of the command, without a word of the test that it is for.

use crate::support::Project;

/// The shop asks its payments, which refuse, and answers as they did. It says where it listens.
const SHOP: &str = r#"
const http = require("node:http");
const payments = http.createServer((request, response) => response.writeHead(503).end("down"));
const shop = http.createServer(async (request, response) => {
  const paid = await fetch(`http://127.0.0.1:${payments.address().port}/charges`);
  response.writeHead(paid.status, { connection: "close" }).end();
});
payments.listen(0, "127.0.0.1", () => shop.listen(0, "127.0.0.1", () => console.log(shop.address().port)));
"#;

/// As the stand-in of a provider would: by a socket of its own, of which the agent knows nothing.
const SUITE: &str = r#"
const assert = require("node:assert");
const net = require("node:net");
require("node:test")("is told of a payment", async () => {
  const socket = net.connect(Number(process.env.SHOP), "127.0.0.1");
  socket.end("POST /hooks HTTP/1.1\r\nhost: shop\r\ncontent-length: 0\r\n\r\n");
  let answer = "";
  for await (const part of socket) answer += part;
  assert.equal(Number(answer.split(" ")[1]), 200);
});
"#;

/// Starts the shop, then the tests, and ends as they do.
const BOTH: &str = r#"
const { spawn } = require("node:child_process");
const shop = spawn("node", ["shop.cjs"], { stdio: ["ignore", "pipe", "inherit"] });
shop.stdout.once("data", (port) => {
  const env = { ...process.env, SHOP: String(port).trim() };
  const tests = spawn("node", ["--test", "hook.test.cjs"], { env, stdio: "inherit" });
  tests.once("exit", (code) => {
    shop.once("exit", () => process.exit(code));
    shop.kill();
  });
});
"#;

#[test]
fn what_a_webhook_asks_for_is_of_the_only_test_that_runs() {
    let project = Project::new(&[
        ("shop.cjs", SHOP),
        ("hook.test.cjs", SUITE),
        ("both.cjs", BOTH),
    ]);
    let recorded = project.record(&["node", "both.cjs"]);
    assert_eq!(recorded.output.code, Some(1), "{}", recorded.output.stdout);
    let diagnosis = recorded.report().diagnosis("is told of a payment");
    let summary = diagnosis["summary"].as_str().unwrap_or_default();
    assert!(summary.contains("GET /charges"), "{diagnosis:#}");
}
