// Does by the generated client everything that the dashboard's pages do. The compiler
// holds each call against the document, and the server each request.
import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { paths } from "./dist/schema.js";

const { DASHBOARD, KEY } = process.env;
assert(DASHBOARD && KEY, "DASHBOARD and KEY say where the server is and who asks");

const client = (key: string) =>
  createClient<paths>({ baseUrl: `${DASHBOARD}/api/v1`, headers: { Authorization: `Bearer ${key}` } });
const api = client(KEY);

/** The answer of a call that is to succeed. */
async function ok<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await call;
  assert(response.ok, `${response.status} of ${response.url}: ${JSON.stringify(error)}`);
  return data as T;
}

/** The status and code of a call that is to be refused. */
async function refused(call: Promise<{ error?: unknown; response: Response }>): Promise<string> {
  const { error, response } = await call;
  assert(!response.ok, `${response.url} was not refused`);
  return `${response.status} ${(error as { code: string }).code}`;
}

async function trustedDomains() {
  const body = { domains: ["app.example.com", "http://legacy.example.com"], label: "Web shop" };
  const preview = await ok(api.POST("/domains/preview", { body }));
  assert.deepEqual(preview.lines[1]?.confirm, ["insecure"]);
  assert.equal(await refused(api.POST("/domains", { body })), "422 needs-confirmation");
  const added = await ok(api.POST("/domains", { body: { ...body, confirm: ["insecure"] } }));
  assert.equal(added.lines.length, 2);

  const list = await ok(api.GET("/domains", { params: { query: { search: "app", limit: 10 } } }));
  assert.equal(list.total, 1);
  const id = list.items[0]!.id;
  const check = (origin: string) => ok(api.GET("/domains/check", { params: { query: { origin } } }));
  assert.equal((await check("https://app.example.com")).allowed, true);
  assert.equal((await check("https://other.example")).allowed, false);

  const path = { id };
  const shown = await api.GET("/domains/{id}", { params: { path } });
  const etag = shown.response.headers.get("etag")!;
  const off = await ok(api.PATCH("/domains/{id}", { params: { path, header: { "If-Match": etag } }, body: { enabled: false } }));
  assert.equal(off.enabled, false);
  assert.equal(await refused(api.DELETE("/domains/{id}", { params: { path, header: { "If-Match": etag } } })), "412 changed-since");
  await ok(api.PATCH("/domains/{id}", { params: { path }, body: { enabled: true, expires_at: null } }));

  const gone = await ok(api.DELETE("/domains/{id}", { params: { path } }));
  await ok(api.POST("/audit/{id}/undo", { params: { path: { id: gone.change!.id } } }));
  const all = await ok(api.GET("/domains"));
  assert.equal(all.total, 2);
  await ok(api.POST("/domains/remove", { body: { ids: all.items.filter((d) => d.id !== id).map((d) => d.id) } }));
}

async function accessTokens() {
  const create = () =>
    api.POST("/tokens", {
      params: { header: { "Idempotency-Key": "nightly-1" } },
      body: { name: "Nightly", domains: ["app.example.com"], methods: ["GET"], path_prefix: "/api", query_carrier: "read" },
    });
  const made = await ok(create());
  assert.match(made.token, /^cgt_/);
  assert.equal(await refused(create()), "409 already-done");
  const path = { id: made.id };
  assert.equal((await ok(api.GET("/tokens/{id}", { params: { path } }))).name, "Nightly");
  assert.equal((await ok(api.GET("/tokens"))).total, 1);
  assert((await ok(api.POST("/tokens/{id}/revoke", { params: { path } }))).revoked_at);
}

