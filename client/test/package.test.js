// What npm packs, and what an import by its name finds.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as built from "../dist/client.js";

const here = new URL("..", import.meta.url);

test("the package holds what is used, and nothing else", () => {
  const [{ files }] = JSON.parse(execFileSync("npm", ["pack", "--dry-run", "--json"], { cwd: here, stdio: ["ignore", "pipe", "ignore"] }));
  assert.deepEqual(
    files.map(({ path }) => path).sort(),
    ["LICENSE", "README.md", "client.d.ts", "dist/client.js", "dist/worker.js", "package.json", "worker.d.ts"],
  );
});

test("its name leads to the built module", async () => {
  assert.equal((await import("crossgate-client")).crossgate, built.crossgate);
  assert.deepEqual(Object.keys(built), ["crossgate"]);
});

test("it has no dependencies, and its lock file names no registry", () => {
  assert.equal(JSON.parse(readFileSync(new URL("package.json", here))).dependencies, undefined);
  assert.doesNotMatch(readFileSync(new URL("package-lock.json", here), "utf8"), /"resolved"/);
});

test("its licence is the repository's", () => {
  assert.equal(readFileSync(new URL("LICENSE", here), "utf8"), readFileSync(new URL("../LICENSE", here), "utf8"));
});
