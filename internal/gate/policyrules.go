package gate

import (
	"fmt"
	"strings"
	"time"

	"github.com/crossgate/crossgate/preflight"
)

// Limits of a policy.
const (
	MaxNames  = 128            // of headers or methods that are listed
	MaxMaxAge = 24 * time.Hour // what the most patient browser keeps
)

// CheckMethod says what is wrong with a method that is to be granted to pages.
func CheckMethod(method string) error {
	switch {
	case !preflight.IsToken(method):
		return fmt.Errorf("%q is not a method", method)
	case method == "CONNECT" || method == "TRACE" || method == "OPTIONS":
		return fmt.Errorf("%s is not granted to pages; leave it out", method)
	case method != strings.ToUpper(method):
		return fmt.Errorf("%q: methods are told apart by case; write %s", method, strings.ToUpper(method))
	}
	return nil
}

// CheckHeader says what is wrong with the name of a header that is listed.
func CheckHeader(name string) error {
	if !preflight.IsToken(name) || name == "*" {
		return fmt.Errorf("%q is not the name of a header", name)
	}
	return nil
}
