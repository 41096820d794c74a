// What the client adds to fetch: the envelope's bytes, the token and where it goes. That the same
// requests arrive as with fetch is for browsers to say: e2e/client.

import assert from "node:assert/strict";
import { test } from "node:test";
import { crossgate } from "../dist/client.js";
import { fieldsOf, startGateway } from "./gateway.js";

const gateway = await startGateway();
const { base } = gateway;
const json = { "Content-Type": "application/json" };

test("a call without a body is a form", async () => {
  const fetch = crossgate({ base, token: "cgt_1" });
  await fetch("/d/7?x=1", { method: "DELETE", headers: { "If-Match": '"7"', "Content-Type": "text/x" } });
  const [{ method, url, headers, body }] = gateway.taken();
  assert.equal(method, "POST");
  assert.equal(url, "/d/7?x=1");
  assert.equal(headers["content-type"], "application/x-www-form-urlencoded;charset=UTF-8");
  assert.equal(body, "%24httpMethod=DELETE&access_token=cgt_1&%24httpHeaders=if-match%3A+%227%22&%24ct=text%2Fx");
});

test("a call with a body is multipart, to the byte", async () => {
  const fetch = crossgate({ base, token: "cgt_1" });
  await fetch("/d/7", { method: "PATCH", body: '{"n":"\u00fc\n"}', headers: { ...json, "X-B": "2", "X-A": "1" } });
  const [{ headers, body }] = gateway.taken();
  const boundary = headers["content-type"].slice("multipart/form-data; boundary=".length);
  assert.match(boundary, /^[a-z0-9]{20,70}$/);
  const lines = [
    "--B",
    'Content-Disposition: form-data; name="$httpMethod"',
    "",
    "PATCH",
    "--B",
    'Content-Disposition: form-data; name="access_token"',
    "",
    "cgt_1",
    "--B",
    'Content-Disposition: form-data; name="$httpHeaders"',
    "",
    "x-a: 1",
    "x-b: 2",
    "--B",
    'Content-Disposition: form-data; name="$body"',
    "Content-Type: application/json",
    "",
    '{"n":"\u00fc\n"}',
    "--B--",
    "",
  ];
  assert.equal(body.replaceAll(boundary, "B"), lines.join("\r\n"));
});

test("every envelope has a boundary of its own", async () => {
  const fetch = crossgate({ base, token: "cgt_1" });
  for (let i = 0; i < 5; i++) await fetch("/", { method: "PUT", body: "x" });
  assert.equal(new Set(gateway.taken().map(({ headers }) => headers["content-type"])).size, 5);
});

test("what is plainly simple goes out as it is", async (t) => {
  const fetch = crossgate({ base });
  for (const [name, init, simple] of [
    ["GET", {}, true],
    ["HEAD", { method: "HEAD" }, true],
    ["POST of text", { method: "POST", body: "x" }, true],
    ["POST of a form", { method: "POST", body: new URLSearchParams("a=1") }, true],
    ["POST of FormData", { method: "POST", body: new FormData() }, true],
    ["safelisted headers", { headers: { Accept: "text/html;q=0.9,*/*", "Accept-Language": "de-DE, en;q=0.5", "Content-Language": "de" } }, true],
    ["the longest value", { headers: { Accept: "a".repeat(128) } }, true],
    ["a range with a first byte", { headers: { Range: "bytes=7-" } }, true],
    ["a range with both", { headers: { Range: "bytes=7-9" } }, true],
    ["PUT", { method: "PUT", body: "x" }, false],
    ["patch in small letters", { method: "patch", body: "x" }, false],
    ["JSON", { method: "POST", body: "{}", headers: json }, false],
    ["a type that only begins alike", { method: "POST", body: "{}", headers: { "Content-Type": "text/plainer" } }, false],
    ["a safelisted type with an unsafe parameter", { method: "POST", body: "x", headers: { "Content-Type": 'text/plain; a="1"' } }, false],
    ["an own header", { headers: { "X-A": "1" } }, false],
    ["a header named as a method of objects", { headers: { constructor: "1" } }, false],
    ["a value that is too long", { headers: { Accept: "a".repeat(129) } }, false],
    ["an unsafe value", { headers: { Accept: "a(b" } }, false],
    ["a value beyond ASCII", { headers: { Accept: "\u00e9" } }, false],
    ["an unsafe language", { headers: { "Accept-Language": "de_DE" } }, false],
    ["a range without a first byte", { headers: { Range: "bytes=-7" } }, false],
    ["a range that ends before it begins", { headers: { Range: "bytes=10-9" } }, false],
    ["two ranges", { headers: { Range: "bytes=0-1,4-5" } }, false],
  ]) {
    await t.test(name, async () => {
      await fetch("/", init);
      const [{ method, body }] = gateway.taken();
      assert.equal(/httpMethod/.test(body), !simple, body);
      assert.equal(method, simple ? init.method ?? "GET" : "POST");
    });
  }
});

