const { readFileSync } = require("node:fs");

let refused;
try {
  readFileSync("/etc/hostname");
} catch ({ code }) {
  refused = code;
}
console.log(refused, process.permission.has("fs.read", __dirname), process.permission.has("fs.write"));
