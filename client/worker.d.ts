import type { CrossgateOptions } from "./client.js";

declare global {
  /** Makes this service worker carry the page's calls of one API, without a preflight. To be called while the worker's script is first run. */
  function crossgateWorker(options: CrossgateOptions): void;
}
