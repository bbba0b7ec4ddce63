// A test that means harm to whoever looks at its recording: its name, its error, and what it asks and is answered.
const assert = require("node:assert");
const http = require("node:http");

const MARKUP = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
const SIGNS = "\u202egnp.exe\u001b[31m\u0000\u200b";

describe(`a suite ${MARKUP}`, () => {
  let server;

  before((done) => {
    server = http.createServer((request, response) => {
      request.resume();
      response.writeHead(500, { "content-type": "text/html", "x-harm": MARKUP });
      response.end(`{"message": "${MARKUP}${SIGNS}", "link": "javascript:document.title=3"}`);
    });
    server.listen(0, "127.0.0.1", done);
  });

  after((done) => server.close(done));

  it(`means harm ${MARKUP}${SIGNS}`, async () => {
    const path = `/${encodeURIComponent(MARKUP)}?q=${encodeURIComponent(MARKUP + SIGNS)}`;
    const answer = await fetch(`http://127.0.0.1:${server.address().port}${path}`, {
      method: "POST",
      headers: { "x-harm": MARKUP },
      body: MARKUP + SIGNS,
    });
    assert.equal(answer.status, 200, `${MARKUP}${SIGNS} answered 500`);
  });
});
