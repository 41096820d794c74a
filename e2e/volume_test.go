package e2e

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/crossgate/crossgate/e2e/internal/chromium"
)

// What the flood is made of.
const (
	floodOf       = 100_000
	floodsAtOnce  = 4   // connections
	floodPipeline = 250 // requests on their way on one of them
	canary        = "cgt-canary-that-is-no-token"
)

// TestPagesAtVolume looks at the pages about traffic at nothing, at ten and at 100,000
// exchanges that went through the gateway, with origins that were made up, paths of all
// lengths and tokens in queries: they come, stay small, are as wide as their window, and
// tell no token.
func TestPagesAtVolume(t *testing.T) {
	gateway := binary.Serve(t, newAPI(t).URL)
	gateway.Run("domain", "add", "app.example.com")
	d := browser.Open(t, firstRunLink(gateway))
	setUp(d)
	console := d.Console()
	sent := 0
	for _, total := range []int{0, 10, floodOf} {
		start := time.Now()
		flood(t, gateway.URL, sent, total)
		sent = total
		gateway.Await("the last of them", func() bool { return inSeries(d, gateway.Dashboard, total) })
		t.Logf("%d exchanges after %v", total, time.Since(start).Round(time.Millisecond))
		lookAtTraffic(t, d, gateway.Dashboard, total)
	}
	if complaints := console.Complaints(); len(complaints) != 0 {
		t.Errorf("the browser complains: %q", complaints)
	}
	for where, text := range gateway.Written() {
		if strings.Contains(text, canary) {
			t.Errorf("%s has a token in it", where)
		}
	}
}

// inSeries reports whether the overview has counted at least so many requests.
func inSeries(d *chromium.Page, dashboard string, total int) bool {
	if total == 0 {
		return true
	}
	d.Do(chromedp.Navigate(dashboard+"/overview"), chromedp.WaitVisible(chromedp.CSS("h1")))
	const sum = `[...document.querySelectorAll(".chart .total")].reduce((sum, total) => sum + Number(total.innerText.replaceAll(",", "")), 0)`
	return chromium.Eval[int](d, sum) >= total
}

// lookAtTraffic opens the pages about traffic, each as a person finds it and narrowed.
func lookAtTraffic(t *testing.T, d *chromium.Page, dashboard string, total int) {
	t.Helper()
	for _, address := range []string{
		"/overview", "/overview?range=week&rtt=250", "/inspector", "/inspector?outcome=refused", "/inspector?preflight=yes&origin=invented", "/inspector?path=/nowhere", "/refused", "/refused?search=invented", "/settings/security",
	} {
		start := time.Now()
		d.Do(chromedp.EmulateViewport(1280, 860), chromedp.Navigate(dashboard+address), chromedp.WaitVisible(chromedp.CSS("h1")))
		took, size := time.Since(start).Round(time.Millisecond), sizeOf(d)
		t.Logf("%6d exchanges: %-42s %7v %6d bytes", total, address, took, size)
		if size > maxPage {
			t.Errorf("%s has %d bytes", address, size)
		}
		for _, width := range []int64{1280, 390} {
			d.Do(chromedp.EmulateViewport(width, 860))
			if wide := chromium.Eval[int64](d, "document.documentElement.scrollWidth"); wide > width {
				t.Errorf("%s at %d exchanges is %d wide in a window of %d", address, total, wide, width)
			}
		}
		if strings.Contains(chromium.Eval[string](d, "document.documentElement.outerHTML"), canary) {
			t.Errorf("%s shows a token", address)
		}
	}
	d.Do(chromedp.ResetViewport())
}

// flood sends requests through the gateway, from one number to another, and waits for
// all answers.
func flood(t *testing.T, gateway string, from, to int) {
	t.Helper()
	var all sync.WaitGroup
	for k := range floodsAtOnce {
		all.Go(func() {
			if err := pipeline(gateway, from+k, to); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

// pipeline sends every so manieth request over one connection, many at a time.
func pipeline(gateway string, from, to int) error {
	connection, err := net.Dial("tcp", strings.TrimPrefix(gateway, "http://"))
	if err != nil {
		return err
	}
	defer connection.Close()
	answers := bufio.NewReader(connection)
	for i := from; i < to; {
		var requests strings.Builder
		awaited := []string{}
		for ; i < to && len(awaited) < floodPipeline; i += floodsAtOnce {
			method, text := floodRequest(i, connection.RemoteAddr().String())
			requests.WriteString(text)
			awaited = append(awaited, method)
		}
		if _, err := io.WriteString(connection, requests.String()); err != nil {
			return err
		}
		for _, method := range awaited {
			response, err := http.ReadResponse(answers, &http.Request{Method: method})
			if err != nil {
				return err
			}
			io.Copy(io.Discard, response.Body)
			response.Body.Close()
		}
	}
	return nil
}

// floodRequest is one of them: of every ten, two are carried to the API, three are
// preflights, and five are refused, most of these with an origin that nobody has seen.
func floodRequest(i int, host string) (method, text string) {
	method, origin, more := "GET", "https://app.example.com", ""
	path := fmt.Sprintf("/discussions/%d%s?access_token=%s&page=%d", i, strings.Repeat("/deep", i%40), canary, i)
	switch i % 10 {
	case 0, 1:
	case 2, 3, 4:
		method = "OPTIONS"
		more = fmt.Sprintf("Access-Control-Request-Method: PATCH\r\nAccess-Control-Request-Headers: authorization,content-type,x-%d\r\n", i%300)
	case 5:
		origin = "null"
	case 6:
		origin = "https://app.examp1e.com"
	default:
		origin = fmt.Sprintf("https://invented-%d.example.net", i)
	}
	return method, fmt.Sprintf("%s %s HTTP/1.1\r\nHost: %s\r\nOrigin: %s\r\nSec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\nUser-Agent: Mozilla/5.0\r\n%s\r\n", method, path, host, origin, more)
}
