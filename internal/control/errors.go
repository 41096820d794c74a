package control

import "errors"

// An Error is a mistake or a refusal that a person can do something about. What
// is not an *Error is internal: logged with its cause and shown to nobody.
type Error struct {
	Code    string   // stable: one of the Code constants, or a trust.DomainReason
	Message string   // a sentence that says what to do
	Field   string   // the form field or flag it is about, or ""
	Lines   []Line   // for AddDomains: all lines, good and bad
	Fields  []*Error // where several fields are wrong: each mistake, with its Field
	Cause   error
}

func (e *Error) Error() string { return e.Message }
func (e *Error) Unwrap() error { return e.Cause }

// The codes of an [Error]. Stores have codes of their own, which begin "database-".
const (
	CodeNotFound          = "not-found"
	CodeNeedsConfirmation = "needs-confirmation"
	CodeRefused           = "refused"         // of several entries some are refused: see Lines
	CodeSwitchedOff       = "switched-off"    // an entry is on the list already, switched off
	CodeExpired           = "expired"         // an entry is on the list already, expired
	CodeChangedSince      = "changed-since"   // an entry is not any more what the caller saw
	CodeAlreadyUndone     = "already-undone"  // that change was taken back before
	CodeNothingToUndo     = "nothing-to-undo" // that change cannot be taken back at all
	CodeInvalid           = "invalid"         // Field says what
	CodeTooMany           = "too-many"        // a limit is reached
	CodeExists            = "already-exists"
	CodeLastAccount       = "last-account"
	CodeLastOwner         = "last-owner"
	CodeWrongCredentials  = "wrong-credentials"
	CodeTooManyAttempts   = "too-many-attempts"
	CodeWeakPassword      = "weak-password"
	CodeSignedOut         = "signed-out"   // no such session, or it has ended
	CodeWrongSecret       = "wrong-secret" // of the first-run link or an invitation
	CodeAlreadySetUp      = "already-set-up"
	CodeKeyUnknown        = "key-unknown"
	CodeKeyExpired        = "key-expired"
	CodeKeyRevoked        = "key-revoked"
	CodeNoSecretKey       = "no-secret-key"  // there is nothing to seal a secret with
	CodeSecretSealed      = "secret-sealed"  // a secret cannot be opened
	CodeSavedNotLive      = "saved-not-live" // written, but this node could not read it back yet
)

// ErrNoRecord is what a [Store] answers where there is no such record.
var ErrNoRecord = errors.New("no such record")

// refuse makes an error of a code, a field and a sentence.
func refuse(code, field, message string) *Error {
	return &Error{Code: code, Field: field, Message: message}
}

// orNotFound turns the store's ErrNoRecord into what a person is told.
func orNotFound(err error, message string) error {
	if errors.Is(err, ErrNoRecord) {
		return &Error{Code: CodeNotFound, Message: message, Cause: err}
	}
	return err
}
