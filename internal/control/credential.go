package control

import (
	"errors"
	"fmt"
	"strings"

	"github.com/crossgate/crossgate/token"
)

// upstreamCredential is the name of the sealed secret.
const upstreamCredential = "upstream-credential"

// MaxCredential is the length of an upstream credential, in bytes.
const MaxCredential = 4 << 10

// sealedName is what a site's secret is sealed as.
func sealedName(site int64, name string) string { return fmt.Sprintf("site/%d/%s", site, name) }

// checkCredential checks a credential for the upstream: a scheme and what follows it,
// as the Authorization field has them (RFC 9110, section 11.4). It is never repeated
// in an error.
func checkCredential(text string) error {
	scheme, rest, found := strings.Cut(text, " ")
	switch {
	case text == "":
		return nil
	case len(text) > MaxCredential:
		return fmt.Errorf("the credential is longer than %d bytes", MaxCredential)
	case strings.IndexFunc(text, func(r rune) bool { return r < ' ' || r > '~' }) >= 0:
		return errors.New("the credential has characters that a header cannot have; copy it again, on one line")
	case !found || strings.TrimSpace(rest) == "":
		return errors.New("write the credential as the Authorization field has it, with its scheme: Bearer and a token, or Basic and a code")
	case strings.Trim(strings.ToLower(scheme), "abcdefghijklmnopqrstuvwxyz0123456789-") != "":
		return errors.New("the credential begins with a scheme such as Bearer or Basic; leave the name of the header out")
	case token.IsOurs(strings.TrimSpace(rest)):
		return errors.New("this is one of Crossgate's own tokens, which the API does not know; give a credential of the API's")
	}
	return nil
}

// sealCredential seals a credential that is given, and returns nil where none is.
func (s *Service) sealCredential(given *string) ([]byte, error) {
	if given == nil || *given == "" {
		return nil, nil
	}
	if s.sealer == nil {
		return nil, refuse(CodeNoSecretKey, "upstream-credential", "there is no key to seal the credential with; give one with --secret-key-file")
	}
	sealed, err := s.sealer.Seal(sealedName(s.site.ID, upstreamCredential), []byte(*given))
	if err != nil {
		return nil, fmt.Errorf("sealing the upstream credential: %w", err)
	}
	return sealed, nil
}

// openCredential returns the credential that a policy has, or "" where it has none.
func (s *Service) openCredential(site int64, p *sitePolicy) (string, error) {
	if p.sealed == nil {
		return "", nil
	}
	if s.sealer == nil {
		return "", errors.New("the upstream credential cannot be opened: there is no key; give the one that it was sealed with, with --secret-key-file")
	}
	text, err := s.sealer.Open(sealedName(site, upstreamCredential), p.sealed)
	if err != nil {
		return "", fmt.Errorf("the upstream credential cannot be opened, so requests with an access token are refused: %w", err)
	}
	return string(text), nil
}
