// A server on loopback that records every request, and answers what a test tells it to.

import { createServer } from "node:http";
import { once } from "node:events";
import { after } from "node:test";

export const startGateway = async () => {
  const requests = [];
  const answers = []; // taken one by one; where none is left, 200
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    requests.push({ method: request.method, url: request.url, headers: request.headers, body: Buffer.concat(chunks).toString() });
    const { status = 200, headers = {}, body = "" } = answers.shift() ?? {};
    response.writeHead(status, headers).end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    base: `http://127.0.0.1:${server.address().port}`,
    answers,
    // What has come since the last call.
    taken: () => requests.splice(0),
  };
};

// The fields of a form, as pairs.
export const fieldsOf = ({ body }) => [...new URLSearchParams(body)];
