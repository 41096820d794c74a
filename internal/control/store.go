package control

import (
	"context"
	"time"

	"github.com/crossgate/crossgate/token"
	"github.com/crossgate/crossgate/trust"
)

// Store is the records that control keeps; internal/store has it in SQL.
//
// A single record that is not there is [ErrNoRecord]. An error of the function
// takes the whole transaction back and is returned as it is.
type Store interface {
	// Head reads where the records are, without a transaction and at the least cost:
	// every node asks several times a second.
	Head(ctx context.Context) (Head, error)
	// Follow is View for nodes that follow the head. Whatever others read, and however
	// slowly, neither it nor Head waits for them: a revocation is not to wait for a page.
	Follow(ctx context.Context, read func(Reader) error) error
	// View reads one state of the records, whatever is written meanwhile.
	View(ctx context.Context, read func(Reader) error) error
	// Update reads and writes, alone: nothing that was read can change before
	// it ends. What it has written is durable when it returns nil. Like Tally it may call
	// write again, from the beginning, where the database took it back for another
	// transaction's sake: the last call counts.
	Update(ctx context.Context, write func(Writer) error) error
	// Tally writes what makes no revision and is added up or approximate: usage,
	// sightings, signs of life. It does not wait for those who Update, nor they for it.
	Tally(ctx context.Context, write func(Writer) error) error
	Close() error
}

// A Watcher is a Store that can tell when the head may have moved. It is a hint, for
// those who poll.
type Watcher interface {
	// Watch calls changed, until ctx ends, when it begins to listen, whenever it begins
	// again, and when it hears of a change. It returns early only where it cannot.
	Watch(ctx context.Context, changed func()) error
}

// A Reader reads within one transaction, and is of no use after it.
type Reader interface {
	Head() (Head, error)
	MovedAt() (time.Time, error) // when the head was moved; zero: never, or before that was known
	// ChangedSince returns what changed in all sites after an earlier head, each
	// subject once; ErrNoRecord where that head is of another history, or where
	// more than so many changed.
	ChangedSince(since Head, most int) ([]Subject, error)

	EachSite(visit func(Site) error) error // by id, those that were removed left out
	Sites(q ListQuery) ([]Site, error)     // by name; default first
	CountSites(search string) (int, error)
	SiteOf(id int64) (Site, error) // ErrNoRecord where it was removed
	SiteNamed(name string) (Site, error)
	SiteAt(address string) (id int64, err error)
	SitesWithPolicy(secret string) ([]int64, error)  // those with a policy of their own, or a sealed secret of that name
	Members(site int64) ([]Member, error)            // by name
	MemberRole(site, account int64) (Role, error)    // ErrNoRecord where it is none
	Memberships(account int64) ([]Membership, error) // by the name of the site

	Domains(site int64, q ListQuery) ([]Domain, error) // newest first
	// DomainsBefore is a page of those with a lower id than before; 0: from the newest.
	DomainsBefore(site int64, search string, before int64, most int) ([]Domain, error)
	CountDomains(site int64, search string) (int, error)
	Domain(site, id int64) (Domain, error)
	DomainOf(site int64, d trust.Domain) (Domain, error)
	Entries(site int64) ([]trust.Entry, error)                        // the whole list
	EntriesNamed(site int64, domains []string) ([]trust.Entry, error) // those of these domains, as normalised, that are on it
	EachEntry(visit func(site int64, e trust.Entry) error) error      // of all sites, those of one together

	Tokens(site int64, q ListQuery) ([]Token, error) // newest first
	CountTokens(site int64, search string) (int, error)
	Token(site int64, id string) (Token, error)
	// EachGrant visits the grants of a site, the revoked ones included; of 0, those of
	// all sites, those of one together.
	EachGrant(site int64, visit func(site int64, d token.Digest, g *token.Grant) error) error
	Grant(site int64, id string) (token.Digest, *token.Grant, error)

	Policy(site int64) (Policy, error) // ErrNoRecord where nobody has changed it; no credential
	SealedSecret(site int64, name string) ([]byte, error)
	IgnoredOrigins(site int64) ([]IgnoredOrigin, error) // newest first
	Traffic(site int64) ([]TrafficCount, error)
	OriginDays(site int64, since time.Time) ([]OriginDay, error) // of that day and later; most hits first
	RefusedOrigins(site int64) ([]RefusedOrigin, error)          // most hits first

	Keys(q ListQuery) ([]Key, error) // newest first
	CountKeys(search string) (int, error)
	Key(id string) (Key, error)
	KeyOf(token.Digest) (Key, error)

	Accounts() ([]AccountRecord, error) // by name
	Account(name string) (AccountRecord, error)
	Session(SecretDigest) (Session, error)
	SessionOfID(id string) (Session, error)
	SessionsOf(account int64) ([]Session, error) // those used last first
	SetupSecret() (SecretDigest, error)
	Invitations() ([]Invitation, error) // by name
	Invitation(id int64) (Invitation, error)
	InvitationOf(SecretDigest) (Invitation, error)

	Audited(id int64) (AuditRecord, error)
	Changes(site int64, q ListQuery) ([]Change, error) // newest first
	// AuditLog is a page of the log, newest first. Before and After are nil where
	// they are longer than MaxAuditShown.
	AuditLog(site int64, q AuditQuery) ([]AuditRecord, error)
	LastChange(site int64, kind string) (Change, error) // of a kind of subject, ErrNoRecord where none

	Nodes() ([]Node, error) // by name
}

