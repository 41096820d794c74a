package control

import (
	"cmp"
	"context"
	"encoding/base32"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/crossgate/crossgate/token"
	"github.com/crossgate/crossgate/trust"
)

// A Token is one of Crossgate's access tokens as it is kept: never the secret.
type Token struct {
	ID         string
	Name       string
	ExpiresAt  time.Time      // zero: never
	RevokedAt  time.Time      // zero: not revoked
	Methods    []string       // nil: every method
	PathPrefix string         // "": every path
	Domains    []trust.Domain // nil: every trusted origin
	Servers    bool           // of use without an Origin even though Domains is set
	CreatedAt  time.Time
	// QueryCarrier says which requests may carry the token in their query; the
	// site's policy may allow fewer.
	QueryCarrier token.QueryCarrier
	CreatedBy    string
	LastUsed     time.Time // zero: never; approximate
}

// CreateToken asks for an access token.
type CreateToken struct {
	Name       string
	Expires    time.Time // zero: never
	Methods    []string  // none: every method
	PathPrefix string    // whole segments; "": every path
	Domains    []string  // entries as typed; each must be on the list
	Servers    bool
	// QueryCarrier: "" is token.QueryFull.
	QueryCarrier token.QueryCarrier
}

// Limits of access tokens.
const (
	MaxTokens       = 1_000_000 // of a site, the revoked ones included
	MaxTokenName    = 100       // bytes
	MaxTokenDomains = 100       // entries that one token is bound to
	MaxPathPrefix   = 500       // bytes

	tokenIDPrefix = "tok_"
	idBytes       = 10 // random bytes of an id
)

// CreateToken makes a token; the secret is returned once and never again.
func (s *Service) CreateToken(ctx context.Context, who Actor, in CreateToken) (tok Token, secret string, err error) {
	tok, err = s.newToken(who, in)
	if err != nil {
		return Token{}, "", err
	}
	minted, err := token.Mint(randomReader(s.rand))
	if err != nil {
		return Token{}, "", fmt.Errorf("making a token: %w", err)
	}
	tok, err = change(ctx, s, func(w Writer) (Token, error) {
		if err := s.tokenFits(w, tok); err != nil {
			return Token{}, err
		}
		if err := w.InsertToken(s.site.ID, TokenRecord{tok, minted.Digest()}); err != nil {
			return Token{}, fmt.Errorf("writing a token: %w", err)
		}
		return tok, s.recordToken(w, who, actionCreateToken, "created access token "+tok.Name, nil, &tok)
	})
	if err != nil {
		return tok, "", err
	}
	return tok, minted.Reveal(), nil
}

// newToken checks what is asked for and makes the record of it.
func (s *Service) newToken(who Actor, in CreateToken) (Token, error) {
	name := strings.TrimSpace(in.Name)
	if err := cmp.Or(validTokenName(name), validPathPrefix(in.PathPrefix), s.validExpiry(in.Expires)); err != nil {
		return Token{}, err
	}
	methods, err := validMethods(in.Methods)
	if err != nil {
		return Token{}, err
	}
	domains, err := boundDomains(in.Domains)
	if err != nil {
		return Token{}, err
	}
	carrier := cmp.Or(in.QueryCarrier, token.QueryFull)
	if err := validQueryCarrier(carrier); err != nil {
		return Token{}, err
	}
	return Token{
		ID: s.newID(tokenIDPrefix), Name: name, ExpiresAt: kept(in.Expires), Methods: methods,
		PathPrefix: in.PathPrefix, Domains: domains, Servers: in.Servers,
		CreatedAt: s.now(), CreatedBy: who.Name, QueryCarrier: carrier,
	}, nil
}

// newID makes a public name, such as tok_ and 16 letters and digits.
func (s *Service) newID(prefix string) string {
	return prefix + strings.ToLower(base32.StdEncoding.EncodeToString(s.random(idBytes)))
}

// tokenFits checks what depends on the list: that there is room, and that the
// entries that the token is bound to are there.
func (s *Service) tokenFits(r Reader, t Token) error {
	have, err := s.tokensInAll(r)
	if err != nil {
		return err
	}
	if have >= MaxTokens {
		return refuse(CodeTooMany, "", fmt.Sprintf("there are %d access tokens, which is the most that are kept", MaxTokens))
	}
	for _, d := range t.Domains {
		if _, err := r.DomainOf(s.site.ID, d); err != nil {
			return orNotFound(err, fmt.Sprintf("%s is not on the list of Trusted Domains; add it first, then bind the token to it", d))
		}
	}
	return nil
}

// Tokens lists access tokens, the newest first, and how many match in all.
func (s *Service) Tokens(ctx context.Context, q ListQuery) ([]Token, int, error) {
	q = q.bounded()
	total := 0
	list, err := view(ctx, s, func(r Reader) (_ []Token, err error) {
		if q, err = q.bounding(func() (int, error) { return s.tokensInAll(r) }); err != nil {
			return nil, err
		}
		list, err := r.Tokens(s.site.ID, q)
		if err == nil && q.bounds() && len(list) == 0 && q.Offset == 0 {
			if one, missing := r.Token(s.site.ID, q.Search); missing == nil {
				list = []Token{one}
			} else if !errors.Is(missing, ErrNoRecord) {
				err = missing
			}
		}
		if err == nil {
			total, err = q.total(len(list), func() (int, error) {
				if q.Search == "" {
					return s.tokensInAll(r)
				}
				return r.CountTokens(s.site.ID, q.Search)
			})
		}
		return list, err
	})
	return list, total, err
}

// Token returns one access token by its id.
func (s *Service) Token(ctx context.Context, id string) (Token, error) {
	return view(ctx, s, func(r Reader) (Token, error) { return s.tokenOf(r, id) })
}

func (s *Service) tokenOf(r Reader, id string) (Token, error) {
	t, err := r.Token(s.site.ID, id)
	return t, orNotFound(err, fmt.Sprintf("there is no access token with the id %q; the list has the ids", shortened(id)))
}

// RevokeToken ends a token for good. One that is revoked already stays as it is.
func (s *Service) RevokeToken(ctx context.Context, who Actor, id string) (Token, error) {
	return change(ctx, s, func(w Writer) (Token, error) {
		before, err := s.tokenOf(w, id)
		if err != nil {
			return Token{}, err
		}
		if !before.RevokedAt.IsZero() {
			return before, nil
		}
		after := before
		after.RevokedAt = s.now()
		if err := w.RevokeToken(s.site.ID, id, after.RevokedAt); err != nil {
			return Token{}, fmt.Errorf("revoking %s: %w", id, err)
		}
		return after, s.recordToken(w, who, actionRevokeToken, "revoked access token "+after.Name, &before, &after)
	})
}
