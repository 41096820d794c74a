// A page that calls fetch and nothing else: first by itself, then with the service worker.

import { cases, refused } from "./cases.js";

const api = new URLSearchParams(location.search).get("api");
const at = (way, name) => `${api}/${way}/${encodeURIComponent(name)}`;

const ended = (call) =>
  call().then(
    async (response) => `${response.status} ${response.type} ${response.url.startsWith(api)} ${await response.text()}`,
    (error) => `${error.name}: ${error instanceof TypeError ? "" : error.message}`,
  );

const all = { ...cases, ...refused };
export const outcomes = {};
for (const [name, call] of Object.entries(all)) outcomes[name] = { fetch: await ended(async () => call(fetch, at("fetch", name))) };

const controlled = new Promise((resolve) => (navigator.serviceWorker.oncontrollerchange = resolve));
await navigator.serviceWorker.register("sw.js?api=" + encodeURIComponent(api));
await controlled;
for (const [name, call] of Object.entries(all)) outcomes[name].token = await ended(async () => call(fetch, at("token", name)));

// What pages do without fetch.
const event = (target, ...types) => Promise.race(types.map((type) => new Promise((resolve) => target.addEventListener(type, () => resolve(type), { once: true }))));

const request = new XMLHttpRequest();
request.open("PUT", at("other", "xhr"));
request.setRequestHeader("Authorization", "Bearer own");
request.setRequestHeader("X-One", "1");
request.upload.onprogress = () => {}; // which alone makes a browser ask
request.send("text");
await event(request, "loadend");

const image = new Image();
image.crossOrigin = "anonymous";
image.src = at("other", "image");
await event(image, "load", "error");

const source = new EventSource(at("other", "events"));
await event(source, "error"); // it is no stream of events
source.close();

navigator.sendBeacon(at("other", "beacon"), "text");
await fetch(at("other", "no-cors"), { mode: "no-cors", method: "POST", body: "text" });
await fetch(at("other", "basic"), { headers: { Authorization: "Basic YTpi" } }).catch(() => {});

const { port1, port2 } = new MessageChannel();
const known = new Promise((resolve) => (port1.onmessage = resolve));
navigator.serviceWorker.controller.postMessage({ crossgate: { token: "told" } }, [port2]);
await known;
await fetch(at("other", "told"), { method: "PATCH", body: "{}" });
