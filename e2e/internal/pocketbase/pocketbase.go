// Package pocketbase runs PocketBase, an API that is not ours, as its own server would.
package pocketbase

import (
	"net/http/httptest"
	"testing"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	_ "github.com/pocketbase/pocketbase/migrations" // its system tables
	"github.com/pocketbase/pocketbase/tools/types"
)

// The account that the server has from the start.
const (
	Email    = "ada@example.com"
	Password = "a-long-password-for-tests"
)

// Start starts a server with a collection of notes, which any signed-in user may
// read and write, until the test ends. It returns the server's URL.
func Start(t testing.TB) string {
	t.Helper()
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: t.TempDir()})
	for _, step := range []func(core.App) error{core.App.Bootstrap, core.App.RunAllMigrations, addAccount, addNotes} {
		if err := step(app); err != nil {
			t.Fatalf("preparing PocketBase: %v", err)
		}
	}
	router, err := apis.NewRouter(app)
	if err != nil {
		t.Fatal(err)
	}
	// As it is shipped: open to every origin. The gateway puts its own answer in place of this.
	router.Bind(apis.CORS(apis.CORSConfig{AllowOrigins: []string{"*"}}))
	handler, err := router.BuildMux()
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
		if err := app.ResetBootstrapState(); err != nil {
			t.Errorf("closing PocketBase: %v", err)
		}
	})
	return server.URL
}

func addAccount(app core.App) error {
	users, err := app.FindCollectionByNameOrId("users")
	if err != nil {
		return err
	}
	ada := core.NewRecord(users)
	ada.SetEmail(Email)
	ada.SetPassword(Password)
	ada.SetVerified(true)
	return app.Save(ada)
}

func addNotes(app core.App) error {
	signedIn := types.Pointer(`@request.auth.id != ""`)
	notes := core.NewBaseCollection("notes")
	notes.ListRule, notes.ViewRule = signedIn, signedIn
	notes.CreateRule, notes.UpdateRule, notes.DeleteRule = signedIn, signedIn, signedIn
	notes.Fields.Add(&core.TextField{Name: "title", Required: true}, &core.FileField{Name: "picture"})
	return app.Save(notes)
}
