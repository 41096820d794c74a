// When an EventSource asks for a new ticket, and what it tells its listeners. The browser's own is
// replaced by one that a test drives, and so are the clock and the timer.

import assert from "node:assert/strict";
import { test } from "node:test";
import { crossgate } from "../dist/client.js";

const api = "https://api.example.com";

class Native extends EventTarget {
  static all = [];
  readyState = 0;
  constructor(url) {
    super();
    this.url = url;
    Native.all.push(this);
  }
  close() {
    this.readyState = 2;
  }
  open() {
    this.readyState = 1;
    this.dispatchEvent(new Event("open"));
  }
  send(type, data, lastEventId = "") {
    this.dispatchEvent(new MessageEvent(type, { data, lastEventId, origin: api }));
  }
  fail(readyState) {
    this.readyState = readyState;
    this.dispatchEvent(new Event("error"));
  }
}

// Everything that the client reaches for, in the test's hands.
const setUp = (t, { token = "cgt_1", ...init } = {}) => {
  const saved = { fetch: globalThis.fetch, EventSource: globalThis.EventSource, setTimeout: globalThis.setTimeout, now: Date.now };
  t.after(() => {
    Date.now = saved.now;
    Object.assign(globalThis, { fetch: saved.fetch, EventSource: saved.EventSource, setTimeout: saved.setTimeout });
  });
  const world = { asked: [], answers: [], timers: [], time: 0, heard: [] };
  Native.all = [];
  globalThis.EventSource = Native;
  globalThis.setTimeout = (run, after) => world.timers.push({ run, after });
  Date.now = () => world.time;
  globalThis.fetch = async (url, { body }) => {
    world.asked.push(body.get("url"));
    const answer = world.answers.shift();
    if (answer instanceof Error) throw answer;
    return answer ?? Response.json({ ticket: "cgk_" + world.asked.length });
  };
  world.source = new (crossgate({ base: api, token }).EventSource)("/events?a=1", init);
  for (const type of ["open", "message", "error", "news"]) {
    world.source.addEventListener(type, ({ data }) => world.heard.push(data === undefined ? type : type + " " + data));
  }
  world.settle = () => new Promise((resolve) => setImmediate(resolve));
  world.later = async () => {
    for (const { run, after } of world.timers.splice(0)) {
      assert.equal(after, 3000);
      run();
    }
    await world.settle();
  };
  return world;
};

test("events come as from the browser's own", async (t) => {
  const world = setUp(t);
  const { source, heard } = world;
  const byHandler = [];
  source.onopen = source.onmessage = source.onerror = (event) => byHandler.push(event.type);
  assert.equal(source.url, api + "/events?a=1");
  assert.equal(source.readyState, 0);
  await world.settle();
  const [native] = Native.all;
  assert.equal(native.url, api + "/events?a=1&access_token=cgk_1");
  native.open();
  assert.equal(source.readyState, 1);
  native.send("message", "one", "1");
  native.send("news", "two");
  native.send("error", "three"); // an event that the server calls so
  assert.deepEqual(heard, ["open", "message one", "news two", "error three"]);
  assert.deepEqual(byHandler, ["open", "message", "error"]);
  assert.equal(source.readyState, 1);

  source.addEventListener("late", ({ data, lastEventId, origin }) => heard.push([data, lastEventId, origin]));
  native.send("late", "four", "4");
  assert.deepEqual(heard.pop(), ["four", "4", api]);
  source.close();
  assert.equal(source.readyState, 2);
  assert.equal(native.readyState, 2);
});

test("while the ticket lives the browser connects again by itself", async (t) => {
  const world = setUp(t);
  await world.settle();
  Native.all[0].open();
  world.time = 40_000;
  Native.all[0].fail(0);
  assert.equal(world.source.readyState, 0);
  Native.all[0].open();
  assert.equal(world.source.readyState, 1);
  assert.equal(Native.all.length, 1);
  assert.deepEqual(world.timers, []);
});

test("a dead ticket is replaced by a new one", async (t) => {
  const world = setUp(t, { lastEventIdParam: "since" });
  await world.settle();
  Native.all[0].open();
  Native.all[0].send("message", "one", "id 1");
  world.time = 3_600_000;
  Native.all[0].fail(0);
  assert.equal(world.source.readyState, 0);
  assert.equal(Native.all[0].readyState, 2, "the browser's own is closed, or it would go on with the dead one");
  await world.later();
  assert.equal(Native.all[1].url, api + "/events?a=1&since=id+1&access_token=cgk_2");
  assert.deepEqual(world.asked, ["/events?a=1", "/events?a=1&since=id+1"]);
  Native.all[1].open();
  Native.all[1].send("news", "two");
  assert.deepEqual(world.heard, ["open", "message one", "error", "open", "news two"]);
});

test("what the API refuses with a living ticket is final", async (t) => {
  const world = setUp(t);
  await world.settle();
  Native.all[0].fail(2);
  assert.equal(world.source.readyState, 2);
  assert.deepEqual(world.heard, ["error"]);
  assert.deepEqual(world.timers, []);
});

test("a refused ticket is final", async (t) => {
  const world = setUp(t);
  world.answers.push(Response.json({}, { status: 401, headers: { "Crossgate-Reason": "token-revoked" } }));
  await world.settle();
  assert.equal(world.source.readyState, 2);
  assert.deepEqual(world.heard, ["error"]);
  assert.deepEqual([Native.all, world.timers], [[], []]);
});

test("a gateway that cannot be reached is tried again", async (t) => {
  const world = setUp(t);
  world.answers.push(new TypeError("Failed to fetch"));
  await world.settle();
  assert.equal(world.source.readyState, 0);
  assert.deepEqual(world.heard, ["error"]);
  await world.later();
  assert.equal(Native.all[0].url, api + "/events?a=1&access_token=cgk_2");
});

test("closed is closed", async (t) => {
  const world = setUp(t);
  world.source.close(); // before there is a ticket
  await world.settle();
  assert.deepEqual(Native.all, []);

  const second = setUp(t);
  await second.settle();
  second.time = 3_600_000;
  Native.all[0].fail(0);
  second.source.close(); // while it waits
  await second.later();
  assert.equal(Native.all.length, 1);
  assert.equal(second.asked.length, 1);
  assert.equal(second.source.readyState, 2);
});

test("an API without a token needs no ticket", async (t) => {
  const world = setUp(t, { token: undefined });
  world.source.close();
  await world.settle();
  const source = new (crossgate({ base: api }).EventSource)("/open");
  await world.settle();
  assert.equal(Native.all.at(-1).url, api + "/open");
  assert.deepEqual([source.url, world.asked.length], [api + "/open", 1]);
  Native.all.at(-1).open();
  world.time = 3_600_000;
  Native.all.at(-1).fail(0); // which the browser mends by itself, with the last event's id
  assert.deepEqual([Native.all.at(-1).readyState, source.readyState, world.timers], [0, 0, []]);
});

test("its constants are the browser's", () => {
  const { CONNECTING, OPEN, CLOSED } = crossgate({ base: api }).EventSource;
  assert.deepEqual([CONNECTING, OPEN, CLOSED], [0, 1, 2]);
});
