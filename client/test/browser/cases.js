// Calls as pages make them. Each is made with the browser's fetch and with the client's, at
// addresses that differ in their first segment alone, and must arrive as the same request.

const bytes = Uint8Array.from({ length: 300 }, (_, i) => i % 256);
const stream = (...chunks) =>
  new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
      controller.close();
    },
  });
const form = (...pairs) => {
  const data = new FormData();
  for (const [name, value, file] of pairs) file ? data.append(name, value, file) : data.append(name, value);
  return data;
};
const json = { "Content-Type": "application/json" };
const init = (options) => (fetch, url) => fetch(url, options());

export const cases = {
  "GET": init(() => undefined),
  "GET of a URL object": (fetch, url) => fetch(new URL(url)),
  "GET with a query": (fetch, url) => fetch(url + "?q=a%20b+c&q=%C3%A9;x=1&empty="),
  "GET with a fragment": (fetch, url) => fetch(url + "#part"),
  "GET in small letters": init(() => ({ method: "get" })),
  "GET with headers": init(() => ({ headers: { "X-Trace": "a, b; c=\"d\"", Accept: "application/json" } })),
  "GET with safelisted headers": init(() => ({ headers: { Accept: "text/html;q=0.9, */*;q=0.1", "Accept-Language": "de, en;q=0.5", "Content-Language": "de" } })),
  "GET with a content type": init(() => ({ headers: json })),
  "GET of a range": init(() => ({ headers: { Range: "bytes=0-9" } })),
  "GET with a long Accept": init(() => ({ headers: { Accept: "text/x".padEnd(129, "y") } })),
  "GET with an unsafe Accept": init(() => ({ headers: { Accept: "text/html;v=\"1\"" } })),
  "HEAD": init(() => ({ method: "HEAD" })),
  "DELETE": init(() => ({ method: "delete", headers: { "If-Match": '"7"' } })),
  "DELETE with a content type": init(() => ({ method: "DELETE", headers: json })),
  "DELETE with a body": init(() => ({ method: "DELETE", headers: json, body: '{"hard":true}' })),
  "POST without a body": init(() => ({ method: "POST" })),
  "POST of nothing": init(() => ({ method: "POST", body: "" })),
  "POST of text": init(() => ({ method: "POST", body: "grüße\r\nline\nend" })),
  "POST of JSON": init(() => ({ method: "POST", body: '{"a":"ü"}', headers: json })),
  "POST of JSON with a charset": init(() => ({ method: "POST", body: "{}", headers: { "Content-Type": "application/JSON; charset=UTF-8" } })),
  "PUT of JSON": init(() => ({ method: "put", body: '{"a":1}', headers: new Headers([["content-type", "application/json"], ["if-match", '"x"']]) })),
  "PATCH of JSON": init(() => ({ method: "PATCH", body: '[{"op":"add"}]', headers: [["Content-Type", "application/json-patch+json"], ["X-Two", "1"], ["X-Two", "2"]] })),
  "PUT of bytes": init(() => ({ method: "PUT", body: bytes })),
  "PUT of a part of bytes": init(() => ({ method: "PUT", body: bytes.subarray(13, 200) })),
  "PUT of an ArrayBuffer": init(() => ({ method: "PUT", body: bytes.buffer })),
  "PUT of a DataView": init(() => ({ method: "PUT", body: new DataView(bytes.buffer, 7, 100) })),
  "PUT of bytes that are written to": (fetch, url) => {
    const body = bytes.slice();
    const sent = fetch(url, { method: "PUT", body });
    body.fill(0);
    return sent;
  },
  "PUT of a Blob": init(() => ({ method: "PUT", body: new Blob([bytes], { type: "image/x-Own" }) })),
  "PUT of a Blob without a type": init(() => ({ method: "PUT", body: new Blob([bytes]) })),
  "PUT of a Blob with another type": init(() => ({ method: "PUT", body: new Blob([bytes], { type: "image/png" }), headers: { "Content-Type": "Image/WebP" } })),
  "PUT of a File": init(() => ({ method: "PUT", body: new File([bytes], "ü.bin", { type: "text/x-y" }) })),
  "POST of a form": init(() => ({ method: "POST", body: new URLSearchParams({ a: "1 & 2", "ü": "\r\n" }) })),
  "PUT of a form": init(() => ({ method: "PUT", body: new URLSearchParams({ a: "1 & 2" }) })),
  "POST of FormData": init(() => ({ method: "POST", body: form(["a", "1\n2"], ["f", new Blob([bytes], { type: "image/png" }), "q\"ü.png"]) })),
  "PUT of FormData": init(() => ({ method: "PUT", body: form(["a", "1"], ["f", new Blob([bytes])]) })),
  "PUT of a number": init(() => ({ method: "PUT", body: 7 })),
  "a Request": (fetch, url) => fetch(new Request(url, { method: "PUT", body: '{"a":1}', headers: { ...json, "X-One": "1" } })),
  "a Request of text": (fetch, url) => fetch(new Request(url, { method: "POST", body: "text" })),
  "a Request of FormData": (fetch, url) => fetch(new Request(url, { method: "PATCH", body: form(["a", "1"]) })),
  "a Request with an init": (fetch, url) => fetch(new Request(url, { method: "PUT", body: "old", headers: { "X-Old": "1" } }), { method: "PATCH", body: "new", headers: { "X-New": "1" } }),
  "a Request without a body": (fetch, url) => fetch(new Request(url, { headers: { "X-One": "1" } })),
  "a header of Latin-1": init(() => ({ headers: { "X-Name": "gr\u00fc\u00df" } })),
  "an empty header": init(() => ({ headers: { "X-Empty": "", "X-Blank": "  a \t b " } })),
  "a header that browsers drop": init(() => ({ headers: { "User-Agent-X": "1", Cookie: "a=b", "Sec-X": "1", Host: "x", "Accept-Encoding": "x" } })),
  "keepalive": init(() => ({ method: "POST", keepalive: true, body: "{}", headers: json })),
  "no-store, priority, policy": init(() => ({ method: "PUT", cache: "no-store", priority: "low", referrerPolicy: "no-referrer", redirect: "error", integrity: "" })),
};

