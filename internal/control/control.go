// Package control is the control plane: what an administrator may ask. Records,
// rules, audit, and the Store interface that it needs.
package control

import (
	"context"
	"time"

	"github.com/crossgate/crossgate/internal/snapshot"
	"github.com/crossgate/crossgate/trust"
)

// DefaultSite is the name of the site that is always there.
const DefaultSite = "default"

// An Actor is who asks, for the audit log.
type Actor struct {
	Kind    string // "user", "command-line", "system"
	Name    string // account name, or the operating system's user
	Address string // remote address, "" on the command line
}

// A Domain is one Trusted Domain as it is kept.
type Domain struct {
	ID        int64
	Typed     string // as a person typed it
	Domain    trust.Domain
	Label     string
	Enabled   bool
	ExpiresAt time.Time // zero: never
	CreatedAt time.Time
	CreatedBy string
	LastSeen  time.Time // zero: never; approximate
	Hits      int64     // approximate
	Version   int64     // grows with each change: optimistic locking
}

// AddDomains asks for entries to be added, all or none.
type AddDomains struct {
	Text    []string // each one entry or a pasted list: lines, commas, spaces
	Label   string
	Expires time.Time            // zero: never
	Confirm []trust.Confirmation // what the person has confirmed
	Reason  string               // required with ConfirmPublicSuffix; goes into the audit log
}

// A Line is what became, or would become, of one entry that was typed.
type Line struct {
	Entry   string       // as typed
	Domain  trust.Domain // normalised; zero where refused
	Status  LineStatus
	Code    string               // where refused: a trust.DomainReason or "needs-confirmation"
	Message string               // where refused, or already trusted: a sentence that says what to do
	Suggest string               // where refused: an entry that would do, or ""
	Confirm []trust.Confirmation // what still needs confirming
	Like    string               // where Confirm has look-alike: the entry that it resembles
}

// A LineStatus says what became of a line.
type LineStatus string

// The statuses of a line.
const (
	Added          LineStatus = "added"
	AlreadyTrusted LineStatus = "already-trusted"
	RefusedLine    LineStatus = "refused"
)

// A Change is one audited change: what undo takes back.
type Change struct {
	ID      int64
	At      time.Time
	Actor   Actor
	Action  string // "domain.add", "domain.set", "domain.remove", "domain.undo", "token.create", …
	Summary string // "added app.example.com and 2 more"
	Undone  bool
}

// ListQuery narrows and pages a list.
type ListQuery struct {
	Search string // substring of domain or label, case ignored
	Offset int
	Limit  int // 0: DefaultPage; at most MaxPage
}

// Pages of lists, in rows.
const (
	DefaultPage = 50
	MaxPage     = 1000
)

// SetDomain changes one entry. Nil fields stay.
type SetDomain struct {
	ID      int64
	Version int64 // the version that was seen; 0: any
	Label   *string
	Enabled *bool
	Expires *time.Time // zero time: never
}

// A CheckResult answers "would this origin be allowed?"
type CheckResult struct {
	Origin  string
	Allowed bool
	Reason  string // "trusted", "own-origin", "origin-not-trusted", "origin-malformed", "origin-null"
	Domain  string // the entry that matched
	Nearest string // the entry that comes nearest
	Differs trust.Difference
	Detail  string // a sentence for a person
}

// A Token is one of Crossgate's access tokens as it is kept: never the secret.
type Token struct {
	ID         string
	Name       string
	ExpiresAt  time.Time
	RevokedAt  time.Time
	Methods    []string
	PathPrefix string
	Domains    []trust.Domain
	Servers    bool
	CreatedAt  time.Time
	CreatedBy  string
	LastUsed   time.Time
}

// CreateToken asks for an access token.
type CreateToken struct {
	Name       string
	Expires    time.Time
	Methods    []string
	PathPrefix string
	Domains    []string // entries as typed; each must be on the list
	Servers    bool
}

// An Account is a person who may use the dashboard.
type Account struct {
	ID        int64
	Name      string
	CreatedAt time.Time
	LastLogin time.Time
}

// A Session is a signed-in browser. Its secret is only ever in the cookie; the
// store has its digest.
type Session struct {
	Account   Account
	CSRF      string // not needed where http.CrossOriginProtection holds; kept out unless used
	CreatedAt time.Time
	SeenAt    time.Time
}

// An Error is a mistake or a refusal that a person can do something about. What
// is not an *Error is internal: logged with its cause and shown to nobody.
type Error struct {
	Code    string // stable: "not-found", "changed-since", "needs-confirmation", "wrong-password", …
	Message string // a sentence that says what to do
	Field   string // the form field or flag it is about, or ""
	Lines   []Line // for AddDomains: all lines, good and bad
	Cause   error
}

func (e *Error) Error() string { return e.Message }
func (e *Error) Unwrap() error { return e.Cause }

// Service is the control plane over a store. All methods are safe for use by
// several goroutines.
type Service struct{}

