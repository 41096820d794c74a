package gateway

import "github.com/crossgate/crossgate/internal/gate"

// Why an exchange ended that no problem document tells of.
const (
	reasonHealth     gate.Code = "health"
	reasonTicket     gate.Code = "ticket" // was issued
	reasonClient     gate.Code = "client" // the browser client was asked for
	reasonClientGone gate.Code = "client-gone"
	reasonAborted    gate.Code = "aborted" // the upstream's answer broke off
)

// Reasons returns every reason that an exchange can have: a closed set, for metrics.
func Reasons() []string {
	all := []gate.Code{
		gate.ReasonNoOrigin, gate.ReasonOwn, gate.ReasonTrusted,
		gate.OriginNotTrusted, gate.OriginMalformed, gate.OriginNull,
		gate.TokenTwice, gate.TokenMalformed, gate.ControlMalformed, gate.OverrideOnGet, gate.TicketUnsupported,
		gate.TokenMissing, gate.TokenUnknown, gate.TokenExpired, gate.TokenRevoked, gate.TokenNotForOrigin, gate.TokenScope,
		gate.MethodNotAllowed, gate.HeaderNotAllowed, gate.VirtualPreflight, gate.Navigation,
		gate.HostUnknown, gate.PublicURLUnset, gate.PathUnknown, gate.PathAmbiguous, malformed("").Code,
		problemMethod.Code, problemHeaders.Code, gate.BodyTooLarge, gate.BodyMalformed, gate.BodySlow,
		problemNotFound.Code, problemNotReady.Code, problemInternal.Code,
		reasonHealth, reasonTicket, reasonClient, reasonClientGone, reasonAborted,
	}
	return append(texts(all), UpstreamReasons()...)
}

// UpstreamReasons returns those that are the upstream's fault.
func UpstreamReasons() []string {
	return texts([]gate.Code{problemUnreachable.Code, problemTimeout.Code, problemInvalid.Code, gate.RedirectBlocked})
}

// Carriers returns the names of what requests are unwrapped from.
func Carriers() []string {
	return []string{carrierName(gate.Query), carrierName(gate.Text), carrierName(gate.Form), carrierName(gate.Multipart)}
}

// carrierName is the name of a carrier for metrics, "" for an ordinary request.
func carrierName(c gate.Carrier) string {
	switch c {
	case gate.Query:
		return "query"
	case gate.Text:
		return "text"
	case gate.Form:
		return "form"
	case gate.Multipart:
		return "multipart"
	}
	return ""
}

func texts(codes []gate.Code) []string {
	list := make([]string, len(codes))
	for i, c := range codes {
		list[i] = string(c)
	}
	return list
}
