// The same five calls, with plain fetch or through the client: what they take, on the
// wire and in time.

import { draw } from "./flights.js";
import { api, attempt, token, whenNetworkChanges } from "./network.js";
import { sayTrust } from "./trust.js";

const clientAddress = `${api}/.crossgate/client.js`;
const attachmentLength = 32 * 1024; // bytes

const section = document.querySelector("#story");
const toggle = section.querySelector("#without");
const button = section.querySelector("#make");

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
  draw(results);
  const known = { content: crypto.getRandomValues(new Uint8Array(attachmentLength)) };
  for (const [name, step] of Object.entries(steps)) {
    const result = await attempt(send, ...step(known));
    results[way][name] = result;
    draw(results);
    refused = Boolean(result.error);
    sayTrust(!refused);
    if (result.error || result.status >= 400) {
      return;
    }
    known.id ??= result.body.discussion?.discussionID;
    known.etag = result.etag ?? known.etag;
    result.unchanged = result.body.attachment && result.body.attachment.sha256 === (await sha256(known.content));
    draw(results);
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

// explain shows the line of code that the switch stands for.
function explain() {
  for (const code of section.querySelectorAll("[data-code]")) {
    code.hidden = (code.dataset.code === "client") !== toggle.checked;
  }
}

// What was measured at another distance is no measure any more.
whenNetworkChanges(() => {
  results = { fetch: {}, client: {} };
  draw(results);
});

toggle.addEventListener("change", explain);
button.addEventListener("click", make);
explain();
draw(results);
