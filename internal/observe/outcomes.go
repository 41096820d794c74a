package observe

import (
	"net/http"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// A Sample is what is counted of one request.
type Sample struct {
	Method    string
	Status    int // 0: the connection was cut
	Reason    string
	Carrier   string // by which it was unwrapped, or ""
	Preflight bool
	Granted   bool // where Preflight
	Duration  time.Duration
}

// Begin counts a request that has come.
func (m *Metrics) Begin() {
	if m != nil {
		m.inFlight.Inc()
	}
}

// End counts a request that is over. It allocates nothing.
func (m *Metrics) End(s *Sample) {
	if m == nil {
		return
	}
	m.inFlight.Dec()
	m.requests.count(s)
	if s.Status != http.StatusSwitchingProtocols {
		m.duration.Observe(s.Duration.Seconds())
	}
	switch {
	case s.Preflight && s.Granted:
		m.preflights[1].Inc()
	case s.Preflight:
		m.preflights[0].Inc()
	}
	if c := m.unwrapped[s.Carrier]; c != nil {
		c.Inc()
	}
	if s.Status >= http.StatusInternalServerError {
		if c := m.upstream[s.Reason]; c != nil {
			c.Inc()
		}
	}
}

// The classes of methods: what reads, what writes, what asks, and the rest.
var methodClasses = [...]string{"read", "write", "options", other}

func methodClass(method string) int {
	switch method {
	case http.MethodGet, http.MethodHead:
		return 0
	case http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete:
		return 1
	case http.MethodOptions:
		return 2
	}
	return 3
}

// The classes of statuses; "none" is an answer that was cut before it began.
var statusClasses = [...]string{"none", "1xx", "2xx", "3xx", "4xx", "5xx"}

func statusClass(status int) int {
	if status < 100 || status > 599 {
		return 0
	}
	return status / 100
}

// outcomes counts requests by reason, method and status. A counter is looked up by its
// labels once, and by its place in a table ever after.
type outcomes struct {
	vec     *prometheus.CounterVec
	reasons []string
	byName  map[string]int
	table   []atomic.Pointer[prometheus.Counter]
}

func newOutcomes(r *prometheus.Registry, reasons []string) *outcomes {
	o := &outcomes{
		vec: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "crossgate_requests_total", Help: "Requests to the gateway, by reason (why they passed or not), method and status.",
		}, []string{"reason", "method", "status"}),
		reasons: append(reasons[:len(reasons):len(reasons)], other),
		byName:  make(map[string]int, len(reasons)),
	}
	for i, reason := range reasons {
		o.byName[reason] = i
	}
	o.table = make([]atomic.Pointer[prometheus.Counter], len(o.reasons)*len(methodClasses)*len(statusClasses))
	r.MustRegister(o.vec)
	return o
}

func (o *outcomes) count(s *Sample) {
	reason, ok := o.byName[s.Reason]
	if !ok {
		reason = len(o.reasons) - 1
	}
	method, status := methodClass(s.Method), statusClass(s.Status)
	place := &o.table[(reason*len(methodClasses)+method)*len(statusClasses)+status]
	c := place.Load()
	if c == nil {
		c = new(o.vec.WithLabelValues(o.reasons[reason], methodClasses[method], statusClasses[status]))
		place.Store(c)
	}
	(*c).Inc()
}
