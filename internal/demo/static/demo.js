// The sample page: makes the calls as any page would, and shows what came of them.

import { attempt, named, refusal, token, wire } from "./network.js";
import { badge, duration, element, line, plural } from "./parts.js";
import { tellAgain } from "./story.js";
import { sayTrust, whenBack } from "./trust.js";

// Each call returns the path and the options of a fetch, given the token. The simple
// ones are those that no browser asks about beforehand.
const calls = {
  "read-query": {
    simple: true,
    make: (token) => [`/api/v2/discussions?access_token=${token}`, {}],
  },
  "read-header": {
    make: (token) => ["/api/v2/discussions", { headers: { Authorization: `Bearer ${token}` } }],
  },
  "write-text": {
    simple: true,
    make: (token) => [
      `/api/v2/discussions?access_token=${token}`,
      { method: "POST", headers: { "Content-Type": "text/plain" }, body: discussion() },
    ],
  },
  "write-json": {
    make: (token) => [
      "/api/v2/discussions",
      {
        method: "POST",
        headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
        body: discussion(),
      },
    ],
  },
  "wrong-token": {
    fails: true,
    make: () => ["/api/v2/discussions?access_token=cgt_mistyped", {}],
  },
};

const totals = { simple: { calls: 0, requests: 0, took: 0 }, ordinary: { calls: 0, requests: 0, took: 0 } };
const refused = new Set(); // the names of the calls that were kept from this page
let stream = null;

function discussion() {
  return JSON.stringify({ name: `Hello at ${new Date().toLocaleTimeString()}` });
}

async function run(name) {
  const article = document.querySelector(`[data-call="${name}"]`);
  const button = article.querySelector("button");
  button.disabled = true;
  const result = await attempt(fetch, ...calls[name].make(token()));
  button.disabled = false;
  article.querySelector(".outcome").replaceChildren(...outcome(result));
  count(name, result);
  settle(name, result);
}

async function runAll(names) {
  for (const name of names) {
    await run(name);
  }
}

// count adds a call that worked to the totals.
function count(name, result) {
  if (calls[name].fails || result.error) {
    return;
  }
  const total = calls[name].simple ? totals.simple : totals.ordinary;
  total.calls += 1;
  total.requests += result.wire.gateway.length;
  total.took += result.took;
  for (const [kind, sum] of Object.entries(totals)) {
    const [, calls, requests, each] = document.querySelector(`[data-total="${kind}"]`).children;
    calls.textContent = sum.calls;
    requests.textContent = sum.requests;
    each.textContent = sum.calls > 0 ? duration(sum.took / sum.calls) : "";
  }
  const { simple, ordinary } = totals;
  if (simple.calls > 0 && ordinary.calls > 0) {
    const saved = Math.round((simple.calls * ordinary.requests) / ordinary.calls) - simple.requests;
    document.querySelector("#saved").replaceChildren(
      element("strong", "", `${plural(saved, "request")} saved`),
      ` in ${plural(simple.calls, "call")}, compared with the ordinary way.`,
    );
  }
}

// settle remembers what was refused, to try it again, and says when that is over.
function settle(name, result) {
  if (result.error) {
    refused.add(name);
  } else {
    refused.delete(name);
  }
  sayTrust(!result.error);
}

function outcome(result) {
  const { gateway, api } = result.wire;
  const parts = [headline(result), lane(gateway)];
  if (result.error) {
    parts.push(line(refusal(result)));
  } else if (result.body.code) {
    parts.push(line(`The page can read why: ${result.body.code}. ${result.body.detail}`));
  }
  parts.push(api.length > 0 ? saw(result.body?.seen) : line("The API saw nothing."));
  return parts;
}

function headline({ status, error, wire, took }) {
  const p = element("p", "headline");
  const verdict = error ? "Kept from this page" : `${status} ${status < 400 ? "done" : "failed"}`;
  p.append(badge(!error && status < 400, verdict));
  p.append(element("span", "count", `${plural(wire.gateway.length, "request")} on the wire`));
  p.append(element("span", "took", duration(took)));
  return p;
}

// lane shows the requests in the order in which they arrived.
function lane(requests) {
  const list = element("ol", "lane");
  for (const { method } of requests) {
    const isPreflight = method === "OPTIONS";
    const item = element("li", isPreflight ? "preflight" : "", method);
    if (isPreflight) {
      item.append(element("span", "", "preflight"));
    }
    list.append(item);
  }
  return list;
}

// saw says what the API saw of the call.
function saw(seen) {
  if (!seen) {
    return line("The API answered.");
  }
  const list = element("dl", "saw");
  const row = (name, value) => list.append(element("dt", "", name), element("dd", "", value));
  row("The API saw", `${seen.method} ${seen.url.split("?")[0]}`);
  if (seen.authorization) {
    row("Authorization", seen.authorization);
  }
  if (seen.token) {
    row("Crossgate-Token", `${seen.token} (${seen.subject})`);
  }
  if (seen.contentType) {
    row("Content-Type", seen.contentType);
  }
  return list;
}

// listen opens the event stream, or closes it.
function listen(article) {
  const button = article.querySelector("button");
  const box = article.querySelector(".outcome");
  if (stream) {
    stream.close();
    stream = null;
    button.textContent = "Listen";
    box.replaceChildren(line("Closed."));
    return;
  }
  const [call, url] = named(`/api/v2/events?access_token=${token()}`);
  const heard = element("ul", "heard");
  stream = new EventSource(url);
  button.textContent = "Stop";
  stream.onopen = async () => {
    const { gateway } = await wire(call);
    const p = element("p", "headline");
    p.append(badge(true, "Open"), element("span", "count", `${plural(gateway.length, "request")} on the wire`));
    box.replaceChildren(p, line("What is written appears here, whoever writes it."), heard);
  };
  stream.onerror = () => {
    if (stream?.readyState === EventSource.CLOSED) {
      stream = null;
      button.textContent = "Listen";
      box.replaceChildren(badge(false, "Refused"));
    }
  };
  for (const what of ["added", "renamed", "removed"]) {
    stream.addEventListener(what, (event) => {
      const { discussionID, name } = JSON.parse(event.data);
      heard.prepend(element("li", "", `${what} #${discussionID} ${name}`));
      heard.children[5]?.remove();
    });
  }
}

for (const article of document.querySelectorAll("[data-call]")) {
  article.querySelector("button").addEventListener("click", () => run(article.dataset.call));
}

const streaming = document.querySelector("[data-stream]");
streaming.querySelector("button").addEventListener("click", () => listen(streaming));

document.querySelector("#run-all").addEventListener("click", async (event) => {
  event.target.disabled = true;
  await runAll(Object.keys(calls));
  event.target.disabled = false;
});

whenBack(async () => {
  await runAll([...refused]);
  await tellAgain();
});
