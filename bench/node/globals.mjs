// Gives node:test the global that other runners have.
import { it } from "node:test";

globalThis.it = it;
