// The same five calls, with plain fetch or through the client: what they take, on the
// wire and in time.

import { api, attempt, refusal, token, whenNetworkChanges } from "./network.js";
import { badge, duration, element, plural } from "./parts.js";
import { sayTrust } from "./trust.js";

const clientAddress = `${api}/.crossgate/client.js`;
const attachmentLength = 32 * 1024; // bytes

const section = document.querySelector("#story");
const toggle = section.querySelector("#without");
const button = section.querySelector("#make");
const said = section.querySelector("#gain");

// The steps are about one discussion, which is gone at the end. Each returns the path
// and the options of a call, given what the ones before have found out.
const steps = {
  add: () => ["/api/v2/discussions", { method: "POST", ...asJSON({ name: "A story in five calls" }) }],
  read: ({ id }) => [`/api/v2/discussions/${id}`, {}],
  rename: ({ id, etag }) => [
    `/api/v2/discussions/${id}`,
    { method: "PATCH", ...asJSON({ name: "A story with another name" }, { "If-Match": etag ?? "*" }) },
  ],
  attach: ({ id, content }) => [
    `/api/v2/discussions/${id}/attachment`,
    { method: "PUT", headers: { "Content-Type": "application/octet-stream" }, body: content },
  ],
  remove: ({ id }) => [`/api/v2/discussions/${id}`, { method: "DELETE" }],
};

let results = { fetch: {}, client: {} };
let refused = false; // the last story was kept from this page
let client = null; // the client's module, once it was loaded
let tries = 0;

function asJSON(value, headers = {}) {
  return { headers: { "Content-Type": "application/json", ...headers }, body: JSON.stringify(value) };
}

// plain returns a function like fetch that sends the token in its header, as most do.
function plain(token) {
  return (url, options) => fetch(url, { ...options, headers: { ...options.headers, Authorization: `Bearer ${token}` } });
}

// load imports the client from the gateway. A browser may remember that a module could
// not be had, so each try has an address of its own.
async function load() {
  client ??= await import(tries++ ? `${clientAddress}?try=${tries}` : clientAddress);
  return client.crossgate;
}

// sender returns the way that the switch is set to, and a function like fetch for it.
async function sender() {
  if (!toggle.checked) {
    return ["fetch", plain(token())];
  }
  const crossgate = await load();
  return ["client", crossgate({ base: api, token: token() })];
}

async function make() {
  button.disabled = toggle.disabled = true;
  try {
    const [way, send] = await sender();
    await tell(way, send);
  } catch (error) {
    missing(error);
  }
  button.disabled = toggle.disabled = false;
}

// missing says that there is no client, and goes back to what works without.
function missing(error) {
  console.warn(error);
  toggle.checked = false;
  explain();
  const sentence = section.querySelector("#no-client");
  sentence.hidden = false;
  sentence.querySelector("a").href = clientAddress;
}

// tell makes the five calls, one after another, and shows each as it is done.
async function tell(way, send) {
  section.querySelector("#no-client").hidden = true;
  results[way] = {};
  draw();
  const known = { content: crypto.getRandomValues(new Uint8Array(attachmentLength)) };
  for (const [name, step] of Object.entries(steps)) {
    const result = await attempt(send, ...step(known));
    results[way][name] = result;
    draw();
    refused = Boolean(result.error);
    sayTrust(!refused);
    if (result.error || result.status >= 400) {
      return;
    }
    known.id ??= result.body.discussion?.discussionID;
    known.etag = result.etag ?? known.etag;
    result.unchanged = result.body.attachment && result.body.attachment.sha256 === (await sha256(known.content));
    draw();
  }
}

// tellAgain makes the calls that were refused again.
export async function tellAgain() {
  if (refused && !button.disabled) {
    await make();
  }
}

async function sha256(bytes) {
  const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(sum, (b) => b.toString(16).padStart(2, "0")).join("");
}

// draw shows all results, on one scale.
function draw() {
  const all = [...Object.values(results.fetch), ...Object.values(results.client)];
  const longest = Math.max(1, ...all.map((result) => result.took));
  for (const group of section.querySelectorAll("[data-step]")) {
    const name = group.dataset.step;
    for (const row of group.querySelectorAll("[data-way]")) {
      drawCall(row, results[row.dataset.way][name], longest);
    }
    group.querySelector(".seen").replaceChildren(...seen(results.fetch[name], results.client[name]));
  }
  drawSums();
}

function drawCall(row, result, longest) {
  const [, flight, requests, time] = row.children;
  if (!result) {
    flight.replaceChildren(nothing());
    requests.replaceChildren();
    time.replaceChildren();
    return;
  }
  flight.replaceChildren(bar(result, longest));
  if (result.error || result.status >= 400) {
    flight.append(failure(result));
  }
  requests.replaceChildren(...counted(result.wire.gateway.length));
  time.replaceChildren(duration(result.took));
}

