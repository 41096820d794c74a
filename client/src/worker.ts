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

  self.addEventListener("message", ({ data, origin, ports }) => {
    if (origin != self.origin || !data?.crossgate) return;
    told = data.crossgate.token;
    ports[0]?.postMessage(true); // now it holds: a message and a call may overtake each other
  });

  self.addEventListener("fetch", (event) => {
    const { request } = event;
    // An <img>, a script or a page has a destination, and is never given a token.
    if (request.mode != "cors" || request.destination || !request.url.startsWith(home)) return;
    // Chromium shows its own fields here, as though the page had set them. But for this one they are
    // forbidden, and dropped by that.
    const headers = new Headers(request.headers);
    if (headers.get("user-agent") == navigator.userAgent) headers.delete("user-agent");
    // What else is given resets these two.
    event.respondWith(fetch(request, { headers, referrer: request.referrer, referrerPolicy: request.referrerPolicy }));
  });
};

self.crossgateWorker = crossgateWorker;
