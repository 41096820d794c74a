package chromium

import (
	"fmt"
	"slices"
	"sync"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// A Console is what the browser complains of: errors of scripts, and what the page's
// own content security policy has stopped.
type Console struct {
	mu         sync.Mutex
	complaints []string
}

// Console opens the page's console.
func (p *Page) Console() *Console {
	p.t.Helper()
	c := &Console{}
	if err := chromedp.Listen(p.ctx, c.note); err != nil {
		p.t.Fatal(err)
	}
	p.Do(send(log.Enable, cdp.Empty{}), send(runtime.Enable, cdp.Empty{}))
	return c
}

// Complaints returns what was complained of so far.
func (c *Console) Complaints() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.complaints)
}

func (c *Console) note(event any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch event := event.(type) {
	case *log.EventEntryAdded:
		// A page may well have a status such as 422: that is an answer, no complaint.
		if entry := event.Entry; entry.Source != log.EntrySourceNetwork && entry.Level != log.EntryLevelVerbose {
			c.complaints = append(c.complaints, entry.Text+" "+entry.URL)
		}
	case *runtime.EventExceptionThrown:
		c.complaints = append(c.complaints, fmt.Sprint(event.ExceptionDetails.Text))
	}
}
