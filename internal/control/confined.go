package control

import (
	"context"
	"fmt"
)

// AddConfined makes an account that has a role at this site, and may do nothing at
// others. The first account cannot be one.
func (s *Service) AddConfined(ctx context.Context, who Actor, name, password string, role Role) (Account, error) {
	a, err := s.newAccount(ctx, name, password, role)
	if err != nil {
		return Account{}, err
	}
	a.Role, a.Confined = RoleViewer, true // what it is once somebody lets it see every site
	return changeAccount(ctx, s, func(w Writer) (Account, error) {
		if err := s.stillThere(w); err != nil {
			return Account{}, err
		}
		made, err := s.insertAccount(w, who, actionAddAccount, "added account "+a.Name+", confined to its sites", a)
		if err != nil {
			return Account{}, err
		}
		if err := w.PutMember(s.site.ID, made.ID, role); err != nil {
			return Account{}, fmt.Errorf("writing a member: %w", err)
		}
		summary := fmt.Sprintf("made %s %s of the site %s", made.Name, withArticle(role), s.site.Name)
		return made, s.recordMember(w, who, actionSetMember, summary, made.Name, "", role)
	})
}
