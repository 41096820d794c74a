package main

import (
	"fmt"

	"github.com/crossgate/crossgate/internal/control"
)

// maxPlanShown is how many changes of one sign are shown of a site, but with --full. What
// is removed is always shown.
const maxPlanShown = 20

// planned shows a plan to a person.
func (c *call) planned(plan *control.Plan, full bool) {
	if len(plan.Sites) == 0 {
		c.say("nothing to change: all is as the file says")
		return
	}
	for i := range plan.Sites {
		site := &plan.Sites[i]
		c.say("%s: %s", site.Site, bySign(site.Count))
		c.plannedSite(site, full)
	}
	c.say("")
	c.say("%s at %s: %s", counted(plan.Count(""), "change"), counted(len(plan.Sites), "site"), bySign(plan.Count))
}

// plannedSite shows the changes of one site, and says how many more there are.
func (c *call) plannedSite(site *control.SitePlan, full bool) {
	shown, hidden := make(map[string]int), 0
	for _, line := range site.Lines {
		kind := string(line.Sign) + line.Kind
		if shown[kind]++; !full && line.Sign != control.SignRemove && shown[kind] > maxPlanShown {
			hidden++
			continue
		}
		detail := ""
		if line.Detail != "" {
			detail = "  " + line.Detail
		}
		c.say("  %s %-6s  %s%s", c.signed(line.Sign), line.Kind, line.Name, detail)
	}
	if hidden > 0 {
		c.say("  … and %d more; --full shows them", hidden)
	}
}

func (c *call) signed(sign control.Sign) string {
	switch sign {
	case control.SignAdd:
		return c.style.green("+")
	case control.SignRemove:
		return c.style.red("-")
	}
	return "~"
}

// bySign says how many changes there are of each sign.
func bySign(of func(control.Sign) int) string {
	return fmt.Sprintf("%d to add, %d to change, %d to remove", of(control.SignAdd), of(control.SignChange), of(control.SignRemove))
}

// planJSON is a plan as scripts read it.
type planJSON struct {
	Applied bool           `json:"applied"`
	Changes int            `json:"changes"`
	Add     int            `json:"add"`
	Change  int            `json:"change"`
	Remove  int            `json:"remove"`
	Sites   []sitePlanJSON `json:"sites"`
}

type sitePlanJSON struct {
	Name    string             `json:"name"`
	Changes []control.PlanLine `json:"changes"`
}

func planToJSON(plan *control.Plan, applied bool) planJSON {
	out := planJSON{
		Applied: applied, Changes: plan.Count(""), Add: plan.Count(control.SignAdd),
		Change: plan.Count(control.SignChange), Remove: plan.Count(control.SignRemove),
		Sites: make([]sitePlanJSON, len(plan.Sites)),
	}
	for i, site := range plan.Sites {
		out.Sites[i] = sitePlanJSON{site.Site, site.Lines}
	}
	return out
}

// flawJSON is a mistake of the file as scripts read it.
type flawJSON struct {
	Line    int    `json:"line"`
	Site    string `json:"site"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// flawsJSON are all mistakes.
type flawsJSON struct {
	Mistakes []flawJSON `json:"mistakes"`
}

func flawsToJSON(flaws []control.Flaw) flawsJSON {
	out := flawsJSON{make([]flawJSON, len(flaws))}
	for i, f := range flaws {
		out.Mistakes[i] = flawJSON(f)
	}
	return out
}
