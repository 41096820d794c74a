package main

import (
	"context"
	"flag"
	"runtime"
	"runtime/debug"
	"strings"
)

func versionCommand() command {
	return command{
		name: "version", json: true,
		summary: "Print the version",
		example: `crossgate version`,
		verb:    func() verb { return new(printVersion) },
	}
}

// printVersion is crossgate version.
type printVersion struct{}

func (*printVersion) flags(*flag.FlagSet) {}

// versionJSON is the version as scripts read it.
type versionJSON struct {
	Version  string `json:"version"`
	Revision string `json:"revision,omitempty"` // of the checkout it was built from
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

func (*printVersion) run(_ context.Context, c *call) error {
	v := builtVersion()
	if c.json {
		return c.printJSON(v)
	}
	c.say("crossgate %s", strings.Join(strings.Fields(v.Version+" "+v.Revision+" "+v.Go+" "+v.Platform), " "))
	return nil
}

// builtVersion is what the Go toolchain recorded when it built the binary.
func builtVersion() versionJSON {
	v := versionJSON{Version: "unknown", Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	v.Version = info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			v.Revision = s.Value[:min(len(s.Value), 12)]
		}
	}
	return v
}
