package store_test

import (
	"testing"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/store"
	"github.com/crossgate/crossgate/token"
)

// firstRecords are rows of the first schema, in every table that a later one changed.
const firstRecords = `
	INSERT INTO trusted_domain (site_id, typed, domain, label, search, enabled, created_at, created_by, version)
	VALUES (1, 'app.example.com', 'app.example.com', '', 'app.example.com ', 1, 5, 'anna', 1);
	INSERT INTO access_token (id, site_id, digest, name, search, methods, path_prefix, domains, servers, created_at, created_by)
	VALUES ('tok_a', 1, randomblob(32), 'App', 'app tok_a', '[]', '', '[]', 0, 6, 'anna');
	INSERT INTO account (name, password, created_at) VALUES ('anna', '$argon2id$', 7), ('bob', '$argon2id$', 8);
	INSERT INTO session (digest, account_id, created_at, seen_at) VALUES (randomblob(32), 1, 9, 9), (randomblob(32), 1, 9, 10);
	INSERT INTO audit (site_id, at, actor_kind, actor_name, actor_address, action, summary, reason, before, after)
	VALUES (NULL, 7, 'user', 'anna', '192.0.2.1', 'account.add', 'added account BOB', '', 'null', '{"account":"bob"}');`

// A database of the first schema is brought up to date with all that it holds. The
// accounts that could do everything still can.
func TestUpgrade(t *testing.T) {
	path := newPath(t)
	first := string(readFile(t, "migrations/0001_records.sql"))
	execSQL(t, path, first+firstRecords+`PRAGMA application_id = 0x43474154; PRAGMA user_version = 1;`)
	db := open(t, path)
	if db.Created() {
		t.Error("records were there and Created is true")
	}
	c := service(t, db)

	accounts, err := c.Accounts(t.Context())
	must(t, err)
	for _, a := range accounts {
		if a.Role != control.RoleOwner {
			t.Errorf("%s is %q, and could do everything before", a.Name, a.Role)
		}
	}
	tokens, total, err := c.Tokens(t.Context(), control.ListQuery{Search: "app"})
	must(t, err)
	if total != 1 || tokens[0].QueryCarrier != token.QueryFull {
		t.Errorf("tokens %+v, and could ride in any query before", tokens)
	}
	log, err := c.Audit(t.Context(), control.AuditQuery{ListQuery: control.ListQuery{Search: "account bob"}})
	must(t, err)
	if len(log) != 1 || string(log[0].After) != `{"account":"bob"}` {
		t.Errorf("the log has %+v", log)
	}
	if _, err := c.FindDomain(t.Context(), "app.example.com"); err != nil {
		t.Error(err)
	}
	sessionsHaveNames(t, db)
	add(t, c, "other.example.com")
}

// sessionsHaveNames wants the sessions of account 1 to have ids that differ.
func sessionsHaveNames(t *testing.T, db *store.DB) {
	t.Helper()
	var list []control.Session
	must(t, db.View(t.Context(), func(r control.Reader) (err error) {
		list, err = r.SessionsOf(1)
		return err
	}))
	if len(list) != 2 || list[0].ID == list[1].ID || len(list[0].ID) < 10 {
		t.Errorf("sessions %+v, want two with names", list)
	}
}

// What was upgraded has the schema of what is new.
func TestUpgradedSchemaIsTheSame(t *testing.T) {
	path := newPath(t)
	execSQL(t, path, string(readFile(t, "migrations/0001_records.sql"))+`PRAGMA application_id = 0x43474154; PRAGMA user_version = 1;`)
	open(t, path)
	if got := schemaOf(t, path); got != schema(t) {
		t.Errorf("the schema differs:\n%s", got)
	}
}

// A policy that was set before there were envelopes asks them for a token.
func TestUpgradedPolicyIsClosed(t *testing.T) {
	path := newPath(t)
	execSQL(t, path, string(readFile(t, "migrations/0001_records.sql"))+string(readFile(t, "migrations/0002_people_and_policy.sql"))+`
		INSERT INTO site_policy (site_id, version, credentials, methods, any_header, headers, max_age, query_carrier, exempt, token_required, mode)
		VALUES (1, 7, 0, '["GET"]', 1, '[]', 60, 'read', '[]', 1, 'enforce');
		PRAGMA application_id = 0x43474154; PRAGMA user_version = 2;`)
	p, err := service(t, open(t, path)).Policy(t.Context())
	must(t, err)
	if p.OpenEnvelopes || !p.TokenRequired || p.Version != 7 {
		t.Errorf("the policy is %+v", p)
	}
	if got := schemaOf(t, path); got != schema(t) {
		t.Errorf("the schema differs:\n%s", got)
	}
}
