package preflight_test

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"

	"github.com/crossgate/crossgate/preflight"
)

// seen is what a browser did with a request.
type seen struct {
	Preflight      bool                `json:"preflight"`
	RequestMethod  string              `json:"request_method"`
	RequestHeaders string              `json:"request_headers"`
	Throws         preflight.Exception `json:"throws"`
}

func seenOf(p preflight.Prediction) seen {
	return seen{p.Preflight, p.RequestMethod, p.RequestHeaders, p.Throws}
}

// TestMeasured: testdata/measured.jsonl has what Chromium 156 and Firefox 153 did with
// some hundreds of requests, generated and chosen, on a page of another origin.
func TestMeasured(t *testing.T) {
	file, err := os.Open("testdata/measured.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	cases := 0
	for ; lines.Scan(); cases++ {
		var c struct {
			Request           preflight.Request
			Chromium, Firefox seen
		}
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		for engine, want := range map[preflight.Engine]seen{preflight.Chromium: c.Chromium, preflight.Firefox: c.Firefox} {
			got, err := preflight.PredictIn(engine, c.Request)
			if err != nil {
				t.Fatal(err)
			}
			if seenOf(got) != want {
				t.Errorf("%s: %+v\n got %+v\nwant %+v", engine, c.Request, seenOf(got), want)
			}
		}
		checkDifferences(t, c.Request, map[preflight.Engine]seen{preflight.Chromium: c.Chromium, preflight.Firefox: c.Firefox})
	}
	if err := lines.Err(); err != nil || cases < 400 {
		t.Fatalf("%d cases: %v", cases, err)
	}
}

// checkDifferences: where an engine does not what the standard says, the prediction says
// so, and by which quirks.
func checkDifferences(t *testing.T, r preflight.Request, engines map[preflight.Engine]seen) {
	t.Helper()
	p, err := preflight.Predict(r)
	if err != nil {
		t.Fatal(err)
	}
	told := map[preflight.Engine]seen{}
	for _, d := range p.Engines {
		told[d.Engine] = seen{d.Preflight, d.RequestMethod, d.RequestHeaders, d.Throws}
		if len(d.Quirks) == 0 {
			t.Errorf("%+v: %s differs by no quirk", r, d.Engine)
		}
	}
	for engine, did := range engines {
		if _, differs := told[engine]; !differs {
			told[engine] = seenOf(p)
		}
		if told[engine] != did {
			t.Errorf("%+v: %s does %+v, told %+v", r, engine, did, told[engine])
		}
	}
}
