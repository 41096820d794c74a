package inspect

import (
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/gate"
)

var noon = time.Date(2030, 5, 17, 12, 0, 0, 0, time.UTC)

// browserFields are the fields of a request as Chromium sends them.
func browserFields() http.Header {
	return http.Header{
		"Sec-Ch-Ua-Platform": {`"Linux"`}, "User-Agent": {"Mozilla/5.0"}, "Sec-Ch-Ua": {`"Chromium";v="150"`}, "Sec-Ch-Ua-Mobile": {"?0"},
		"Accept": {"*/*"}, "Origin": {"https://app.example.com"}, "Sec-Fetch-Site": {"cross-site"}, "Sec-Fetch-Mode": {"cors"},
		"Sec-Fetch-Dest": {"empty"}, "Referer": {"https://app.example.com/"}, "Accept-Encoding": {"gzip, deflate, br, zstd"},
		"Accept-Language": {"en-US,en;q=0.9"}, "Authorization": {"Bearer va.sample-token.1"},
	}
}

// noted are the names that the gateway notes of a request's fields.
func noted(fields http.Header) (names []string) {
	for name := range fields {
		names = NoteName(names, name)
	}
	return names
}

// call is a request from a trusted page, as the gateway tells of it.
func call() Observation {
	fields := browserFields()
	return Observation{
		Time: noon, Duration: time.Millisecond, Site: "default", Method: "GET", Scheme: "https", Host: "api.example.com",
		Path: "/api/v2/discussions/7", Origin: "https://app.example.com", Verdict: gate.Trusted, Judged: true, Reason: gate.ReasonTrusted,
		DomainID: 7, Status: 200, Header: fields, Names: noted(fields),
		Answer: Answer{Settled: true, AllowOrigin: "https://app.example.com", Expose: "*", Header: http.Header{
			"Access-Control-Allow-Origin": {"https://app.example.com"}, "Access-Control-Expose-Headers": {"*"}, "Vary": {"Origin"},
			"Content-Type": {"application/json"}, "Content-Length": {"12"}, "Date": {"Fri, 17 May 2030 12:00:00 GMT"},
		}},
	}
}

// asking is a preflight from a trusted page.
func asking() Observation {
	o := call()
	o.Method, o.Preflight, o.RequestMethod, o.RequestHeaders = "OPTIONS", true, "PATCH", []string{"authorization,content-type"}
	o.Status = 204
	o.Answer = Answer{
		Settled: true, AllowOrigin: o.Origin, AllowMethods: "GET, HEAD, POST, PUT, PATCH, DELETE", AllowHeaders: "authorization,content-type", MaxAge: "7200",
		Header: http.Header{"Vary": {"Origin, Access-Control-Request-Method, Access-Control-Request-Headers"}},
	}
	return o
}

// turnedAway is a request from a page that is not trusted.
func turnedAway() Observation {
	o := call()
	o.Origin, o.Verdict, o.Reason, o.Refused, o.DomainID, o.Status = "https://app.example.net", gate.Refused, gate.OriginNotTrusted, true, 0, 403
	o.Answer = Answer{Settled: true, Header: http.Header{"Vary": {"Origin"}, "Crossgate-Reason": {"origin-not-trusted"}}}
	return o
}

func BenchmarkRecord(b *testing.B) {
	for _, kind := range []struct {
		name string
		make func() Observation
	}{{"call", call}, {"preflight", asking}, {"refused", turnedAway}} {
		b.Run(kind.name, func(b *testing.B) {
			r, o := New(Config{}), kind.make()
			b.ReportAllocs()
			for b.Loop() {
				r.Record(&o)
			}
		})
	}
}

// BenchmarkRecordOfSites takes calls of so many sites in turn: no two that follow each other
// are of the same one, and of the last row most sites are not counted.
func BenchmarkRecordOfSites(b *testing.B) {
	for _, sites := range []int64{1, 10, MaxSites, 100_000} {
		b.Run(strconv.FormatInt(sites, 10), func(b *testing.B) {
			r, o := New(Config{}), call()
			b.ReportAllocs()
			for b.Loop() {
				o.SiteID = 1 + (o.SiteID+1)%sites
				r.Record(&o)
			}
		})
	}
}
