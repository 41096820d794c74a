package main

import (
	"context"
	"net"
	"net/url"

	"github.com/crossgate/crossgate/internal/server"
)

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
