package reference

import (
	"encoding/json"
	"testing"
)

const small = `
openapi: 3.1.0
info: { title: Small, description: "One ` + "`code`" + ` and **strong**.\n\nTwo." }
servers: [{ url: /api/v1 }]
tags: [{ name: Trusted Domains }]
paths:
  /domains/{id}:
    parameters: [{ $ref: "#/components/parameters/ID" }]
    put:
      operationId: setDomain
      tags: [Trusted Domains]
      summary: Change
      x-crossgate-role: editor
      requestBody: { content: { application/json: { schema: { $ref: "#/components/schemas/Tree" } } } }
      responses:
        "200": { description: Done., content: { application/json: { example: { a: ["x", 1, null, true] } } } }
        default: { description: Not. }
components:
  parameters: { ID: { name: id, in: path, required: true, schema: { type: [integer, "null"] } } }
  schemas: { Tree: { type: object, properties: { domain: { type: string }, at: { type: string, format: date-time }, on: { type: boolean }, below: { type: array, items: { $ref: "#/components/schemas/Tree" } } } } }
`

func TestParse(t *testing.T) {
	d, err := parse([]byte(small))
	if err != nil {
		t.Fatal(err)
	}
	if len(d.About) != 2 || d.About[0][1] != (piece{"code", "code"}) || d.About[0][3] != (piece{"strong", "strong"}) {
		t.Errorf("prose: %q", d.About)
	}
	if len(d.Resources) != 1 || d.Resources[0].Slug != "trusted-domains" || len(d.Resources[0].Endpoints) != 1 {
		t.Fatalf("resources: %+v", d.Resources)
	}
	e := d.Resources[0].Endpoints[0]
	if e.Method != "PUT" || e.Role != "editor" || len(e.Answers) != 2 {
		t.Errorf("endpoint: %+v", e)
	}
	if p := e.Parameters; len(p) != 1 || p[0].Name != "id" || p[0].Type != "integer" || !p[0].Required {
		t.Errorf("parameters: %+v", p)
	}
	for name, text := range map[string]string{"a schema that holds itself": e.Request, "a literal": e.Answers[0].Example} {
		if !json.Valid([]byte(text)) {
			t.Errorf("%s is no JSON: %s", name, text)
		}
	}
}

// What every site has is described once; what sites have alone is described, too.
func TestParseSaysOfSitesWhatIsTheirs(t *testing.T) {
	d, err := parse([]byte(`
tags: [{name: Sites}]
paths:
  /domains: {get: {operationId: a, tags: [Sites]}}
  "/sites/{site}/domains": {get: {operationId: b, tags: [Sites]}}
  "/sites/{site}/members": {get: {operationId: c, tags: [Sites]}}
`))
	if err != nil {
		t.Fatal(err)
	}
	var ids string
	for _, e := range d.Resources[0].Endpoints {
		ids += e.ID
	}
	if ids != "ac" {
		t.Errorf("endpoints %q, want a and c", ids)
	}
}

func TestParseRefuses(t *testing.T) {
	for _, text := range []string{"", "\t", "a: [", "a: b: c"} {
		if _, err := parse([]byte(text)); err == nil {
			t.Errorf("%q was read", text)
		}
	}
}
