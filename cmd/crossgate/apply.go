package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"golang.org/x/term"

	"github.com/crossgate/crossgate/internal/config"
	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/manifest"
)

func applyCommand() command {
	return command{
		name: "apply", json: true, settings: config.ForData | config.ForSite,
		summary: "Make sites be as a file says, which export writes: all of it, or nothing",
		about: `
It shows what would change and asks; --yes does not ask. Of a site in the file, what is
given is made equal, the whole list of Trusted Domains above all; what the file leaves
out stays. Sites that it does not name stay, but with --prune. Tokens, keys, passwords
and credentials are never touched. No server acts on a part of it.

Exit code 0: all is as the file says, by now. 1: it is not: --dry-run, or nobody said
yes, or somebody else changed something meanwhile. 2: the file has mistakes.`,
		example: `
crossgate apply -f sites.yaml --dry-run
crossgate apply -f sites.yaml --yes`,
		verb: func() verb { return new(apply) },
	}
}

// apply is crossgate apply.
type apply struct {
	file               string
	dryRun, yes, prune bool
	full               bool
}

func (v *apply) flags(fs *flag.FlagSet) {
	fs.StringVar(&v.file, "f", "", "`FILE` to apply; - is standard input (required)")
	fs.BoolVar(&v.dryRun, "dry-run", false, "change nothing: say what would be changed; exit code 1 where there is anything")
	fs.BoolVar(&v.yes, "yes", false, "do not ask")
	fs.BoolVar(&v.prune, "prune", false, "remove the sites that the file does not name, with all that they have")
	fs.BoolVar(&v.full, "full", false, "show every change, not only the first of many")
}

func (v *apply) run(ctx context.Context, c *call) error {
	switch {
	case v.file == "":
		return wrongUse("apply", "-f is missing: say which file, as in -f sites.yaml")
	case v.yes && v.dryRun:
		return wrongUse("apply", "--yes and --dry-run exclude each other")
	}
	text, err := v.read(c)
	if err != nil {
		return err
	}
	declared, flaws := manifest.Read(text)
	declared.Prune = v.prune
	return c.withControl(ctx, func(service *control.Service) error {
		plan, err := service.PlanApply(ctx, declared)
		if flawed, ok := errors.AsType[*control.FlawedError](err); ok {
			flaws, err = append(flaws, flawed.Flaws...), nil
		}
		if err != nil {
			return err
		}
		if len(flaws) > 0 {
			return v.flawed(c, flaws)
		}
		return v.apply(ctx, c, service, declared, plan)
	})
}

// read reads the file.
func (v *apply) read(c *call) ([]byte, error) {
	from := c.stdin
	if v.file != "-" {
		f, err := os.Open(v.file)
		if err != nil {
			return nil, cannot("read the file", err)
		}
		defer f.Close()
		from = f
	}
	text, err := io.ReadAll(io.LimitReader(from, manifest.MaxSize+1))
	if err != nil {
		return nil, cannot("read "+v.file, err)
	}
	return text, nil
}

// flawed names every mistake with its line.
func (v *apply) flawed(c *call, flaws []control.Flaw) error {
	slices.SortStableFunc(flaws, func(a, b control.Flaw) int { return cmp.Compare(a.Line, b.Line) })
	if c.json {
		if err := c.printJSON(flawsToJSON(flaws)); err != nil {
			return err
		}
	}
	lines := make([]string, len(flaws))
	for i, f := range flaws {
		lines[i] = f.Message
		if f.Line > 0 {
			lines[i] = fmt.Sprintf("%s:%d: %s", v.file, f.Line, f.Message)
		}
	}
	return &failure{exit: exitUsage, text: strings.Join(lines, "\n"), advice: "nothing was changed; " + counted(len(flaws), "mistake")}
}

// apply shows the plan, asks, and carries it out.
func (v *apply) apply(ctx context.Context, c *call, service *control.Service, declared control.Declaration, plan control.Plan) error {
	todo := plan.Count("")
	if !c.json {
		c.planned(&plan, v.full)
	}
	if todo == 0 || v.dryRun {
		return c.notApplied(&plan, todo > 0)
	}
	seen, err := plan.Fingerprint()
	if err != nil {
		return err
	}
	if v.yes {
		seen = "" // nobody has looked at it
	} else if err := v.ask(c, todo); err != nil {
		return err
	}
	done, err := service.Apply(ctx, operator(), declared, seen)
	if flawed, ok := errors.AsType[*control.FlawedError](err); ok {
		return v.flawed(c, flawed.Flaws)
	}
	if err != nil {
		return err
	}
	if c.json {
		return c.printJSON(planToJSON(&done, true))
	}
	c.say("applied %s", counted(done.Count(""), "change"))
	return nil
}

// notApplied ends where nothing is to be done, or nothing was to be done.
func (c *call) notApplied(plan *control.Plan, differs bool) error {
	if c.json {
		if err := c.printJSON(planToJSON(plan, false)); err != nil {
			return err
		}
	}
	if differs {
		return errNo
	}
	return nil
}

// ask asks at the terminal.
func (v *apply) ask(c *call, todo int) error {
	f, ok := c.stdin.(*os.File)
	if !ok || v.file == "-" || !term.IsTerminal(int(f.Fd())) {
		return wrongUse("apply", "there is no terminal to ask at: use --yes to apply it, or --dry-run to look")
	}
	fmt.Fprintf(c.stderr, "Apply %s? [y/N] ", theseChanges(todo))
	answer, err := bufio.NewReader(io.LimitReader(f, maxAnswer)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return cannot("read the answer", err)
	}
	if a := strings.ToLower(strings.TrimSpace(answer)); a != "y" && a != "yes" {
		return &failure{exit: exitNo, text: "nothing was changed"}
	}
	return nil
}

// maxAnswer is how much of an answer is read, in bytes.
const maxAnswer = 100

func theseChanges(n int) string {
	if n == 1 {
		return "this change"
	}
	return fmt.Sprintf("these %d changes", n)
}
