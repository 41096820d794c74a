// openapi-fetch, the client of openapi-typescript.
import createClient from "openapi-fetch";

export async function tour(fetch, base, { email, password, step }) {
  const client = createClient({ baseUrl: base + "/api", fetch });
  const records = "/collections/{collection}/records";
  const record = records + "/{id}";
  const notes = (more) => ({ params: { path: { collection: "notes", ...more } } });

  const { data: signedIn } = await client.POST("/collections/{collection}/auth-with-password", {
    params: { path: { collection: "users" } },
    body: { identity: email, password },
    bodySerializer: (body) => new URLSearchParams(body),
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
  });
  await step("sign in", () => signedIn.record.email);
  client.use({ onRequest: ({ request }) => request.headers.set("Authorization", "Bearer " + signedIn.token) });

  const { data: note } = await client.POST(records, { ...notes(), body: { title: "first" } });
  await step("create", () => note);
  const filter = { params: { path: { collection: "notes" }, query: { filter: "title = 'first'" } } };
  await step("list", async () => (await client.GET(records, filter)).data.items.map((item) => item.title));
  await step("update", async () => (await client.PATCH(record, { ...notes({ id: note.id }), body: { title: "second" }, headers: { "X-Trace": "7" } })).data.title);

  const form = new FormData();
  form.append("picture", new File([Uint8Array.from({ length: 5000 }, (_, i) => i)], "picture.bin"));
  const filed = await step("upload", async () => (await client.PATCH(record, { ...notes({ id: note.id }), body: form, bodySerializer: (body) => body })).data);
  const file = { params: { path: { id: note.id, name: filed.picture } }, parseAs: "arrayBuffer" };
  await step("download", async () => (await client.GET("/files/notes/{id}/{name}", file)).data.byteLength);
  await step("cancel", () => client.GET(records, { ...notes(), signal: AbortSignal.abort() }).catch((error) => error.name));
  await step("delete", async () => (await client.DELETE(record, notes({ id: note.id }))).response.status === 204);
  await step("an error is readable", async () => (await client.GET(record, notes({ id: note.id }))).response.status);
}