test("addresses are resolved against base", async (t) => {
  for (const [from, to, want] of [
    [base, "/a", "/a"],
    [base, "a", "/a"],
    [base + "/v2/", "a?b", "/v2/a?b"],
    [base + "/v2/", "/a", "/a"],
    [base + "/v2/", new URL(base + "/u"), "/u"],
    [new URL(base), new Request(base + "/r"), "/r"],
  ]) {
    await t.test(`${from} ${to.url ?? to}`, async () => {
      await crossgate({ base: from, token: "cgt_1" })(to);
      const [{ url, body }] = gateway.taken();
      assert.equal(url, want);
      assert.match(body, /access_token=cgt_1/);
    });
  }
});

test("an address that is none, and a base that is none", async () => {
  await assert.rejects(crossgate({ base })("http://["), TypeError);
  assert.throws(() => crossgate({ base: "/api" }), TypeError);
  assert.deepEqual(gateway.taken(), []);
});

test("other origins are left to fetch, with all that was given", async (t) => {
  const real = globalThis.fetch;
  t.after(() => (globalThis.fetch = real));
  let given;
  globalThis.fetch = async (...all) => ((given = all), new Response());
  const fetch = crossgate({ base: "https://api.example.com/v2/", token: () => assert.fail("the token is not for others") });
  for (const input of [
    "https://other.example.com/x",
    "http://api.example.com/x",
    "https://api.example.com:8443/x",
    "https://api.example.com.evil.example/x",
    "https://user@api.example.com/x",
    "//other.example.com/x",
    "data:text/plain,x",
    "blob:https://api.example.com/0b1f",
    new URL("https://other.example.com/x"),
    new Request("https://other.example.com/x"),
  ]) {
    const init = { headers: { Authorization: "Basic x" }, method: "OPTIONS", credentials: "include" };
    await fetch(input, init);
    assert.equal(given[0], input);
    assert.equal(given[1], init);
  }
});

test("how fetch is called", async (t) => {
  const real = globalThis.fetch;
  t.after(() => (globalThis.fetch = real));
  let given;
  globalThis.fetch = async (...all) => ((given = all), new Response());
  const fetch = crossgate({ base, token: "cgt_1" });
  globalThis.fetch = fetch; // as a page may, that wants it everywhere
  await globalThis.fetch("/x", {
    method: "PUT", body: "x", credentials: "include", redirect: "error", cache: "no-store", keepalive: true,
    referrerPolicy: "origin", integrity: "sha256-x", priority: "high", headers: { Authorization: "Bearer own", "X-A": "1" },
  });
  const [url, init] = given;
  assert.equal(typeof url, "string"); // a copy of a Request keeps that it had a stream, and would be preflighted
  for (const [name, want] of Object.entries({
    method: "POST", headers: {}, credentials: "omit", redirect: "error", cache: "no-store", keepalive: true,
    referrer: "about:client", referrerPolicy: "origin", integrity: "sha256-x", priority: "high",
  })) {
    assert.deepEqual(init[name], want, name);
  }
  const { body } = init;
  assert.match(await body.text(), /name="access_token"\r\n\r\nown\r\n/);
});

test("the token", async (t) => {
  for (const [name, token, want] of [
    ["a text", "cgt_1", "cgt_1"],
    ["a function", () => "cgt_2", "cgt_2"],
    ["a function that promises", async () => "cgt_3", "cgt_3"],
    ["none", undefined, undefined],
    ["none yet", () => null, undefined],
    ["an empty one", "", undefined],
  ]) {
    await t.test(name, async () => {
      await crossgate({ base, token })("/", { method: "PUT" });
      const [request] = gateway.taken();
      assert.equal(new URLSearchParams(request.body).get("access_token") ?? undefined, want);
      assert.equal(request.headers.authorization, undefined);
    });
  }
  await t.test("a function that fails", async () => {
    const mistake = new Error("signed out");
    await assert.rejects(crossgate({ base, token: async () => { throw mistake; } })("/"), mistake);
    assert.deepEqual(gateway.taken(), []);
  });
});

