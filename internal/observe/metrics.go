package observe

import (
	"errors"
	"math"
	"net/http"
	"runtime"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// MetricsConfig is what NewMetrics needs. Reasons and State are required.
type MetricsConfig struct {
	Reasons  []string     // every outcome that a request can have; another one is counted as "other"
	Upstream []string     // those of them that are the upstream's fault
	Carriers []string     // by which requests are unwrapped
	State    func() State // called for each scrape
	Version  string       // of Crossgate
}

// State is what the gateway decides by, as metrics say it.
type State struct {
	Ready    bool
	Revision int64     // 0: not ready
	Since    time.Time // when it was published on this node
	Domains  int       // entries of the list
	Tokens   int       // access tokens that are known, the revoked ones included
	Sites    int       // sites, the default one among them

	DatabaseUp bool      // the records can be read
	Confirmed  time.Time // when the revision was last known to be the latest; zero: never
	FromDisk   bool      // it was started from the disk, without the database
	Keeps      bool      // a snapshot is to be kept on the disk
	KeptAt     time.Time // when that was last known to be current; zero: there is none
	Nodes      int       // nodes of the database that are heard of
	Behind     int       // those of them that decide by an earlier revision
}

// Metrics count what happens, in a registry of their own. No label holds an origin, a
// path, a token or anything else that a client can choose: every label's values are a
// closed set. A nil Metrics counts nothing.
type Metrics struct {
	registry    *prometheus.Registry
	requests    *outcomes
	duration    prometheus.Histogram
	inFlight    prometheus.Gauge
	preflights  [2]prometheus.Counter // refused, granted
	unwrapped   map[string]prometheus.Counter
	upstream    map[string]prometheus.Counter
	connections *prometheus.GaugeVec
	signIns     map[[2]string]prometheus.Counter
	retries     prometheus.Counter
	upstreams   prometheus.Gauge
	unwell      prometheus.Gauge
}

// How people and programs prove who they are.
const (
	ByPassword = "password"
	ByKey      = "key"
)

// signInResults are what becomes of that; another result is counted as "other".
var signInResults = []string{
	"ok", "wrong-credentials", "too-many-attempts", "key-unknown", "key-expired", "key-revoked", other,
}

// other stands for what is in no closed set. It is never seen unless one is out of date.
const other = "other"

// buckets are the upper bounds of durations, in seconds: from what is answered here to
// an upstream that is given up.
var buckets = []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}

// NewMetrics makes the metrics, each registered and at zero.
func NewMetrics(cfg MetricsConfig) (*Metrics, error) {
	if len(cfg.Reasons) == 0 || cfg.State == nil {
		return nil, errors.New("observe: metrics need the reasons and the state")
	}
	r := prometheus.NewRegistry()
	m := &Metrics{
		registry: r,
		requests: newOutcomes(r, cfg.Reasons),
		duration: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "crossgate_request_duration_seconds", Buckets: buckets,
			Help: "Time from a request's head to the end of its answer; WebSockets are not in it.",
		}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "crossgate_requests_in_flight", Help: "Requests that are being answered, WebSockets and event streams among them.",
		}),
		connections: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "crossgate_connections", Help: "Open connections, by listener.",
		}, []string{"listener"}),
	}
	r.MustRegister(m.duration, m.inFlight, m.connections)
	m.countParts(cfg)
	m.countUpstreams()
	registerState(r, cfg.State)
	registerFollowing(r, cfg.State)
	registerBuild(r, cfg.Version)
	return m, nil
}

// countParts makes the counters of what some requests are besides.
func (m *Metrics) countParts(cfg MetricsConfig) {
	results := counters(m.registry, "crossgate_preflights_total", "Preflights, by what became of them.", "result", "refused", "granted")
	m.preflights = [2]prometheus.Counter{results["refused"], results["granted"]}
	m.unwrapped = counters(m.registry, "crossgate_unwrapped_total",
		"Simple requests that were turned into the ordinary ones that they stand for, by what carried the token.", "carrier", cfg.Carriers...)
	m.upstream = counters(m.registry, "crossgate_upstream_errors_total",
		"Requests that the API behind the gateway could not or would not answer, by reason.", "reason", cfg.Upstream...)
	vec := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "crossgate_sign_ins_total", Help: "Attempts to sign in with a password, and uses of management keys, by result.",
	}, []string{"by", "result"})
	m.registry.MustRegister(vec)
	m.signIns = map[[2]string]prometheus.Counter{}
	for _, by := range []string{ByPassword, ByKey} {
		for _, result := range signInResults {
			m.signIns[[2]string{by, result}] = vec.WithLabelValues(by, result)
		}
	}
}

