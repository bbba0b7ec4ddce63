import { register } from "node:module";

globalThis.imported = true;
register("./loader.mjs", import.meta.url);
