// PocketBase's own client. It has no option for a fetch of one's own; beforeSend can
// give each request one.
import PocketBase from "pocketbase";

export async function tour(fetch, base, { email, password, step }) {
  const client = new PocketBase(base);
  client.beforeSend = (url, options) => ({ url, options: { ...options, fetch } });
  const notes = client.collection("notes");

  // Without a token yet, signing in is a simple request where its body is a form.
  const form = new FormData();
  form.append("identity", email);
  form.append("password", password);
  await step("sign in", async () => (await client.collection("users").authWithPassword(email, password, { body: form })).record.email);

  const note = await step("create", () => notes.create({ title: "first" }));
  await step("list", async () => (await notes.getList(1, 20, { filter: "title = 'first'" })).items.map((item) => item.title));

  const heard = Promise.withResolvers();
  await step("subscribe", () => notes.subscribe("*", (event) => heard.resolve(event)).then(() => "done"));
  await step("update", async () => (await notes.update(note.id, { title: "second" }, { headers: { "X-Trace": "7" } })).title);
  await step("realtime", async () => { const event = await heard.promise; return event.action + " " + event.record.title; });
  await notes.unsubscribe();

  const file = new File([Uint8Array.from({ length: 5000 }, (_, i) => i)], "picture.bin");
  const filed = await step("upload", async () => notes.update(note.id, { picture: file }));
  await step("download", async () => (await (await fetch(client.files.getURL(filed, filed.picture))).arrayBuffer()).byteLength);
  await step("delete", () => notes.delete(note.id));
  await step("an error is readable", () => notes.getOne(note.id).catch((error) => error.status));
}
