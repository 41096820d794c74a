package api

import _ "embed"

//go:embed openapi.yaml
var document []byte

// Document returns the OpenAPI document, in YAML. It is not to be changed.
func Document() []byte { return document }

// DocumentPath is where the document is served.
const DocumentPath = Base + "/openapi.yaml"

func (a *API) showDocument(*call) (answer, error) {
	return answer{plain: document, kind: "application/yaml"}, nil
}
