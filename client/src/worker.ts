// The service worker's part: carries what the pages' own fetch and XMLHttpRequest send to the API,
// for pages whose code cannot be changed.

import { carrier } from "./carry.js";
import type { CrossgateOptions } from "../client.js";

declare const self: ServiceWorkerGlobalScope & typeof globalThis;

const crossgateWorker = ({ base, token }: CrossgateOptions): void => {
  let told: string | null | undefined;
  const { fetch, home } = carrier({ base, token: () => told ?? (typeof token == "function" ? token() : token) });

  // At once, for pages that are open already too.
  self.addEventListener("install", () => void self.skipWaiting());
  self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

  self.addEventListener("message", ({ data, origin }) => {
    if (origin == self.origin && data?.crossgate) told = data.crossgate.token;
  });

  self.addEventListener("fetch", (event) => {
    const { request } = event;
    // An <img>, a script or a page has a destination, and is never given a token.
    if (request.mode != "cors" || request.destination || !request.url.startsWith(home)) return;
    event.respondWith(repeat(request).then((init) => fetch(request.url, init)));
  });
};

// A request anew. A copy would keep that an XMLHttpRequest has asked for a preflight, as one does
// whose upload is watched.
const repeat = async (request: Request): Promise<RequestInit> => {
  const { method, credentials, cache, redirect, referrer, referrerPolicy, integrity, keepalive, signal } = request;
  const headers = new Headers(request.headers);
  // Chromium shows its own fields here, as though the page had set them; the rest of them are
  // forbidden, and dropped by that.
  if (headers.get("user-agent") == navigator.userAgent) headers.delete("user-agent");
  const body = await request.blob();
  return { method, headers, body: body.size ? body : null, credentials, cache, redirect, referrer, referrerPolicy, integrity, keepalive, signal };
};

self.crossgateWorker = crossgateWorker;