// A Writer reads and writes within one transaction.
type Writer interface {
	Reader

	// Record appends to the audit log and, where subjects were changed, to the
	// changes, and then gives the head a new revision and the change id.
	Record(r AuditRecord, subjects []Subject, changeID string) (id int64, err error)
	MarkUndone(id, by int64) error

	InsertSite(s Site) (id int64, err error)
	UpdateSite(s Site) error // all but name and id
	// RemoveSite takes away all that a site has, and frees its name and addresses.
	RemoveSite(id int64, at time.Time) error
	PutMember(site, account int64, role Role) error
	DeleteMember(site, account int64) error
	SetConfined(account int64, confined bool) error

	InsertDomain(site int64, d Domain) (id int64, err error) // d.ID 0: a new one
	UpdateDomain(site int64, d Domain) error                 // label, enabled, expiry, version
	DeleteDomain(site, id int64) error
	InsertToken(site int64, t TokenRecord) error
	RevokeToken(site int64, id string, at time.Time) error

	PutPolicy(site int64, p Policy) error
	PutSealedSecret(site int64, name string, sealed []byte, at time.Time) error
	DeleteSealedSecret(site int64, name string) error // of one that is not there: nothing
	PutIgnoredOrigin(site int64, o IgnoredOrigin) error
	DeleteIgnoredOrigin(site int64, origin string) error

	InsertKey(k KeyRecord) error
	RevokeKey(id string, at time.Time) error
	TouchKey(id string, at time.Time) error

	InsertAccount(a AccountRecord) (id int64, err error)
	SetPassword(account int64, password string) error
	SetRole(account int64, role Role) error
	SetLastLogin(account int64, at time.Time) error
	DeleteAccount(account int64) error

	InsertSession(d SecretDigest, s Session) error
	TouchSession(d SecretDigest, at time.Time) error
	DeleteSession(SecretDigest) error
	DeleteSessionOfID(id string) error
	DeleteSessionsOf(account int64, except string) error // all but the one with an id
	KeepSessions(account int64, most int) error          // those used last
	DeleteSessionsBefore(created, seen time.Time) error  // those made or last seen before
	PutSetupSecret(d SecretDigest, at time.Time) error
	DeleteSetupSecret() error
	InsertInvitation(i Invitation, d SecretDigest) (id int64, err error)
	DeleteInvitation(id int64) error

	AddDomainUsage(id int64, seen Seen) error // of an entry that is gone: nothing
	AddTokenUsage(id string, seen Seen) error

	AddTraffic(site int64, c TrafficCount) error
	AddOriginDay(site int64, d OriginDay) error
	AddRefusedOrigin(site int64, o RefusedOrigin) error // its examples and reason stand in the place of earlier ones
	PruneSightings(site int64, k Kept) error

	PutNode(n Node) error
	DeleteNode(id string) error // one that is not there: nothing
	DeleteNodesBefore(seen time.Time) error
}

// A Head says at which revision the records are. Two heads that are equal stand
// for the same records.
type Head struct {
	Revision int64
	ChangeID string // random
}

// A SecretDigest is the SHA-256 of a cookie or of a link's secret.
type SecretDigest [32]byte

// A TokenRecord is an access token with what it is looked up by.
type TokenRecord struct {
	Token
	Digest token.Digest
}

// A KeyRecord is a management key with what it is looked up by.
type KeyRecord struct {
	Key
	Digest token.Digest
}

// An AccountRecord is an account with its password as a PHC string.
type AccountRecord struct {
	Account
	Password string
}

// An AuditRecord is one row of the audit log. Before and After hold the records
// that were changed, as JSON.
type AuditRecord struct {
	Change
	Site   int64  // 0: of no one site
	Node   string // that made the change; "": not known
	Reason string
	Before []byte
	After  []byte
}

// A Subject is one thing of a site that the gateway decides by.
type Subject struct {
	Site int64
	Kind string // one of the constants below
	Name string // the entry as normalised, the token's id, or the site's name
}

// The kinds of subject.
const (
	SubjectDomain = "domain"
	SubjectToken  = "token"
	SubjectPolicy = "policy"
	SubjectSite   = "site"

	SubjectTicketKeys = "ticket-keys" // of the default site, for all of them
)