// Config is what New needs. Clock and randomness are parameters.
type Config struct {
	Store Store
	Now   func() time.Time // nil: time.Now
	Rand  func([]byte)     // nil: crypto/rand
	Own   []trust.Origin   // the public URLs, for Check
}

// Store is the records that control keeps; internal/store has it in SQL.
type Store interface{ Close() error }

// New makes the control plane.
func New(cfg Config) (*Service, error) { panic("todo") }

// PreviewDomains says what AddDomains would do, and changes nothing.
func (s *Service) PreviewDomains(ctx context.Context, in AddDomains) ([]Line, error) { panic("todo") }

// AddDomains adds all entries or none. Where any is refused or unconfirmed the
// error is an *Error with all Lines.
func (s *Service) AddDomains(ctx context.Context, who Actor, in AddDomains) ([]Line, Change, error) {
	panic("todo")
}

// Domains lists entries, and how many match in all.
func (s *Service) Domains(ctx context.Context, q ListQuery) ([]Domain, int, error) { panic("todo") }

// Domain returns one entry by id; DomainByPattern by its normalised text.
func (s *Service) Domain(ctx context.Context, id int64) (Domain, error)         { panic("todo") }
func (s *Service) FindDomain(ctx context.Context, entry string) (Domain, error) { panic("todo") }

// SetDomain changes one entry.
func (s *Service) SetDomain(ctx context.Context, who Actor, in SetDomain) (Domain, Change, error) {
	panic("todo")
}

// RemoveDomains removes entries by id, all or none.
func (s *Service) RemoveDomains(ctx context.Context, who Actor, ids []int64) (Change, error) {
	panic("todo")
}

// LastChange returns the last change to the list that can be undone, and false where there is none.
func (s *Service) LastChange(ctx context.Context) (Change, bool, error) { panic("todo") }

// Undo takes one change back. It is refused ("changed-since") if an entry has changed since.
func (s *Service) Undo(ctx context.Context, who Actor, changeID int64) (Change, error) { panic("todo") }

// Check says whether an origin would be allowed, by which entry, or which is nearest.
func (s *Service) Check(ctx context.Context, origin string) (CheckResult, error) { panic("todo") }

// CreateToken makes a token; the secret is returned once and never again.
func (s *Service) CreateToken(ctx context.Context, who Actor, in CreateToken) (tok Token, secret string, err error) {
	panic("todo")
}
func (s *Service) Tokens(ctx context.Context, q ListQuery) ([]Token, int, error) { panic("todo") }
func (s *Service) RevokeToken(ctx context.Context, who Actor, id string) (Token, error) {
	panic("todo")
}

// Accounts and sessions.
func (s *Service) AddAccount(ctx context.Context, who Actor, name, password string) (Account, error) {
	panic("todo")
}
func (s *Service) Accounts(ctx context.Context) ([]Account, error) { panic("todo") }
func (s *Service) SetPassword(ctx context.Context, who Actor, name, password string) error {
	panic("todo")
}
func (s *Service) RemoveAccount(ctx context.Context, who Actor, name string) error { panic("todo") }

// SetupSecret returns the single-use secret of the first-run link, or "" where an
// account exists. It is kept (as a digest) so that only the process that printed it, or the latest, is valid.
func (s *Service) SetupSecret(ctx context.Context) (string, error) { panic("todo") }

// Setup makes the first account, with the single-use secret.
func (s *Service) Setup(ctx context.Context, secret, name, password, address string) (Account, error) {
	panic("todo")
}

// SignIn answers the same, in the same time, for an unknown name and a wrong
// password ("wrong-credentials"); it delays by account and address ("too-many-attempts").
func (s *Service) SignIn(ctx context.Context, name, password, address string) (cookie string, err error) {
	panic("todo")
}
func (s *Service) Session(ctx context.Context, cookie string) (Session, error) { panic("todo") }
func (s *Service) SignOut(ctx context.Context, cookie string) error            { panic("todo") }

// Usage is what the gateway saw, flushed each minute. It is approximate and makes no revision.
type Usage struct {
	Domains map[int64]Seen
	Tokens  map[string]Seen
}

// Seen is how often and when last.
type Seen struct {
	Hits int64
	Last time.Time
}

func (s *Service) RecordUsage(ctx context.Context, u Usage) error { panic("todo") }

// Settings of the site that come from flags, for the snapshot.
type SiteSettings struct {
	Upstream   string
	PublicURLs []trust.Origin
	Observe    bool
}

// Follow publishes the current snapshot into the holder, then polls the head
// (every 250 ms) and publishes again whenever revision or change id differ, until
// ctx ends. Changes made through this Service are published before the call that
// made them returns (read your write). An unreachable store is reported and the
// last good snapshot stays.
func (s *Service) Follow(ctx context.Context, site SiteSettings, to *snapshot.Holder, report func(error)) error {
	panic("todo")
}