// counted is a number of requests; where there is no room for a head, it says of what.
function counted(n) {
  return [String(n), element("span", "unit", n === 1 ? " request" : " requests")];
}

function nothing() {
  return element("span", "nothing", element("span", "unseen", "not made yet"));
}

// bar shows the requests of a call, each as long as it took.
function bar(result, longest) {
  return flight(legs(result), result.took / longest);
}

// legs are a call's requests with their times in milliseconds: from one arrival to the
// next, and to the end of the call.
function legs({ wire: { gateway }, took }) {
  return gateway.map(({ method, at }, i) => ({
    preflight: method === "OPTIONS",
    text: method,
    took: (gateway[i + 1]?.at ?? Math.max(took, at)) - at,
  }));
}

function flight(legs, share) {
  const list = element("ol", "flight");
  list.style.setProperty("--share", `${100 * share}%`);
  for (const { preflight, text, took } of legs) {
    const item = element("li", preflight ? "preflight" : "", element("span", "", text));
    item.style.setProperty("--length", Math.max(1, Math.round(took)));
    list.append(item);
  }
  return list;
}

function failure(result) {
  if (result.error) {
    return element("p", "line", badge(false, "Kept from this page"), ` ${refusal(result)} The API saw nothing.`);
  }
  return element("p", "line", badge(false, `${result.status} failed`), ` ${result.body.detail ?? result.body.error ?? ""}`);
}

// seen says what the API saw of a call that worked; the same both times, if all is well.
function seen(...both) {
  const done = both.filter((result) => result?.status < 400);
  const texts = new Set(done.map(sight));
  const parts = [...texts].map((text) => element("span", "", text));
  return parts.length > 0 ? [done.length > 1 && parts.length === 1 ? "Both times the API saw " : "The API saw ", ...parts] : [];
}

function sight({ body, wire, unchanged }) {
  const words = [wire.api[0]?.method ?? "nothing"];
  if (body.seen?.ifMatch) {
    words.push(`If-Match ${body.seen.ifMatch}`);
  }
  if (body.seen?.contentType) {
    words.push(body.seen.contentType);
  }
  if (body.attachment) {
    words.push(`${body.attachment.bytes / 1024} KiB${unchanged ? ", unchanged" : ""}`);
  }
  return words.join(" · ");
}

// drawSums adds up what is complete, and says what was saved.
function drawSums() {
  const sums = { fetch: sumOf(results.fetch), client: sumOf(results.client) };
  const longest = Math.max(sums.fetch?.took ?? 0, sums.client?.took ?? 0);
  for (const row of section.querySelectorAll("[data-sum]")) {
    const sum = sums[row.dataset.sum];
    const [, wire, requests, time] = row.children;
    wire.replaceChildren(sum ? flight(sum.legs, sum.took / longest) : nothing());
    requests.replaceChildren(...(sum ? counted(sum.requests) : []));
    time.replaceChildren(sum ? duration(sum.took) : "");
  }
  said.replaceChildren(...gain(sums));
}

function sumOf(calls) {
  const all = Object.values(calls);
  if (all.length < Object.keys(steps).length || all.some((result) => result.error || result.status >= 400)) {
    return null;
  }
  const flown = all.flatMap(legs);
  const both = [together(flown, true), together(flown, false)];
  return {
    requests: flown.length,
    took: all.reduce((sum, result) => sum + result.took, 0),
    legs: both.filter((leg) => leg.took > 0),
  };
}

// together makes one leg of all preflights, or of all other requests.
function together(legs, preflight) {
  const these = legs.filter((leg) => leg.preflight === preflight);
  return {
    preflight,
    text: plural(these.length, preflight ? "preflight" : "call"),
    took: these.reduce((sum, leg) => sum + leg.took, 0),
  };
}

function gain({ fetch, client }) {
  if (!fetch || !client) {
    const done = fetch ?? client;
    return done ? [`${plural(done.requests, "request")} in ${duration(done.took)}. Now turn the switch, and make them again.`] : [];
  }
  const requests = fetch.requests - client.requests;
  const took = fetch.took - client.took;
  const saved = took > 0 ? `${plural(requests, "request")} and ${duration(took)} saved` : `${plural(requests, "request")} saved`;
  return [element("strong", "", saved), ` ${client.requests} instead of ${fetch.requests}, and ${duration(client.took)} instead of ${duration(fetch.took)}.`];
}

// explain shows the line of code that the switch stands for.
function explain() {
  for (const code of section.querySelectorAll("[data-code]")) {
    code.hidden = (code.dataset.code === "client") !== toggle.checked;
  }
}

// What was measured at another distance is no measure any more.
whenNetworkChanges(() => {
  results = { fetch: {}, client: {} };
  draw();
});

toggle.addEventListener("change", explain);
button.addEventListener("click", make);
explain();
draw();
