// 200 tests with one call each, for runners that load ES modules.
import assert from "node:assert";
import http from "node:http";

const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

function call(number) {
  return new Promise((resolve, reject) => {
    const request = http.get(`${process.env.BENCH_SERVICE}/items/${number}`, { agent }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part) => { text += part; });
      response.on("end", () => resolve(JSON.parse(text)));
    });
    request.on("error", reject);
  });
}

for (let number = 1; number <= 200; number += 1) {
  it(`gets item ${number}`, async () => assert.equal((await call(number)).path, `/items/${number}`));
}
