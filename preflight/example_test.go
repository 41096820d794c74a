package preflight_test

import (
	"encoding/json"
	"fmt"

	"github.com/crossgate/crossgate/preflight"
)

func ExamplePredict() {
	p, err := preflight.Predict(preflight.Request{
		Method:  "PATCH",
		Headers: []preflight.Header{{Name: "Content-Type", Value: "application/json"}},
		Body:    preflight.BodyString,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p.Preflight, p.RequestMethod, p.RequestHeaders)
	for _, cause := range p.Because {
		fmt.Println(cause.Code)
	}
	// Output:
	// true PATCH content-type
	// method
	// header-content-type
}

// A page that lets fetch label its text sends no preflight.
func ExamplePredict_simple() {
	p, _ := preflight.Predict(preflight.Request{Method: "POST", Body: preflight.BodyString})
	fmt.Println(p.Preflight, p.ContentType)
	// Output: false text/plain;charset=UTF-8
}

// Engines differ from the standard here and there.
func ExamplePredictIn() {
	r := preflight.Request{Method: "POST", Body: preflight.BodyStream}
	for _, engine := range preflight.Engines() {
		p, _ := preflight.PredictIn(engine, r)
		fmt.Printf("%s %t %q\n", engine, p.Preflight, p.Throws)
	}
	// Output:
	// chromium true ""
	// firefox false ""
	// webkit false "NotSupportedError"
}

// Requests are read from JSON, as a line of crossgate explain --batch.
func ExampleRequest() {
	var r preflight.Request
	line := `{"method":"GET","headers":[["Accept","text/html, */*"],["X-Requested-With","x"]]}`
	if err := json.Unmarshal([]byte(line), &r); err != nil {
		fmt.Println(err)
		return
	}
	p, _ := preflight.Predict(r)
	fmt.Println(p.RequestHeaders)
	// Output: x-requested-with
}

func ExampleUnsafeNames() {
	fmt.Println(preflight.UnsafeNames([]preflight.Header{
		{Name: "X-Request-Id", Value: "7"},
		{Name: "Content-Type", Value: "text/plain"},
		{Name: "Authorization", Value: "Bearer x"},
	}))
	// Output: [authorization x-request-id]
}
