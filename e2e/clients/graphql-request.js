// graphql-request, on a small GraphQL server.
import { GraphQLClient, gql } from "graphql-request";

export async function tour(fetch, base, { step }) {
  const client = new GraphQLClient(base + "/graphql", { fetch, headers: { "X-Trace": "7" } });
  const add = gql`mutation ($text: String!) { add(text: $text) { id text } }`;
  const all = gql`query ($containing: String) { notes(containing: $containing) { id text } }`;

  const added = await step("mutation", () => client.request(add, { text: "Hello 日本" }));
  await step("variables", async () => (await client.request(all, { containing: "日" })).notes.at(-1).id === added.add.id);
  await step("an error is readable", () => client.request(gql`{ nothing }`).catch((error) => error.response.errors.length));
  await step("raw", async () => (await client.rawRequest("{ notes { text } }")).headers.get("content-type"));
}
