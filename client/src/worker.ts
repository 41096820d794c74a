// The service worker's part: carries what the pages' own fetch and XMLHttpRequest send to the API,
// for pages whose code cannot be changed.

import { carrier } from "./carry.js";
import type { CrossgateOptions, CrossgateToken } from "../client.js";

declare const self: ServiceWorkerGlobalScope;

const crossgateWorker = ({ base, token }: CrossgateOptions): void => {
  let told: CrossgateToken;
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
    if (request.mode == "cors" && !request.destination && request.url.startsWith(home)) event.respondWith(fetch(request));
  });
};

(self as any).crossgateWorker = crossgateWorker;
