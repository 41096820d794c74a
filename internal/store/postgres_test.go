//go:build unix

package store_test

import (
	"testing"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/testkit/pgtest"
	"github.com/crossgate/crossgate/internal/testkit/storetest"
)

func TestPostgreSQLConforms(t *testing.T) {
	storetest.Run(t, func(t *testing.T) control.Store { return open(t, pgtest.NewDatabase(t)) })
}