// Streams go nowhere without HTTP/2, and in some browsers not at all: the client sends them as one piece.
export const streams = {
  "POST of a stream": [init(() => ({ method: "POST", body: stream("one ", "two"), duplex: "half" })), init(() => ({ method: "POST", body: new Blob(["one two"]) }))],
  "PUT of a stream": [init(() => ({ method: "PUT", body: stream("a", "b"), duplex: "half", headers: json })), init(() => ({ method: "PUT", body: "ab", headers: json }))],
};

// A Request has one only where the browser can stream; elsewhere it has made a text of it.
if (!new Request("/", { method: "POST", body: stream(), duplex: "half" }).headers.has("Content-Type")) {
  const request = (method) => (fetch, url) => fetch(new Request(url, { method, body: stream("a", "b"), duplex: "half" }));
  const blob = (method) => init(() => ({ method, body: new Blob(["ab"]) }));
  streams["a Request of a stream"] = [request("POST"), blob("POST")];
  streams["a Request of a stream, to be put"] = [request("PUT"), blob("PUT")];
}

// Calls that fetch refuses before anything is sent, and how.
const aborted = (reason) => {
  const controller = new AbortController();
  controller.abort(reason);
  return controller.signal;
};
export const refused = {
  "GET with a body": init(() => ({ body: "x" })),
  "HEAD with a body": init(() => ({ method: "HEAD", body: "x" })),
  "a method that is none": init(() => ({ method: "a b" })),
  "CONNECT": init(() => ({ method: "CONNECT" })),
  "TRACE": init(() => ({ method: "trace" })),
  "a header name that is none": init(() => ({ headers: { "a b": "1" } })),
  "a header value that is none": init(() => ({ headers: { "X-A": "1\r\nX-B: 2" } })),
  "a header value beyond bytes": init(() => ({ headers: { "X-A": "€" } })),
  "aborted before": init(() => ({ signal: aborted() })),
  "aborted before, for a reason": init(() => ({ signal: aborted(new RangeError("enough")) })),
  "a body that was read": async (fetch, url) => {
    const request = new Request(url, { method: "POST", body: "x" });
    await request.text();
    return fetch(request);
  },
  "a cache that asks for the same origin": init(() => ({ cache: "only-if-cached" })),
  "the same origin alone": init(() => ({ mode: "same-origin" })),
};
