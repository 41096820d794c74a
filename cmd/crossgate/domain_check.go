package main

import (
	"context"
	"flag"

	"github.com/crossgate/crossgate/internal/config"
	"github.com/crossgate/crossgate/internal/control"
)

func domainCheckCommand() command {
	return command{
		name: "domain check", args: "ORIGIN", min: 1, max: 1, json: true, settings: config.ForData | config.ForPlace | config.ForCheck,
		summary: "Say whether pages of an origin would be allowed, and why",
		about: `
ORIGIN is what a browser sends in the Origin header: scheme, host and port.
Exit code 0 is allowed, 1 refused.`,
		example: `crossgate domain check https://app.example.com`,
		verb:    func() verb { return new(domainCheck) },
	}
}

// domainCheck is crossgate domain check.
type domainCheck struct{}

func (*domainCheck) flags(*flag.FlagSet) {}

// checkJSON is the answer as scripts read it.
type checkJSON struct {
	Origin  string `json:"origin"`
	Allowed bool   `json:"allowed"`
	Reason  string `json:"reason"`
	Domain  string `json:"domain,omitempty"`
	Nearest string `json:"nearest,omitempty"`
	Differs string `json:"differs,omitempty"`
	Detail  string `json:"detail,omitempty"`
}

func (*domainCheck) run(ctx context.Context, c *call) error {
	return c.withControl(ctx, func(service *control.Service) error {
		got, err := service.Check(ctx, c.args[0])
		if err != nil {
			return err
		}
		if err := c.checked(got); err != nil || got.Allowed {
			return err
		}
		return errNo
	})
}

func (c *call) checked(got control.CheckResult) error {
	if c.json {
		return c.printJSON(checkJSON{
			Origin: got.Origin, Allowed: got.Allowed, Reason: got.Reason, Domain: got.Domain,
			Nearest: got.Nearest, Differs: string(got.Differs), Detail: got.Detail,
		})
	}
	verdict := c.style.red("refused")
	if got.Allowed {
		verdict = c.style.green("allowed")
	}
	c.say("%s  %s  %s", verdict, got.Origin, got.Reason)
	if got.Detail != "" {
		c.say("  %s", got.Detail)
	}
	return nil
}
