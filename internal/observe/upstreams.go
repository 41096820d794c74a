package observe

import "github.com/prometheus/client_golang/prometheus"

// countUpstreams makes the metrics of upstreams that share the requests of their site.
// They have no labels: an address of an API is nobody else's business.
func (m *Metrics) countUpstreams() {
	m.retries = prometheus.NewCounter(prometheus.CounterOpts{
		Name: "crossgate_upstream_retries_total", Help: "Requests that went to another upstream of their site after one had failed.",
	})
	m.upstreams = prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "crossgate_upstreams", Help: "Upstreams whose health is followed: those of sites that have several, or a health check.",
	})
	m.unwell = prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "crossgate_upstreams_unwell", Help: "Those of them that are out of use.",
	})
	m.registry.MustRegister(m.retries, m.upstreams, m.unwell)
}

// Retried counts a request that goes to another upstream.
func (m *Metrics) Retried() {
	if m != nil {
		m.retries.Inc()
	}
}

// Upstreams says how many upstreams there are whose health is followed, and how many
// of them are out of use.
func (m *Metrics) Upstreams(all, unwell int) {
	if m != nil {
		m.upstreams.Set(float64(all))
		m.unwell.Set(float64(unwell))
	}
}
