// Builds the pages into dist/, which the server embeds. `vite` alone serves them against a running `flakescope serve`.
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const server = process.env.FLAKESCOPE_URL ?? "http://127.0.0.1:4318";

export default defineConfig({
  plugins: [react()],
  build: {
    target: "es2022",
    // An inlined asset would be a `data:` address, which the content security policy allows for images only.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
  },
  server: { proxy: { "/api": { target: server, changeOrigin: true } } },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
});
