/** An access token, or a function that gives one whenever it is needed. */
export type CrossgateToken =
  | string
  | null
  | undefined
  | (() => string | null | undefined | PromiseLike<string | null | undefined>);

export interface CrossgateOptions {
  /**
   * The public address of the API. Relative addresses are resolved against it, that of the gateway's tickets among them: where
   * it has a path it ends with a slash. Its origin alone gets the token.
   */
  base: string | URL;
  /** Left out: the API is called without a token. */
  token?: CrossgateToken;
}

export interface CrossgateTicketOptions {
  /** The methods that the ticket is good for; GET and HEAD where none is named. */
  method?: string | readonly string[];
  /** Narrows the ticket to paths below this one, in whole segments. */
  pathPrefix?: string;
  /** Whether the ticket may open a WebSocket. */
  websocket?: boolean;
}

export interface CrossgateEventSourceInit {
  /** The query parameter that tells the API the last event's id, where a connection is begun anew with a new ticket. */
  lastEventIdParam?: string;
}

/** An EventSource that gets its tickets, and renews them, by itself. */
export interface CrossgateEventSource extends EventTarget {
  readonly url: string;
  readonly withCredentials: boolean;
  readonly readyState: number;
  onopen: ((this: CrossgateEventSource, event: Event) => any) | null;
  onmessage: ((this: CrossgateEventSource, event: MessageEvent) => any) | null;
  onerror: ((this: CrossgateEventSource, event: Event) => any) | null;
  close(): void;
  addEventListener(type: "open" | "error", listener: ((event: Event) => any) | EventListenerObject | null, options?: boolean | AddEventListenerOptions): void;
  addEventListener(type: string, listener: ((event: MessageEvent) => any) | EventListenerObject | null, options?: boolean | AddEventListenerOptions): void;
  removeEventListener(type: string, listener: ((event: any) => any) | EventListenerObject | null, options?: boolean | EventListenerOptions): void;
}

export interface CrossgateEventSourceConstructor {
  readonly CONNECTING: 0;
  readonly OPEN: 1;
  readonly CLOSED: 2;
  new (url: string | URL, init?: CrossgateEventSourceInit): CrossgateEventSource;
}

/** The browser's fetch, for an API behind Crossgate: never preflighted. */
export type Crossgate = typeof globalThis.fetch & {
  /** Asks for a ticket: bound to one address of the API, or where none is given to the page's origin. It lives for 60 seconds. */
  ticket(url?: string | URL | null, options?: CrossgateTicketOptions): Promise<string>;
  /** An address of the API with a ticket for it, to put where only an address can be: images, downloads. */
  url(path: string | URL): Promise<string>;
  EventSource: CrossgateEventSourceConstructor;
};

/** Makes a fetch for one API. */
export function crossgate(options: CrossgateOptions): Crossgate;
