package main

import (
	"context"
	"errors"
	"flag"
	"log/slog"
	"net"
	"net/url"
	"time"

	"github.com/crossgate/crossgate/internal/config"
	"github.com/crossgate/crossgate/internal/observe"
	"github.com/crossgate/crossgate/internal/server"
)

// upstreamDialTimeout is how long the upstream may take to accept a connection
// before the start says that it does not.
const upstreamDialTimeout = 3 * time.Second

func serveCommand() command {
	return command{
		name: "serve", settings: config.ForServe,
		summary: "Run the gateway and the dashboard",
		about: `
The gateway stands before the API at --upstream. Where no account exists yet, the
log has a link that makes the first one. SIGTERM and Ctrl-C let the requests under
way finish; a second one ends at once.`,
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
	if c.settings.Upstream == nil {
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
	n, err := newNode(ctx, c.settings, log, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, n.close()) }()
	services, err := n.services(ctx)
	if err != nil {
		return err
	}
	defer closeListeners(services)
	return n.run(ctx, drainOf(c.settings), services, func() error {
		go n.tryUpstream(ctx)
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

// services opens the listeners of the gateway and the dashboard.
func (n *node) services(ctx context.Context) ([]server.Service, error) {
	certificate, err := n.certificate()
	if err != nil {
		return nil, err
	}
	public, err := listen(ctx, "gateway", n.settings.Listen, "--listen")
	if err != nil {
		return nil, err
	}
	private, err := listen(ctx, "dashboard", n.settings.Dashboard, "--dashboard")
	if err != nil {
		public.Close()
		return nil, err
	}
	pages, err := n.dashboard(n.dashboardURL(private.Addr()))
	if err != nil {
		public.Close()
		private.Close()
		return nil, err
	}
	services := []server.Service{
		{Name: "gateway", Listener: public, Handler: n.gateway, Certificate: certificate},
		{Name: "dashboard", Listener: private, Handler: pages},
	}
	if n.settings.DashboardTLS() {
		services[1].Certificate = certificate
	}
	return services, nil
}

// certificate reads the TLS files; nil without any.
func (n *node) certificate() (*server.Certificate, error) {
	if !n.settings.TLS() {
		return nil, nil
	}
	certificate, err := server.LoadCertificate(n.settings.TLSCert, n.settings.TLSKey, n.log)
	if err != nil {
		f := cannot("use the TLS certificate", err)
		f.advice = "give --tls-cert and --tls-key files in PEM that belong together"
		return nil, f
	}
	return certificate, nil
}

// listen opens a listener, with an error that names the flag that moves it.
func listen(ctx context.Context, name, address, flag string) (net.Listener, error) {
	l, err := server.Listen(ctx, address)
	if err != nil {
		return nil, &failure{
			exit:   exitFailed,
			text:   "the " + name + " " + err.Error(),
			advice: "another address is given with " + flag,
		}
	}
	return l, nil
}

// closeListeners closes those that are still open.
func closeListeners(services []server.Service) {
	for _, s := range services {
		_ = s.Listener.Close() // the server has closed it, or it was never used
	}
}

// dashboardURL is where browsers find the dashboard, nil where that is a loopback
// address of its own.
func (n *node) dashboardURL(at net.Addr) *url.URL {
	if given := n.settings.DashboardURL; !given.IsZero() {
		return &url.URL{Scheme: given.Scheme(), Host: given.Authority()}
	}
	if n.settings.DashboardTLS() {
		return &url.URL{Scheme: "https", Host: at.String()}
	}
	return nil
}

// tryUpstream warns where the API does not answer: it may come up later.
func (n *node) tryUpstream(ctx context.Context) {
	address := n.settings.Upstream.Host
	if n.settings.Upstream.Port() == "" {
		address = net.JoinHostPort(n.settings.Upstream.Hostname(), defaultPort(n.settings.Upstream.Scheme))
	}
	dialer := net.Dialer{Timeout: upstreamDialTimeout}
	conn, err := dialer.DialContext(ctx, "tcp", address)
	switch {
	case err == nil:
		conn.Close()
	case ctx.Err() == nil:
		n.log.Warn("the upstream does not answer; requests get 502 until it does", "upstream", n.settings.Upstream.Host, "error", err)
	}
}

func defaultPort(scheme string) string {
	if scheme == "https" {
		return "443"
	}
	return "80"
}