test("an Authorization that the caller sets", async (t) => {
  const fetch = crossgate({ base, token: () => assert.fail("it is not asked for") });
  for (const [name, value, want] of [
    ["wins", "Bearer own", "own"],
    ["is read as RFC 9110 has it", "bearer   own", "own"],
    ["may leave out the scheme", "eyJ.a.b", "eyJ.a.b"],
    ["keeps padding", "Bearer a+/=", "a+/="],
  ]) {
    await t.test(name, async () => {
      await fetch("/", { headers: { Authorization: value } });
      assert.deepEqual(fieldsOf(gateway.taken()[0]), [["$httpMethod", "GET"], ["access_token", want]]);
    });
  }
  await t.test("of another scheme is refused", async () => {
    await assert.rejects(fetch("/", { headers: { Authorization: "Basic YTpi" } }), { name: "TypeError", message: /Bearer/ });
    assert.deepEqual(gateway.taken(), []);
  });
});

// The gateway redirects what stands for a GET, and with 303, so that the browser goes on without the body.
test("whoever redirects gets the token sent nowhere", async () => {
  const other = await startGateway();
  const fetch = crossgate({ base, token: "cgt_1" });
  const redirect = (status) => gateway.answers.push({ status, headers: { location: other.base + "/taken" } });
  for (const status of [307, 308]) {
    for (const method of ["POST", "PATCH"]) {
      redirect(status);
      await assert.rejects(fetch("/d", { method, body: "x" }), TypeError);
    }
    redirect(status);
    await assert.rejects(fetch.ticket("/d"), TypeError);
  }
  redirect(303);
  await fetch("/d");
  gateway.taken();
  assert.deepEqual(other.taken().map(({ method, url, body }) => [method, url, body]), [["GET", "/taken", ""]]);
});

test("OPTIONS is refused", async () => {
  for (const token of ["cgt_1", undefined]) {
    await assert.rejects(crossgate({ base, token })("/", { method: "options" }), { name: "TypeError", message: /OPTIONS/ });
  }
  assert.deepEqual(gateway.taken(), []);
});

test("a stale token", async (t) => {
  const refusal = (reason) => ({ status: 401, headers: { "Crossgate-Reason": reason }, body: reason });
  const put = { method: "PUT", body: new Blob(["{}"]), headers: json };
  for (const [name, tokens, answers, init, want] of [
    ["is replaced once", ["old", "new"], [refusal("token-expired")], put, ["old", "new"]],
    ["is replaced where it is unknown", ["old", "new"], [refusal("token-unknown")], put, ["old", "new"]],
    ["is not replaced twice", ["a", "b", "c"], [refusal("token-expired"), refusal("token-expired")], put, ["a", "b"]],
    ["is not tried again", ["old", "old"], [refusal("token-expired")], put, ["old"]],
    ["has no successor", ["old", null], [refusal("token-expired")], put, ["old"]],
    ["was revoked", ["old", "new"], [refusal("token-revoked")], put, ["old"]],
    ["was the caller's own", ["old", "new"], [refusal("token-expired")], { headers: { Authorization: "Bearer own" } }, ["own"]],
  ]) {
    await t.test(name, async () => {
      gateway.answers.push(...answers);
      const response = await crossgate({ base, token: async () => tokens.shift() })("/", init);
      const taken = gateway.taken();
      assert.deepEqual(taken.map(({ body }) => /access_token(?:=|"\r\n\r\n)(\w+)/.exec(body)[1]), want);
      assert.equal(response.status, want.length > answers.length ? 200 : 401);
      if (init == put) assert.ok(taken.every(({ body }) => /\r\n\{\}\r\n--/.test(body)));
    });
  }
});

test("aborting", async (t) => {
  const reason = new Error("enough");
  const abortedWhile = async (token, init) => {
    const controller = new AbortController();
    const call = crossgate({ base, token })("/", { ...init, signal: controller.signal });
    controller.abort(reason);
    await assert.rejects(call, reason);
    assert.deepEqual(gateway.taken(), []);
  };
  await t.test("before", () => assert.rejects(crossgate({ base, token: () => assert.fail("too late") })("/", { signal: AbortSignal.abort(reason) }), reason));
  await t.test("while the token is waited for", () => abortedWhile(() => new Promise(() => {})));
  await t.test("while the token is waited for, which then fails", () => abortedWhile(() => Promise.reject(new Error("late"))));
  await t.test("while a stream is read", () => abortedWhile("cgt_1", { method: "POST", body: new ReadableStream(), duplex: "half" }));
});

test("an unreachable gateway rejects as with fetch", async () => {
  await assert.rejects(crossgate({ base: "http://127.0.0.1:1", token: "cgt_1" })("/"), { name: "TypeError", message: "fetch failed" });
});
