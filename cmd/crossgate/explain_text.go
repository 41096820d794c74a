package main

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/crossgate/crossgate/internal/explain"
	"github.com/crossgate/crossgate/preflight"
)

// explained prints an answer for a person: the verdict first, then why, what would be
// sent, what the gateway says, and what to do.
func (c *call) explained(q explain.Question, a explain.Answer) {
	c.say("%s", strings.TrimRight(c.explainVerdict(a)+"  "+requestLine(q, a), " "))
	if a.SameOrigin && a.Throws == "" {
		c.say("  The page and the API have one origin: there is no CORS between them.")
	}
	c.section("Why", causeRows(a.Because))
	c.section("The browser asks", c.asked(q, a))
	c.section("Left out in silence", causeRows(a.Dropped))
	c.section("Browsers that do something else", engineRows(a.Engines))
	c.section("This gateway", c.gatewayRows(q, a.Gateway))
	for i, advice := range a.Advice {
		if i == 0 {
			c.say("\nWhat to do")
		}
		c.say("  %d. %s", i+1, advice.Detail)
	}
}

func (c *call) explainVerdict(a explain.Answer) string {
	switch {
	case a.Throws != "":
		return c.style.red("throws " + string(a.Throws))
	case a.Preflight:
		return c.style.red("preflight")
	}
	return c.style.green("no preflight")
}

// requestLine is the request, with nothing secret of its address.
func requestLine(q explain.Question, a explain.Answer) string {
	line := a.Method
	if line == "" {
		line = strconv.QuoteToGraphic(cmp.Or(q.Request.Method, "GET")) // it throws: what it was may be anything
		if bare := strings.Trim(line, `"`); plainWord.MatchString(bare) {
			line = bare
		}
	}
	if q.Target != nil {
		line += "  " + explain.ShownURL(q.Target)
	}
	return strings.TrimSpace(line)
}

// section prints rows under a heading, or nothing where there are none.
func (c *call) section(heading string, rows [][]string) {
	if len(rows) == 0 {
		return
	}
	c.say("\n%s", heading)
	c.rows(rows)
}

// rows prints rows in columns.
func (c *call) rows(rows [][]string) {
	t := tabwriter.NewWriter(c.stdout, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		fmt.Fprintln(t, "  "+strings.Join(row, "\t"))
	}
	t.Flush()
}

func causeRows(causes []preflight.Cause) [][]string {
	var rows [][]string
	for _, cause := range causes {
		row := []string{string(cause.Code), cause.Detail}
		if named := strings.ReplaceAll(cause.Detail, " ", "-"); !strings.Contains(named, cause.Header) {
			row[1] = cause.Header + ": " + cause.Detail
		}
		rows = append(rows, row)
	}
	return rows
}

// asked is the preflight itself.
func (c *call) asked(q explain.Question, a explain.Answer) [][]string {
	if !a.Preflight {
		return nil
	}
	path := "…"
	if q.Target != nil {
		shown := explain.ShownURL(q.Target)
		path = shown[strings.Index(shown, "://")+len("://")+len(q.Target.Host):]
	}
	rows := [][]string{{"OPTIONS " + cmp.Or(path, "/")}, {"Origin: " + cmp.Or(q.Origin, "…")}, {"Access-Control-Request-Method: " + a.RequestMethod}}
	if a.RequestHeaders != "" {
		rows = append(rows, []string{"Access-Control-Request-Headers: " + a.RequestHeaders})
	}
	return rows
}

func engineRows(engines []preflight.Difference) [][]string {
	var rows [][]string
	for _, d := range engines {
		does := "no preflight"
		switch {
		case d.Throws != "":
			does = "throws " + string(d.Throws)
		case d.Preflight:
			does = strings.TrimSpace("preflight " + d.RequestHeaders)
		}
		rows = append(rows, []string{string(d.Engine), does, d.Detail})
	}
	return rows
}

func (c *call) gatewayRows(q explain.Question, g *explain.Gateway) [][]string {
	if g == nil {
		return nil
	}
	verdict := c.style.red("refuses")
	if g.Allowed {
		verdict = c.style.green("allows")
	}
	rows := [][]string{{verdict, q.Origin, string(g.Reason)}}
	if g.Detail != "" {
		rows = append(rows, []string{g.Detail})
	}
	return rows
}
