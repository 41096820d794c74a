// What the types promise, checked by the compiler: this file is never run.

import { crossgate } from "crossgate-client";
import type { Crossgate, CrossgateEventSource } from "crossgate-client";
import { crossgate as built } from "../src/client.js";

// The sources keep what the types say, and the types take nothing away from what they give.
export const promised: typeof crossgate = built;

// It stands wherever fetch does.
export const standsFor: typeof globalThis.fetch = crossgate({ base: "https://api.example.com" });
export const instead: (...args: Parameters<typeof globalThis.fetch>) => ReturnType<typeof globalThis.fetch> = standsFor;

// A token is a text, a function, a promise of a text, or absent.
export const tokens: Crossgate[] = [
  crossgate({ base: new URL("https://api.example.com"), token: "cgt_x" }),
  crossgate({ base: "https://api.example.com", token: () => "cgt_x" }),
  crossgate({ base: "https://api.example.com", token: async () => null }),
  crossgate({ base: "https://api.example.com", token: undefined }),
];

export const use = async (fetch: Crossgate): Promise<unknown[]> => {
  const events: CrossgateEventSource = new fetch.EventSource("/events", { lastEventIdParam: "since" });
  events.onmessage = (event) => void event.data;
  events.addEventListener("message", (event) => void event.lastEventId);
  events.addEventListener("open", (event) => void event.type);
  events.close();
  const closed: 2 = fetch.EventSource.CLOSED;
  const ticket: string = await fetch.ticket(undefined, { websocket: true, method: ["GET"], pathPrefix: "/live" });
  const url: string = await fetch.url("/files/7");
  const response: Response = await fetch(new Request(url), { method: "PATCH", body: new FormData(), priority: "low" });
  return [closed, ticket, response];
};

// @ts-expect-error an API has an address
crossgate({ token: "cgt_x" });
// @ts-expect-error a token is no number
crossgate({ base: "https://api.example.com", token: 7 });
// @ts-expect-error there is no such option
crossgate({ base: "https://api.example.com", tokens: "cgt_x" });
