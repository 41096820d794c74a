// axios, with its fetch adapter.
import axios from "axios";

export async function tour(fetch, base, { email, password, step }) {
  const client = axios.create({ baseURL: base + "/api/collections/", adapter: "fetch", env: { fetch } });
  // Where a browser lets it (Firefox), axios names itself in User-Agent. Without that, and with
  // no token yet, signing in is a simple request where its body is a form.
  const plain = { headers: { "User-Agent": false } };
  const signedIn = await client.post("users/auth-with-password", new URLSearchParams({ identity: email, password }), plain);
  await step("sign in", () => signedIn.data.record.email);
  client.defaults.headers.common.Authorization = "Bearer " + signedIn.data.token;

  const { data: note } = await client.post("notes/records", { title: "first" });
  await step("create", () => note);
  await step("list", async () => (await client.get("notes/records", { params: { filter: "title = 'first'" } })).data.items.map((item) => item.title));
  await step("update", async () => (await client.patch("notes/records/" + note.id, { title: "second" }, { headers: { "X-Trace": "7" } })).data.title);

  const form = new FormData();
  form.append("picture", new File([Uint8Array.from({ length: 5000 }, (_, i) => i)], "picture.bin"));
  // Who watches an upload gets a stream from axios, where the browser has any.
  const watched = { onUploadProgress: () => {} };
  const filed = await step("upload", async () => (await client.patch("notes/records/" + note.id, form, watched)).data);
  const picture = `${base}/api/files/notes/${note.id}/${filed.picture}`;
  await step("download", async () => (await client.get(picture, { responseType: "arraybuffer" })).data.byteLength);
  await step("cancel", () => client.get("notes/records", { signal: AbortSignal.abort() }).catch((error) => error.code));
  await step("delete", async () => (await client.delete("notes/records/" + note.id)).status === 204);
  await step("an error is readable", () => client.get("notes/records/" + note.id).catch((error) => error.response.status));
}