async function policy() {
  const { data: was, response } = await api.GET("/policy");
  const header = { "If-Match": response.headers.get("etag")! };
  const now = await ok(
    api.PATCH("/policy", {
      params: { header },
      body: { credentials: false, methods: ["GET", "POST"], open_envelopes: true, max_age: 600, expose: ["X-Total"], exempt: [{ method: "POST", path: "/saml/acs" }] },
    }),
  );
  assert.equal(now.max_age, 600);
  assert.equal(now.open_envelopes, true);
  assert.equal(now.version, was!.version + 1);
  assert.equal(await refused(api.PATCH("/policy", { params: { header }, body: { max_age: 1 } })), "412 changed-since");
}

async function tickets() {
  const found = (await ok(api.GET("/ticket-keys"))).keys;
  assert.equal(found.length, 1, "the server makes the first key when it starts");
  assert.equal((await ok(api.POST("/ticket-keys/rotate", { body: {} }))).keys.length, 2);
  assert.equal((await ok(api.POST("/ticket-keys/rotate", { body: {} }))).change, null);
  const ended = await ok(api.POST("/ticket-keys/rotate", { body: { now: true } }));
  assert.equal(ended.keys.length, 1);
  assert.notEqual(ended.keys[0]!.signs_from, found[0]!.signs_from);
}

async function people() {
  assert.equal((await ok(api.GET("/users"))).items.length, 1);
  const user = { params: { path: { name: "anna" } } };
  assert.equal((await ok(api.GET("/users/{name}", user))).role, "owner");
  assert.equal(await refused(api.PATCH("/users/{name}", { ...user, body: { role: "viewer" } })), "409 last-owner");
  assert.match(await refused(api.DELETE("/users/{name}", user)), /^409 /);
  const invited = await ok(api.POST("/invitations", { body: { name: "ben", role: "editor" } }));
  assert.match(invited.path, /^\/invitation\?secret=/);
  assert.equal((await fetch(DASHBOARD + invited.path)).status, 200);
  assert.equal((await ok(api.GET("/invitations"))).items.length, 1);
  await ok(api.DELETE("/invitations/{id}", { params: { path: { id: invited.id } } }));
  assert.equal((await ok(api.GET("/users/{name}/sessions", user))).items.length, 0);
  await ok(api.DELETE("/users/{name}/sessions", user));
  assert.equal(await refused(api.DELETE("/sessions/{id}", { params: { path: { id: "ses_none" } } })), "404 not-found");
}

async function managementKeys() {
  const made = await ok(api.POST("/keys", { body: { name: "Watcher", role: "viewer" } }));
  const viewer = client(made.key);
  assert.equal((await ok(viewer.GET("/keys/current"))).id, made.id);
  assert.equal(await refused(viewer.POST("/domains", { body: { domains: ["evil.example"] } })), "403 role");
  const path = { id: made.id };
  assert.equal((await ok(api.GET("/keys/{id}", { params: { path } }))).role, "viewer");
  await ok(api.POST("/keys/{id}/revoke", { params: { path } }));
  assert.equal(await refused(viewer.GET("/keys")), "401 key-revoked");
  assert.equal((await ok(api.GET("/keys"))).total, 2);
}

/** Every change that was made above is in the log, page after page. */
async function audit() {
  const seen: string[] = [];
  for (let before: number | null | undefined; before !== null; ) {
    const page = await ok(api.GET("/audit", { params: { query: before ? { limit: 5, before } : { limit: 5 } } }));
    seen.push(...page.items.map((change) => change.action));
    before = page.next;
  }
  for (const action of ["domain.add", "domain.set", "domain.undo", "domain.remove", "token.create", "ticket.rotate", "policy.set", "invitation.create", "key.revoke"]) {
    assert(seen.includes(action), `${action} is not in the log: ${seen}`);
  }
  const newest = (await ok(api.GET("/audit", { params: { query: { limit: 1, action: "key" } } }))).items[0]!;
  assert.equal((await ok(api.GET("/audit/{id}", { params: { path: { id: newest.id } } }))).actor.kind, "key");
}

for (const part of [trustedDomains, accessTokens, tickets, policy, people, managementKeys, audit]) {
  await part();
  console.log(`${part.name}: done`);
}
