package chromium

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// A Network is what the browser's own network panel shows of one page.
type Network struct {
	mu   sync.Mutex
	urls map[network.RequestID]string
	rows []row
}

type row struct{ url, text string }

// Watch opens the network panel.
func (p *Page) Watch() *Network {
	p.t.Helper()
	n := &Network{urls: map[network.RequestID]string{}}
	if err := chromedp.Listen(p.ctx, n.note); err != nil {
		p.t.Fatal(err)
	}
	p.Do(send(network.Enable, network.EnableParams{}))
	return n
}

func (n *Network) note(event any) {
	n.mu.Lock()
	defer n.mu.Unlock()
	switch event := event.(type) {
	case *network.EventRequestWillBeSent:
		n.urls[event.RequestID] = event.Request.URL
	case *network.EventResponseReceived:
		text := fmt.Sprintf("%s %d %s", event.Type, event.Response.Status, event.Response.Protocol)
		n.rows = append(n.rows, row{event.Response.URL, text})
	case *network.EventLoadingFailed:
		if event.CorsErrorStatus != nil {
			text := fmt.Sprintf("%s blocked: %s", event.Type, event.CorsErrorStatus.CorsError)
			n.rows = append(n.rows, row{n.urls[event.RequestID], text})
		}
	}
}

// To returns the rows for an origin, in order, and forgets them: "Preflight 204 h2",
// "Fetch 200 h2", "Fetch blocked: MissingAllowOriginHeader".
func (n *Network) To(origin string) []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	var texts []string
	n.rows = slices.DeleteFunc(n.rows, func(r row) bool {
		found := strings.HasPrefix(r.url, origin+"/")
		if found {
			texts = append(texts, r.text)
		}
		return found
	})
	return texts
}
