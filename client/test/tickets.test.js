// Tickets, and the addresses that have one.

import assert from "node:assert/strict";
import { test } from "node:test";
import { crossgate } from "../dist/client.js";
import { fieldsOf, startGateway } from "./gateway.js";

const gateway = await startGateway();
const { base } = gateway;
const granted = (ticket) => ({ headers: { "Content-Type": "application/json" }, body: JSON.stringify({ ticket, expires_in: 60 }) });

test("what is asked for", async (t) => {
  const fetch = crossgate({ base: base + "/v2/", token: async () => "cgt_1" });
  for (const [name, args, want] of [
    ["bound to the page's origin", [], []],
    ["for a WebSocket", [undefined, { websocket: true }], [["websocket", "1"]]],
    ["for methods below a path", [null, { method: ["GET", "POST"], pathPrefix: "/a" }], [["path_prefix", "/a"], ["method", "GET"], ["method", "POST"]]],
    ["for one method", [undefined, { method: "PUT", websocket: false }], [["method", "PUT"]]],
    ["for an address", ["/f/7 a?b=c&d=\u00e9#part"], [["url", "/f/7%20a?b=c&d=%C3%A9"]]],
    ["for an address below base", ["f"], [["url", "/v2/f"]]],
    ["for a URL object", [new URL(base + "/u?x")], [["url", "/u?x"]]],
  ]) {
    await t.test(name, async () => {
      gateway.answers.push(granted("cgk_1"));
      assert.equal(await fetch.ticket(...args), "cgk_1");
      const [request] = gateway.taken();
      assert.equal(request.method, "POST");
      assert.equal(request.url, "/v2/.crossgate/ticket");
      assert.equal(request.headers["content-type"], "application/x-www-form-urlencoded;charset=UTF-8");
      assert.deepEqual(fieldsOf(request), [["access_token", "cgt_1"], ...want]);
    });
  }
});

test("a refusal", async () => {
  const { ticket } = crossgate({ base, token: "cgt_1" });
  gateway.answers.push({ status: 401, headers: { "Crossgate-Reason": "token-revoked" }, body: '{"code":"token-revoked"}' });
  const error = await ticket().catch((error) => error);
  assert.equal(error.message, "Crossgate: no ticket, token-revoked");
  assert.equal((await error.cause.json()).code, "token-revoked");
  gateway.answers.push({ status: 502 });
  await assert.rejects(ticket(), { message: "Crossgate: no ticket, 502" });
  gateway.taken();
});

test("a stale token is replaced for tickets too", async () => {
  gateway.answers.push({ status: 401, headers: { "Crossgate-Reason": "token-expired" } }, granted("cgk_2"));
  const tokens = ["cgt_old", "cgt_new"];
  assert.equal(await crossgate({ base, token: () => tokens.shift() }).ticket(), "cgk_2");
  assert.deepEqual(gateway.taken().map(fieldsOf), [[["access_token", "cgt_old"]], [["access_token", "cgt_new"]]]);
});

test("addresses with a ticket", async (t) => {
  const fetch = crossgate({ base, token: "cgt_1" });
  for (const [path, want, target] of [
    ["/i/1.png", "/i/1.png?access_token=cgk_1", "/i/1.png"],
    ["/i/1.png?size=2", "/i/1.png?size=2&access_token=cgk_1", "/i/1.png?size=2"],
    ["/i?a=%20+b;c#part", "/i?a=%20+b;c&access_token=cgk_1#part", "/i?a=%20+b;c"],
    ["/i?", "/i?access_token=cgk_1", "/i"],
    [new URL(base + "/u"), "/u?access_token=cgk_1", "/u"],
  ]) {
    await t.test(String(path), async () => {
      gateway.answers.push(granted("cgk_1"));
      assert.equal(await fetch.url(path), base + want);
      assert.deepEqual(fieldsOf(gateway.taken()[0]), [["access_token", "cgt_1"], ["url", target]]);
    });
  }
  await t.test("of another origin get none", async () => {
    assert.equal(await fetch.url("https://other.example.com/i"), "https://other.example.com/i");
    assert.deepEqual(gateway.taken(), []);
  });
  await t.test("of an API without a token get none", async () => {
    assert.equal(await crossgate({ base }).url("/i"), base + "/i");
    assert.deepEqual(gateway.taken(), []);
  });
});
