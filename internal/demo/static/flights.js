// The table of the five calls: each request as a bar, as long as it took, with plain
// fetch and through the client.

import { refusal } from "./network.js";
import { badge, duration, element, plural } from "./parts.js";

const section = document.querySelector("#story");
const said = section.querySelector("#gain");
const steps = section.querySelectorAll("[data-step]");

// draw shows all results, on one scale.
export function draw(results) {
  const all = [...Object.values(results.fetch), ...Object.values(results.client)];
  const longest = Math.max(1, ...all.map((result) => result.took));
  for (const group of steps) {
    const name = group.dataset.step;
    for (const row of group.querySelectorAll("[data-way]")) {
      drawCall(row, results[row.dataset.way][name], longest);
    }
    group.querySelector(".seen").replaceChildren(...seen(results.fetch[name], results.client[name]));
  }
  drawSums(results);
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
    const unseen = result.wire.api.length === 0 ? " The API saw nothing." : "";
    return element("p", "line", badge(false, "Kept from this page"), ` ${refusal(result)}${unseen}`);
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
function drawSums(results) {
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
  if (all.length < steps.length || all.some((result) => result.error || result.status >= 400)) {
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
