// The request in the body of a simple POST, as the gateway unwraps it: a form where there is no
// body, and else multipart with the body's bytes as they are. Composed by hand, because FormData
// changes line ends and makes up content types, and a Blob's type loses its capital letters.

export const envelope = ({ method, headers }: Request, token: string | null | undefined, body: Blob): BodyInit => {
  const type = headers.get("content-type");
  const lines = [...headers].filter(([name]) => name != "content-type").map((header) => header.join(": "));
  const fields = [["$httpMethod", method]];
  if (token) fields.push(["access_token", token]);
  if (lines[0]) fields.push(["$httpHeaders", lines.join("\r\n")]);
  if (!body.size) {
    if (type) fields.push(["$ct", type]);
    return new URLSearchParams(fields);
  }
  // 128 random bits, which no body holds but by chance. randomUUID is for https pages alone.
  const boundary = "crossgate" + crypto.getRandomValues(new Uint32Array(4)).join("");
  const head = (name: string) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n`;
  return new Blob(
    [
      ...fields.map(([name, value]) => head(name!) + "\r\n" + value + "\r\n"),
      head("$body") + (type ? "Content-Type: " + type + "\r\n\r\n" : "\r\n"),
      body,
      `\r\n--${boundary}--\r\n`,
    ],
    { type: "multipart/form-data; boundary=" + boundary },
  );
};
