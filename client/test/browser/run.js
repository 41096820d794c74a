// Makes every call of cases.js, with the browser's fetch and with the client's, and says how each ended.

import { crossgate } from "./client.js";
import { cases, refused, streams } from "./cases.js";

const api = new URLSearchParams(location.search).get("api");
const plain = globalThis.fetch;
const withToken = crossgate({ base: api, token: async () => "tok" });
const withoutToken = crossgate({ base: api });

const ended = (call) =>
  call().then(
    async (response) => `${response.status} ${response.type} ${await response.text()}`,
    (error) => `${error.name}: ${error instanceof TypeError ? "" : error.message}`,
  );

export const outcomes = {};
for (const [name, call] of Object.entries({ ...cases, ...streams, ...refused })) {
  const [ours, theirs] = [call, call].map((each, i) => (Array.isArray(call) ? call[i] : each));
  const at = (way) => `${api}/${way}/${encodeURIComponent(name)}`;
  outcomes[name] = {
    fetch: await ended(async () => theirs(plain, at("fetch"))),
    token: await ended(async () => ours(withToken, at("token"))),
    open: await ended(async () => ours(withoutToken, at("open"))),
  };
}
