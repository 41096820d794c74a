package trust

// A Domain is one Trusted Domain: the pattern of the origins that it trusts,
// normalised from what a person typed. It is an immutable, comparable value; the
// zero Domain trusts nothing.
//
//	app.example.com          https://app.example.com
//	*.example.com            https, any name below example.com, not example.com itself
//	example.com:8443         https://example.com:8443
//	http://old.example.com   http://old.example.com, once confirmed as insecure
//	localhost                http and https, any port
//	localhost:3000           http and https, that port
//	http://localhost:3000    exactly that
//	capacitor://localhost    exactly that, once confirmed as insecure
type Domain struct {
	scheme   string // "" only for loopback hosts: http and https
	host     string // without "*."
	port     string // "" is the scheme's default; for loopback hosts without a scheme, any port
	wildcard bool
}

// String returns the normalised entry, which [ParseDomain] parses to the same Domain.
func (d Domain) String() string { panic("todo") }

// Unicode returns the entry with an internationalised name in its readable form,
// for example "bücher.example"; otherwise the same as String.
func (d Domain) Unicode() string { panic("todo") }

// A Confirmation is something that a person has to confirm before an entry is saved.
type Confirmation string

// The confirmations, one for each way in which an entry can be more than it seems.
const (
	ConfirmInsecure     Confirmation = "insecure"      // http:// or an app's scheme: others can serve pages there
	ConfirmPublicSuffix Confirmation = "public-suffix" // a wildcard below which strangers register names
	ConfirmLookAlike    Confirmation = "look-alike"    // easily taken for an entry that is trusted already
)

// ParseDomain parses and normalises one entry of the Trusted Domains list:
// surrounding space, upper case, "https://", the scheme's default port, one
// trailing "/" and Unicode (UTS 46, non-transitional) are taken care of; all else
// is refused with a [*DomainError] that says what to do instead.
//
// What ParseDomain accepts may still need a person's word: see [Domain.Confirmations].
func ParseDomain(s string) (Domain, error) { panic("todo") }

// Confirmations returns what has to be confirmed about the entry by itself
// (ConfirmInsecure, ConfirmPublicSuffix, and ConfirmLookAlike where the name
// mixes scripts), whatever else is on the list.
func (d Domain) Confirmations() []Confirmation { panic("todo") }

// MixesScripts reports whether a label of the name mixes writing systems.
func (d Domain) MixesScripts() bool { panic("todo") }

// IsLoopback reports whether the entry trusts pages of the visitor's own machine.
func (d Domain) IsLoopback() bool { panic("todo") }

// IsApp reports whether the entry trusts an app or a browser extension.
func (d Domain) IsApp() bool { panic("todo") }

// Trusts reports whether the domain trusts an origin. It is the definition that
// [Set] is tested against.
func (d Domain) Trusts(o Origin) bool { panic("todo") }

// MarshalText and UnmarshalText make a Domain fit for JSON and TOML.
func (d Domain) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText parses as [ParseDomain] does.
func (d *Domain) UnmarshalText(b []byte) (err error) {
	*d, err = ParseDomain(string(b))
	return err
}
