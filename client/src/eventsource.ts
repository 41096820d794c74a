// An EventSource whose address has a ticket, and a new one whenever the old one has died.

import type { CrossgateEventSource, CrossgateEventSourceConstructor, CrossgateEventSourceInit } from "../client.js";

// A ticket lives for 60 s. An address older than this, in milliseconds, is not tried again.
const ticketLife = 5e4;

// How long the browser waits before it connects again, where the server does not say, in milliseconds.
const reconnectionTime = 3e3;

export const eventSource = (base: string | URL, withTicket: (url: string) => Promise<string>) =>
  Object.assign(
    function (url: string | URL, init?: CrossgateEventSourceInit) {
      let native: EventSource | undefined;
      let born: number;
      let lastId: string;
      const types = new Set(["open", "message", "error"]);
      const target = new EventTarget();
      const listen = target.addEventListener;
      const source = Object.assign(target, {
        url: new URL(url, base).href,
        readyState: 0,
        withCredentials: false,
        close() {
          source.readyState = 2;
          native?.close();
        },
        addEventListener(type: string, ...rest: [any, any]) {
          listen.call(source, type, ...rest);
          types.add(type);
          native?.addEventListener(type, hear);
        },
      });

      const tell = (event: Event) => {
        (source as any)["on" + event.type]?.(event);
        source.dispatchEvent(event);
      };

      const hear = (event: any) => {
        // A server may call its own events "error": those have data.
        if (event.data != null) {
          lastId = event.lastEventId;
          return tell(new MessageEvent(event.type, event));
        }
        // The browser would try the same address again. While its ticket lives, it may.
        if (event.type == "error" && Date.now() - born > ticketLife) {
          native!.close();
          later();
        } else source.readyState = native!.readyState;
        tell(new Event(event.type));
      };

      const later = () => {
        source.readyState = 0;
        setTimeout(() => source.readyState || connect(), reconnectionTime);
      };

      const connect = async () => {
        try {
          const next = new URL(source.url);
          if (lastId && init?.lastEventIdParam) next.searchParams.set(init.lastEventIdParam, lastId);
          const address = await withTicket(next.href);
          if (source.readyState) return; // closed meanwhile
          native = new EventSource(address);
          born = address == next.href ? Infinity : Date.now(); // without a ticket it never grows old
          for (const type of types) native.addEventListener(type, hear);
        } catch (error) {
          // A TypeError is the network's: the gateway may be back in a while. Else it has refused.
          if (error instanceof TypeError) later();
          else source.readyState = 2;
          tell(new Event("error"));
        }
      };

      connect();
      return source as unknown as CrossgateEventSource;
    } as unknown as CrossgateEventSourceConstructor,
    { CONNECTING: 0, OPEN: 1, CLOSED: 2 } as const,
  );
