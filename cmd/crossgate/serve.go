package main

import (
	"context"
	"errors"
	"flag"
	"log/slog"

	"github.com/crossgate/crossgate/internal/config"
	"github.com/crossgate/crossgate/internal/observe"
	"github.com/crossgate/crossgate/internal/server"
)

func serveCommand() command {
	return command{
		name: "serve", settings: config.ForServe,
		summary: "Run the gateway and the dashboard",
		about: `
The gateway stands before the API at --upstream. Where no account exists yet, the
log has a link that makes the first one. SIGTERM and Ctrl-C let the requests under
way finish, SIGTERM after load balancers had the time to notice (--drain-notice);
a second one ends at once.`,
		example: `
crossgate serve --upstream http://127.0.0.1:3000
crossgate serve --upstream http://127.0.0.1:3000 --public-url https://api.example.com \
    --listen :443 --tls-cert cert.pem --tls-key key.pem`,
		verb: func() verb { return new(serve) },
	}
}

// serve is crossgate serve.
type serve struct{}

func (*serve) flags(*flag.FlagSet) {}

func (v *serve) run(ctx context.Context, c *call) (err error) {
	if len(c.settings.Upstreams) == 0 {
		return &failure{
			exit:   exitUsage,
			text:   "there is no API to stand before",
			advice: "give its address: crossgate serve --upstream http://127.0.0.1:3000",
		}
	}
	log, err := observe.NewLogger(c.stderr, observe.Format(c.settings.LogFormat), slog.LevelInfo)
	if err != nil {
		return err
	}
	access, err := observe.NewAccessLog(c.stderr, observe.Format(c.settings.LogFormat))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, access.Flush()) }()
	n, err := newNode(ctx, c.settings, log, access)
	if err != nil {
		return err
	}
	defer spareCollector()()
	defer func() { err = errors.Join(err, n.close()) }()
	services, err := n.services(ctx)
	if err != nil {
		return err
	}
	defer closeListeners(services)
	drain := drainOf(c.settings)
	drain.Unannounced = func() bool { return errors.Is(context.Cause(ctx), errInterrupted) }
	return n.run(ctx, drain, services, func() error {
		go n.tryUpstreams(ctx)
		return n.greet(ctx, services)
	})
}

// drainOf is how serve stops.
func drainOf(settings *config.Config) server.Drain {
	drain := server.Drain{Notice: settings.DrainNotice, Deadline: settings.DrainNotice + server.DefaultDeadline - server.DefaultNotice}
	if drain.Notice == 0 {
		drain.Notice = -1
	}
	return drain
}
