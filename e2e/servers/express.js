// An API in Express with expressjs/cors, set up well, or badly in ways that are common:
// node express.js KIND. It prints the port that it listens on.
"use strict";

const express = require("express");
const cors = require("cors");

const page = "https://app.example.com";
const items = (request, response) => response.json([1, 2, 3]);
const good = { origin: [page], methods: ["GET", "PUT"], allowedHeaders: ["Content-Type", "Authorization"], maxAge: 600, credentials: true };

// everywhere uses cors for every route, as its manual says.
const everywhere = (options) => (app) => {
  app.use(cors(options));
  app.get("/items", items);
  app.put("/items", items);
};

const kinds = {
  good: everywhere(good),
  defaults: everywhere(),
  "origin true": everywhere({ ...good, origin: true }),
  "origin with a slash": everywhere({ ...good, origin: page + "/" }),
  "pattern without a beginning": everywhere({ ...good, origin: /example\.com$/ }),
  "pattern without an end": everywhere({ ...good, origin: /^https:\/\/app\.example\.com/ }),
  "pattern with a bare dot": everywhere({ ...good, origin: /^https:\/\/app.example\.com$/ }),
  "pattern for http": everywhere({ ...good, origin: /^https?:\/\/app\.example\.com$/ }),
  "null in the list": everywhere({ ...good, origin: [page, "null"] }),
  "list as a text": everywhere({ ...good, origin: page + ",https://www.example.com" }),
  "another origin": everywhere({ ...good, origin: "https://www.example.com" }),
  "method left out": everywhere({ ...good, methods: ["GET", "POST"] }),
  "header left out": everywhere({ ...good, allowedHeaders: ["Authorization"] }),
  "wildcard with credentials": everywhere({ ...good, origin: "*" }),
  "no max age": everywhere({ ...good, maxAge: undefined }),
  "after the routes": (app) => {
    app.get("/items", items);
    app.put("/items", items);
    app.use(cors(good));
  },
  "on the route alone": (app) => {
    app.get("/items", cors(good), items);
    app.put("/items", cors(good), items); // and no app.options
  },
  "signing in first": (app) => {
    app.use((request, response, next) => (request.get("Authorization") ? next() : response.sendStatus(401)));
    everywhere(good)(app);
  },
  "set again": (app) => {
    app.use(cors(good));
    app.get("/items", (request, response) => items(request, response.append("Access-Control-Allow-Origin", page)));
  },
};

const app = express();
kinds[process.argv[2]](app);
const server = app.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.stdin.on("end", () => process.exit()).resume(); // whoever started it has gone
