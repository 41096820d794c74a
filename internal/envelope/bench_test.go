package envelope_test

import (
	"bytes"
	"io"
	"net/url"
	"strings"
	"testing"

	"github.com/crossgate/crossgate/internal/envelope"
)

// readerOnly hides what else a reader can do, as a connection's body does.
type readerOnly struct{ io.Reader }

// benchOpen opens a body and reads all of it in pieces of 32 KiB, as a transport does.
func benchOpen(b *testing.B, contentType, body string) {
	b.Helper()
	b.ReportAllocs()
	b.SetBytes(int64(len(body)))
	piece := make([]byte, 32<<10)
	r := strings.NewReader("")
	for b.Loop() {
		r.Reset(body)
		opened, err := envelope.Open(contentType, readerOnly{r}, int64(len(body)))
		if err != nil {
			b.Fatal(err)
		}
		for err == nil {
			_, err = opened.Body.Read(piece)
		}
		if err != io.EOF {
			b.Fatal(err)
		}
	}
}

const (
	smallJSON    = `{"name":"a new name","tags":["one","two"],"done":false}`
	benchHeaders = "If-Match: \"7\"\r\nX-Requested-With: bench"
	webkitType   = "multipart/form-data; boundary=----WebKitFormBoundaryMEJ1AoC4RGJMtMSN"
)

// webkit is parts with a boundary as Chromium makes them.
func webkit(body string) string {
	return strings.ReplaceAll(parts(part("$httpMethod", "PATCH"), part("access_token", "cgt_0123456789"), part("$httpHeaders", benchHeaders),
		"Content-Disposition: form-data; name=\"$body\"; filename=\"blob\"\r\nContent-Type: application/json\r\n\r\n"+body), "b0undary", "----WebKitFormBoundaryMEJ1AoC4RGJMtMSN")
}

func form(body string) string {
	return "%24httpMethod=PATCH&access_token=cgt_0123456789&%24httpHeaders=" + url.QueryEscape(benchHeaders) + "&%24ct=application%2Fjson&%24body=" + url.QueryEscape(body)
}

func BenchmarkKindOf(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		envelope.KindOf("application/json; charset=utf-8")
	}
}

func BenchmarkOrdinaryForm(b *testing.B) { benchOpen(b, formType, "title=a+new+name&done=false") }

func BenchmarkOrdinaryMultipart(b *testing.B) { benchOpen(b, partsType, parts(part("title", "x"))) }
func BenchmarkSmallForm(b *testing.B)         { benchOpen(b, formType, form(smallJSON)) }
func BenchmarkSmallMultipart(b *testing.B)    { benchOpen(b, webkitType, webkit(smallJSON)) }
func BenchmarkFormOfText(b *testing.B) {
	benchOpen(b, formType, form(strings.Repeat("plaintext", 1<<17)))
}

func BenchmarkFormOfJSON(b *testing.B) {
	benchOpen(b, formType, form(strings.Repeat(smallJSON, 1<<14)))
}
func BenchmarkMultipartOfZeroes(b *testing.B)  { benchBody(b, "\x00") }
func BenchmarkMultipartOfJSON(b *testing.B)    { benchBody(b, smallJSON) }
func BenchmarkMultipartOfLines(b *testing.B)   { benchBody(b, "a,b,c,d\r\n") }
func BenchmarkMultipartOfCRs(b *testing.B)     { benchBody(b, "\r") }
func BenchmarkMultipartOfCRLFs(b *testing.B)   { benchBody(b, "\r\n") }
func BenchmarkMultipartOfHyphens(b *testing.B) { benchBody(b, "\r\n------") }

// The worst that a body can be: it begins delimiters all the time.
func BenchmarkMultipartOfNearMisses(b *testing.B) {
	benchBody(b, "\r\n------WebKitFormBoundaryMEJ1AoC4RGJMtMS")
}

func benchBody(b *testing.B, repeated string) {
	b.Helper()
	benchOpen(b, webkitType, webkit(strings.Repeat(repeated, 16<<20/len(repeated))))
}

func BenchmarkGather(b *testing.B) {
	b.ReportAllocs()
	body := []byte(smallJSON)
	r := bytes.NewReader(nil)
	for b.Loop() {
		r.Reset(body)
		if _, _, err := envelope.Gather(readerOnly{r}, 64<<10); err != nil {
			b.Fatal(err)
		}
	}
}
