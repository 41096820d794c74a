package preflight

// A Code is the stable name of a cause.
type Code string

// The codes of headers that are not safelisted although their names are.
const (
	HeaderValueLong Code = "header-value-long"   // a value of more than MaxSafelistedValue bytes
	HeaderValueByte Code = "header-value-byte"   // a value with a byte that is not safelisted
	ContentType     Code = "header-content-type" // a content type that no HTML form sends
	HeaderRange     Code = "header-range"        // a range that is not one with a first byte
)
