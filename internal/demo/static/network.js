// The way from this page to the gateway: what is sent over it, how far it is, and what
// was counted at its end.

export const { api, crossgateToken, apiToken, trusted } = document.body.dataset;

// patience is how long a call may take, in milliseconds.
const patience = 10_000;

const slider = document.querySelector("#delay");
let number = 0;

export function token() {
  const chosen = document.querySelector("input[name=token]:checked").value;
  return chosen === "api" ? apiToken : crossgateToken;
}

// named gives a call a name of its own, by which its requests are counted, and says how
// long each of them is under way. A browser's preflight has the same address.
export function named(path) {
  const call = `${Date.now().toString(36)}-${(number += 1)}`;
  const url = new URL(path, api);
  url.searchParams.append("demo_call", call);
  url.searchParams.append("demo_delay", slider.value);
  return [call, url];
}

// wire asks the page's own server what went over the wire for a call.
export async function wire(call) {
  const response = await fetch(`/wire/${call}`);
  const { gateway, api } = await response.json();
  return { gateway: gateway ?? [], api: api ?? [] };
}

// attempt makes a call by way of a function like fetch, and returns what came of it,
// how long that took, in milliseconds, and what went over the wire.
export async function attempt(send, path, options = {}) {
  const [call, url] = named(path);
  const start = performance.now();
  const result = await answerOf(send, url, { ...options, signal: AbortSignal.timeout(patience) });
  result.took = performance.now() - start;
  result.wire = await wire(call).catch(() => ({ gateway: [], api: [] }));
  return result;
}

async function answerOf(send, url, options) {
  try {
    const response = await send(url.href, options);
    const text = await response.text();
    return { status: response.status, etag: response.headers.get("ETag"), body: text ? JSON.parse(text) : {} };
  } catch (error) {
    return { error };
  }
}

// refusal says why a call was kept from this page.
export function refusal({ error, wire }) {
  const reason = wire.gateway.find((request) => request.reason)?.reason;
  return reason ? `Refused at the gate: ${reason}.` : `The browser says: ${error.message}.`;
}

// distances are names for delays, in milliseconds at most.
const distances = [
  [0, "this machine"],
  [20, "the same city"],
  [60, "the same continent"],
  [180, "across an ocean"],
  [350, "the other side of the world"],
  [Infinity, "a poor connection"],
];

// whenNetworkChanges calls f once the delay or the token was changed.
export function whenNetworkChanges(f) {
  slider.addEventListener("input", f);
  document.querySelector(".tokens").addEventListener("change", f);
}

function showDelay() {
  const [, distance] = distances.find(([most]) => Number(slider.value) <= most);
  document.querySelector("#delay-shown").textContent = `${slider.value} ms`;
  document.querySelector("#distance").textContent = distance;
  slider.setAttribute("aria-valuetext", `${slider.value} milliseconds, ${distance}`);
}

slider.addEventListener("input", showDelay);
showDelay();
