// Calls that nobody has thought of: generated, and the same for the same seed.

// mulberry32: small, and random enough for this.
const generator = (seed) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};

const methods = ["GET", "HEAD", "POST", "POST", "PUT", "PATCH", "DELETE", "get", "post", "put", "patch", "Purge"];
const names = ["Accept", "Accept-Language", "Content-Language", "Content-Type", "Range", "X-A", "x-b", "If-Match", "Last-Event-ID", "DPR", "Save-Data", "constructor", "toString"];
const values = [
  "", "a", "text/html;q=0.9, */*", "de-CH, en;q=0.5", "text/plain", "TEXT/plain; charset=utf-8", "text/plain;a=\"b\"", "application/json", "multipart/form-data; boundary=x",
  "application/x-www-form-urlencoded", "text/plain, application/json", "text/plainer", "bytes=0-", "bytes=0-9", "bytes=9-0", "bytes=-9", "bytes=0-1,3-4", "bytes=00018446744073709551616-", "on", "1.5", "\"7\"",
  " blanks\taround ", "a".repeat(128), "a".repeat(129), "a@b", "{}", "caf\u00e9",
];
const bodies = [
  () => undefined,
  () => "",
  () => "text",
  () => '{"a":1}',
  () => new URLSearchParams("a=1"),
  () => new Blob(["blob"], { type: "text/plain" }),
  () => new Blob(["blob"], { type: "application/JSON" }),
  () => new Blob(["blob"]),
  () => new Uint8Array([1, 2, 3]),
  () => { const form = new FormData(); form.append("a", "1"); return form; },
];

export const random = (seed, many) => {
  const next = generator(seed);
  const one = (of) => of[Math.floor(next() * of.length)];
  const ascii = () => Array.from({ length: next() * 140 }, () => String.fromCharCode(32 + next() * 95)).join("");
  const calls = {};
  for (let i = 0; i < many; i++) {
    const method = one(methods);
    const headers = Array.from({ length: next() * 4 }, () => [one(names), next() < 0.7 ? one(values) : ascii()])
      .filter(([name], at, all) => all.findIndex((header) => header[0] == name) == at); // Firefox forgets some that come twice
    const body = /^(get|head)$/i.test(method) ? bodies[0] : one(bodies);
    const init = () => ({ method, headers, body: body() });
    calls[`${i} ${method} ${headers.map((header) => header.join(": ")).join(", ")} ${body}`] =
      next() < 0.5 ? (fetch, url) => fetch(url, init()) : (fetch, url) => fetch(new Request(url, init()));
  }
  return calls;
};
