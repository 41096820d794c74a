package observe

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"time"
)

func sampleExchange() *Exchange {
	return &Exchange{
		Time: time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC), Duration: 1500 * time.Microsecond, Remote: "192.0.2.1", Method: "GET",
		Host: "api.example.com", Path: "/api/v2/discussions/7", Proto: "HTTP/1.1", Origin: "https://app.example.com",
		Status: 200, Bytes: 12, Reason: "trusted",
	}
}

// written is the line that an access log writes.
func written(t *testing.T, format Format, e *Exchange) string {
	t.Helper()
	var out bytes.Buffer
	log, err := NewAccessLog(&out, format)
	if err != nil {
		t.Fatal(err)
	}
	log.Write(e)
	if err := log.Flush(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestAccessLog(t *testing.T) {
	for format, want := range map[Format]string{
		Text: "time=2030-01-02T03:04:05.001Z level=INFO msg=request method=GET host=api.example.com path=/api/v2/discussions/7 status=200 " +
			"reason=trusted bytes=12 micros=1500 remote=192.0.2.1 proto=HTTP/1.1 origin=https://app.example.com\n",
		JSON: `{"time":"2030-01-02T03:04:05.001Z","level":"INFO","msg":"request","method":"GET","host":"api.example.com",` +
			`"path":"/api/v2/discussions/7","status":200,"reason":"trusted","bytes":12,"micros":1500,"remote":"192.0.2.1",` +
			`"proto":"HTTP/1.1","origin":"https://app.example.com"}` + "\n",
	} {
		if got := written(t, format, sampleExchange()); got != want {
			t.Errorf("%s\n%s\nwant\n%s", format, got, want)
		}
	}
	if _, err := NewAccessLog(nil, "xml"); err == nil {
		t.Error("an unknown format was taken")
	}
	enclosed := sampleExchange()
	enclosed.Method, enclosed.Enclosed = "POST", "PATCH"
	if got := written(t, Text, enclosed); !strings.Contains(got, " method=POST enclosed_method=PATCH host=") {
		t.Errorf("an envelope: %s", got)
	}
	(*AccessLog)(nil).Write(sampleExchange())
}

// Tokens are cut out, and what a client chose is cut short.
func TestAccessLogHoldsNoSecrets(t *testing.T) {
	const secret = "cgt_0123456789abcdef"
	for _, format := range []Format{Text, JSON} {
		got := written(t, format, &Exchange{Host: secret, Path: "/" + secret, Origin: secret, Request: secret})
		if strings.Contains(got, secret) || strings.Count(got, "cgt_[cut]") != 4 {
			t.Errorf("%s: %s", format, got)
		}
		if got := written(t, format, &Exchange{Path: strings.Repeat("a", 10_000)}); len(got) > MaxLoggedText+200 {
			t.Errorf("%s: %d bytes", format, len(got))
		}
	}
}

// FuzzAccessLog: whatever a client sends stays one line and one value.
func FuzzAccessLog(f *testing.F) {
	f.Add("/a b")
	f.Add("/a\nlevel=ERROR msg=forged")
	f.Add(`/a" status=500 x="`)
	f.Add("/\x00\xff\u2028")
	f.Fuzz(func(t *testing.T, path string) {
		path = path[:min(len(path), MaxLoggedText)]
		text := written(t, Text, &Exchange{Path: path})
		if strings.Count(text, "\n") != 1 || strings.Count(text, " status=") != 1+strings.Count(Redact(path), " status=") {
			t.Errorf("%q", text)
		}
		var object struct{ Path *string }
		if err := json.Unmarshal([]byte(written(t, JSON, &Exchange{Path: path})), &object); err != nil || object.Path == nil {
			t.Errorf("%q: %v", path, err)
		}
	})
}

func BenchmarkAccessLog(b *testing.B) {
	log, err := NewAccessLog(io.Discard, Text)
	if err != nil {
		b.Fatal(err)
	}
	e := sampleExchange()
	b.ReportAllocs()
	for b.Loop() {
		log.Write(e)
	}
}