// counters makes a counter for each value of one label.
func counters(r *prometheus.Registry, name, help, label string, values ...string) map[string]prometheus.Counter {
	vec := prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, []string{label})
	r.MustRegister(vec)
	all := make(map[string]prometheus.Counter, len(values))
	for _, v := range values {
		all[v] = vec.WithLabelValues(v)
	}
	return all
}

// registerState has the state read for each scrape.
func registerState(r *prometheus.Registry, state func() State) {
	gauge := func(name, help string, value func(State) float64) {
		r.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, func() float64 { return value(state()) }))
	}
	gauge("crossgate_ready", "1 where requests can be decided, 0 where they are refused.", func(s State) float64 { return oneIf(s.Ready) })
	gauge("crossgate_snapshot_revision", "Revision of the records that requests are decided by.", func(s State) float64 { return float64(s.Revision) })
	gauge("crossgate_snapshot_age_seconds", "Time since this node last took over a change; large where nobody changes anything.", func(s State) float64 {
		if s.Since.IsZero() {
			return 0
		}
		return time.Since(s.Since).Seconds()
	})
	gauge("crossgate_trusted_domains", "Entries of the Trusted Domains list.", func(s State) float64 { return float64(s.Domains) })
	gauge("crossgate_access_tokens", "Access tokens that are known, the revoked ones included.", func(s State) float64 { return float64(s.Tokens) })
}

// registerFollowing has it read how the node follows its database, and keeps what it has.
func registerFollowing(r *prometheus.Registry, state func() State) {
	gauge := func(name, help string, value func(State) float64) {
		r.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, func() float64 { return value(state()) }))
	}
	gauge("crossgate_sites", "Sites, the default one among them.", func(s State) float64 { return float64(s.Sites) })
	gauge("crossgate_database_up", "1 where the database can be read, 0 where it cannot: requests are still decided, by what was read last.",
		func(s State) float64 { return oneIf(s.DatabaseUp) })
	gauge("crossgate_head_age_seconds", "Time since the database last confirmed that this node decides by its latest revision; +Inf: never.",
		func(s State) float64 { return age(s.Confirmed) })
	gauge("crossgate_snapshot_from_disk", "1 where this node was started from its snapshot on disk and has not read the database yet.",
		func(s State) float64 { return oneIf(s.FromDisk) })
	gauge("crossgate_snapshot_disk_age_seconds", "Time since the snapshot on disk was last known to be current; +Inf: there is none, NaN: none is to be kept.",
		func(s State) float64 {
			if !s.Keeps {
				return math.NaN()
			}
			return age(s.KeptAt)
		})
	gauge("crossgate_nodes", "Nodes of this database that are heard of, as this one has last counted them.", func(s State) float64 { return float64(s.Nodes) })
	gauge("crossgate_nodes_behind", "Nodes that are heard of and decide by an earlier revision than the database's.", func(s State) float64 { return float64(s.Behind) })
}

func oneIf(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

// age is how long ago something was, in seconds.
func age(at time.Time) float64 {
	if at.IsZero() {
		return math.Inf(1)
	}
	return time.Since(at).Seconds()
}

func registerBuild(r *prometheus.Registry, version string) {
	build := prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "crossgate_build_info", Help: "Always 1; the labels say what runs.",
	}, []string{"version", "go_version"})
	build.WithLabelValues(version, runtime.Version()).Set(1)
	r.MustRegister(build, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
}

// Handler serves the metrics in Prometheus' text format.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// SignedIn counts an attempt to sign in, by password or key: "ok" or why not.
func (m *Metrics) SignedIn(by, result string) {
	if m == nil {
		return
	}
	c := m.signIns[[2]string{by, result}]
	if c == nil {
		c = m.signIns[[2]string{by, other}]
	}
	if c != nil {
		c.Inc()
	}
}

// Connected counts connections of a listener: one more or one less.
func (m *Metrics) Connected(listener string, change int) {
	if m != nil {
		m.connections.WithLabelValues(listener).Add(float64(change))
	}
}
