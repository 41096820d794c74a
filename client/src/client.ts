// The client, as pages load it: a fetch that is never preflighted, with tickets for all that needs
// an address.

import { carrier } from "./carry.js";
import { eventSource } from "./eventsource.js";
import type { Crossgate, CrossgateOptions, CrossgateTicketOptions } from "../client.js";

export const crossgate = (options: CrossgateOptions): Crossgate => {
  const { base, token } = options;
  const { fetch, authorized, home, real } = carrier(options);

  const ticket = async (url?: string | URL | null, { method, pathPrefix, websocket }: CrossgateTicketOptions = {}) => {
    const target = url && new URL(url, base);
    const response = await authorized((token) =>
      // Resolved against base: several APIs may share an origin, told apart by path.
      real(new URL(".crossgate/ticket", base), {
        method: "POST",
        redirect: "error",
        credentials: "omit",
        body: new URLSearchParams(
          [
            ["access_token", token],
            ["url", target && target.pathname + target.search],
            ["path_prefix", pathPrefix],
            ["websocket", websocket && "1"],
            ...[method ?? []].flat().map((name) => ["method", name]),
          ].filter(([, value]) => value) as string[][],
        ),
      }),
    );
    if (!response.ok) throw new Error("Crossgate: no ticket, " + (response.headers.get("crossgate-reason") ?? response.status), { cause: response });
    return (await response.json()).ticket as string;
  };

  const url = async (path: string | URL) => {
    const address = new URL(path, base);
    // A ticket is for the API alone, and an API without a token needs none.
    if (token && address.href.startsWith(home)) address.search += (address.search && "&") + "access_token=" + (await ticket(address));
    return address.href;
  };

  return Object.assign(fetch, { ticket, url, EventSource: eventSource(base, url) }) as Crossgate;
};
