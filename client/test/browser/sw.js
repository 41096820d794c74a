importScripts("worker.js");
const from = new URL(location.href).searchParams;
crossgateWorker({ base: from.get("api"), token: async () => "tok" });
