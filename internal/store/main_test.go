package store_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/store"
	"github.com/crossgate/crossgate/internal/testkit/pgtest"
)

// The tests start themselves as other processes, to be killed or to race.
const (
	roleVariable = "STORE_TEST_ROLE"
	fileVariable = "STORE_TEST_FILE"
	roleOpen     = "open"  // open the file, and end
	roleWrite    = "write" // add entries without end, and say so after each
	roleFill     = "fill"  // the same, where files may not grow for ever
)

func TestMain(m *testing.M) {
	var err error
	switch role := os.Getenv(roleVariable); role {
	case "":
		os.Exit(pgtest.Main(m))
	case roleOpen:
		err = openAndClose(os.Getenv(fileVariable))
	case roleWrite:
		err = writeForever(os.Getenv(fileVariable))
	case roleFill:
		err = fill(os.Getenv(fileVariable))
	default:
		err = fmt.Errorf("no such role: %s", role)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func openAndClose(path string) error {
	db, err := store.Open(context.Background(), path, store.Config{})
	if err != nil {
		return err
	}
	return db.Close()
}

// writeForever adds entry after entry and prints each one that was acknowledged.
func writeForever(path string) error {
	db, err := store.Open(context.Background(), path, store.Config{})
	if err != nil {
		return err
	}
	c, err := control.New(control.Config{Store: db})
	if err != nil {
		return err
	}
	for i := 0; ; i++ {
		entry := fmt.Sprintf("n%d.p%d.example.com", i, os.Getpid())
		_, _, err := c.AddDomains(context.Background(), operator, control.AddDomains{Text: []string{entry}})
		if err != nil {
			return err
		}
		fmt.Println(entry)
	}
}
