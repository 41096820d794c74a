// ky, which makes a Request of every call.
import ky from "ky";

export async function tour(fetch, base, { email, password, step }) {
  let client = ky.create({ prefixUrl: base + "/api/collections", fetch, retry: 0 });
  const signedIn = await client.post("users/auth-with-password", { body: new URLSearchParams({ identity: email, password }) }).json();
  await step("sign in", () => signedIn.record.email);
  client = client.extend({ headers: { Authorization: "Bearer " + signedIn.token } });

  const note = await step("create", () => client.post("notes/records", { json: { title: "first" } }).json());
  await step("list", async () => (await client.get("notes/records", { searchParams: { filter: "title = 'first'" } }).json()).items.map((item) => item.title));
  await step("update", async () => (await client.patch("notes/records/" + note.id, { json: { title: "second" }, headers: { "X-Trace": "7" } }).json()).title);

  const form = new FormData();
  form.append("picture", new File([Uint8Array.from({ length: 5000 }, (_, i) => i)], "picture.bin"));
  const filed = await step("upload", () => client.patch("notes/records/" + note.id, { body: form }).json());
  const picture = `${base}/api/files/notes/${note.id}/${filed.picture}`;
  await step("download", async () => (await client.get(picture, { prefixUrl: "" }).arrayBuffer()).byteLength);
  await step("cancel", () => client.get("notes/records", { signal: AbortSignal.abort() }).json().catch((error) => error.name));
  await step("delete", async () => (await client.delete("notes/records/" + note.id)).status === 204);
  await step("an error is readable", () => client.get("notes/records/" + note.id).catch((error) => error.response.status));
}
