// Carries requests to one API: a fetch with which none of them is preflighted.

import { envelope } from "./envelope.js";
import { isSimple } from "./simple.js";
import type { CrossgateOptions } from "../client.js";

export interface Carrier {
  fetch: typeof globalThis.fetch;
  /** Sends with the token, and once more where the gateway calls it stale and a fresh one is at hand. */
  authorized: (send: (token?: string | null) => Promise<Response>) => Promise<Response>;
  /** Where tokens may go: the origin of the API and a slash. */
  home: string;
  /** The browser's fetch, as it was before anybody put ours in its place. */
  real: typeof globalThis.fetch;
}

export const carrier = ({ base, token }: CrossgateOptions): Carrier => {
  const home = new URL(base).origin + "/";
  const real = globalThis.fetch;

  const ask = async () => (typeof token == "function" ? token() : token);

  const authorized: Carrier["authorized"] = async (send) => {
    const first = await ask();
    const response = await send(first);
    // The gateway says so before the API has seen the request, and no body of ours is used up.
    const fresh = /^token-(expired|unknown)$/.test(response.headers.get("crossgate-reason")!) && (await ask());
    return fresh && fresh != first ? send(fresh) : response;
  };

  const fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const asked = (input as Request).url; // undefined of a string and of a URL
    const url = new URL(asked ?? (input as string), base).href;
    if (!url.startsWith(home)) return real(input, init);

    const given = init?.body;
    const isStream = given instanceof ReadableStream;
    // The browser's own rules for methods, headers and bodies, with its own errors.
    const request = new Request(asked ? (input as Request) : url, isStream ? { ...init, body: new Blob() } : init);
    // A copy of a Request would keep that it had a stream, or that an XMLHttpRequest's upload is
    // watched, and be preflighted for that: what is sent is made anew.
    const made: Record<string, unknown> = { ...init };
    for (const name in request) made[name] = request[name as keyof Request];
    const { headers, method, mode, signal } = request;
    signal.throwIfAborted();
    if (method == "OPTIONS") throw new TypeError("Crossgate: OPTIONS is always preflighted");

    // A token that the caller sets wins. PocketBase's client leaves out the word Bearer.
    const own = /^(?:bearer +)?(\S*)$/i.exec(headers.get("authorization") ?? "");
    if (!own) throw new TypeError("Crossgate: Authorization must be Bearer");
    headers.delete("authorization");

    // A copy, as fetch makes one: the caller may write into the bytes at once.
    const reading = isStream
      ? new Response(given).blob()
      : given == null || given instanceof FormData
        ? request.blob()
        : new Blob([given as BlobPart]);

    const work = async () => {
      const body = await reading;
      const send = (token?: string | null) =>
        real(url, {
          ...made,
          ...(mode == "no-cors" || (!token && isSimple(request))
            ? { body: body.size ? body : undefined }
            : {
                method: "POST",
                headers: {},
                body: envelope(request, token, body),
                credentials: "omit",
                // The gateway redirects a GET alone, so that no body is repeated. Whoever else does would
                // have the browser send the token wherever it says.
                ...(/^(GET|HEAD)$/.test(method) ? {} : { redirect: "error" }),
              }),
        });
      return own[1] ? send(own[1]) : authorized(send);
    };
    return new Promise((resolve, reject) => {
      signal.onabort = () => reject(signal.reason);
      work()
        .finally(() => (signal.onabort = null))
        .then(resolve, reject);
    });
  };

  return { fetch, authorized, home, real };
};
