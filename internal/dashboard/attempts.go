package dashboard

import (
	"context"
	"errors"

	"github.com/crossgate/crossgate/internal/control"
)

// accounts is the control plane, with somebody who is told of attempts to sign in.
type accounts struct {
	*control.Service
	told func(result string) // nil: nobody
}

// SignIn is [control.Service.SignIn].
func (a accounts) SignIn(ctx context.Context, name, password, address, userAgent string) (cookie string, err error) {
	cookie, err = a.Service.SignIn(ctx, name, password, address, userAgent)
	if a.told != nil {
		a.told(resultOf(err))
	}
	return cookie, err
}

// resultOf is "ok", the code of a refusal, or "failed".
func resultOf(err error) string {
	refused, ok := errors.AsType[*control.Error](err)
	switch {
	case err == nil:
		return "ok"
	case ok:
		return refused.Code
	}
	return "failed"
}
