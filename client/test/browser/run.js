// Makes every call of cases.js, with the browser's fetch and with the client's, and says how each ended.

import { crossgate } from "./client.js";
import { cases, refused, streams } from "./cases.js";
import { random } from "./random.js";

const query = new URLSearchParams(location.search);
const api = query.get("api");
const seed = Number(query.get("seed"));
const plain = globalThis.fetch;
const withToken = crossgate({ base: api, token: async () => "tok" });
const withoutToken = crossgate({ base: api });

const ended = (call) =>
  call().then(
    async (response) => `${response.status} ${response.type} ${await response.text()}`,
    (error) => `${error.name}: ${error instanceof TypeError ? "" : error.message}`,
  );

const calls = seed ? random(seed, 100) : { ...cases, ...streams, ...refused };
export const outcomes = {};
for (const [name, call] of Object.entries(calls)) {
  const [ours, theirs] = [call, call].map((each, i) => (Array.isArray(call) ? call[i] : each));
  const at = (way) => `${api}/${way}/${encodeURIComponent(seed ? name.split(" ")[0] : name)}`;
  outcomes[name] = {
    fetch: await ended(async () => theirs(plain, at("fetch"))),
    token: await ended(async () => ours(withToken, at("token"))),
    open: await ended(async () => ours(withoutToken, at("open"))),
  };
}
