//go:build unix

package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"

	"github.com/google/go-cmp/cmp"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/store"
	"github.com/crossgate/crossgate/internal/testkit/pgtest"
	"github.com/crossgate/crossgate/internal/testkit/storetest"
	"github.com/crossgate/crossgate/trust"
)

func TestPostgreSQLConforms(t *testing.T) {
	c := pgtest.Shared(t)
	storetest.Run(t, func(t *testing.T) control.Store { return open(t, c.NewSchema(t, "postgres")) })
}

// The same suite where the server sorts and compares by the rules of a language.
func TestPostgreSQLConformsInSwedish(t *testing.T) {
	c := pgtest.Shared(t)
	c.SQL("postgres", `CREATE DATABASE swedish TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'sv-SE'`)
	storetest.Run(t, func(t *testing.T) control.Store { return open(t, c.NewSchema(t, "swedish")) })
}

// Opening asks nothing of the server: a node starts while its database is away.
func TestOpenIsLazy(t *testing.T) {
	db := open(t, "postgres://ann:hunter2@127.0.0.1:1/crossgate?sslmode=disable")
	if db.Created() {
		t.Error("Created before anything was asked")
	}
	_, err := service(t, db).FindDomain(t.Context(), "app.example.com")
	wantError(t, err, store.CodeUnreachable, "PostgreSQL at 127.0.0.1:1 cannot be reached")
	for _, text := range []string{fmt.Sprintf("%v %+v %#v", err, err, err), fmt.Sprint(db), db.Path()} {
		if strings.Contains(text, "hunter2") {
			t.Errorf("the password is shown: %s", text)
		}
	}
}

// A server without triggers is told of no change, and all else is as it is elsewhere:
// polling is the promise.
func TestServerWithoutTriggers(t *testing.T) {
	c := pgtest.Shared(t)
	c.SQL("postgres", `CREATE DATABASE plain OWNER crossgate`)
	c.SQL("plain", `CREATE FUNCTION lacks() RETURNS event_trigger LANGUAGE plpgsql AS
		$$ BEGIN RAISE EXCEPTION 'not supported' USING ERRCODE = '0A000'; END $$`,
		`CREATE EVENT TRIGGER lacks ON ddl_command_start WHEN TAG IN ('CREATE TRIGGER') EXECUTE FUNCTION lacks()`)
	storetest.Run(t, func(t *testing.T) control.Store { return open(t, c.NewSchema(t, "plain")) })
	if n := c.Ask("plain", `SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal`); n != "0" {
		t.Errorf("%s triggers were made", n)
	}
}

// Whoever is first makes the records; all others find them.
func TestServersRecordsAreMadeOnce(t *testing.T) {
	url := pgtest.NewDatabase(t)
	var made, all sync.WaitGroup
	created := make(chan bool, 8)
	made.Add(1)
	for range cap(created) {
		db := open(t, url)
		all.Go(func() {
			made.Wait()
			if err := db.Connect(t.Context()); err != nil {
				t.Error(err)
			}
			created <- db.Created()
		})
	}
	made.Done()
	all.Wait()
	close(created)
	n := 0
	for one := range created {
		if one {
			n++
		}
	}
	if n != 1 {
		t.Errorf("the records were made %d times, want 1", n)
	}
}

// The same race between processes.
func TestProcessesRaceToMakeTheRecords(t *testing.T) {
	url := pgtest.NewDatabase(t)
	racers := make([]*exec.Cmd, 4)
	for i := range racers {
		racers[i] = process(t, roleOpen, url)
		must(t, racers[i].Start())
	}
	for i, cmd := range racers {
		if err := cmd.Wait(); err != nil {
			t.Errorf("process %d: %v", i, err)
		}
	}
}

// Updates of several nodes, each with a store of its own, do not overlap.
func TestUpdatesOfNodesDoNotOverlap(t *testing.T) {
	const nodes, writers, times = 3, 4, 25
	url := pgtest.NewDatabase(t)
	first := open(t, url)
	add(t, service(t, first), "app.example.com")
	var id int64
	must(t, first.Update(t.Context(), func(w control.Writer) error {
		d, err := w.DomainOf(control.DefaultSiteID, domain(t, "app.example.com"))
		id = d.ID
		d.Label = "0"
		return errors.Join(err, w.UpdateDomain(control.DefaultSiteID, d))
	}))
	var wg sync.WaitGroup
	for range nodes {
		db := open(t, url)
		for range writers {
			wg.Go(func() {
				for range times {
					if err := db.Update(t.Context(), func(w control.Writer) error { return countUp(w, id) }); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
	wg.Wait()
	must(t, first.View(t.Context(), func(r control.Reader) error {
		d, err := r.Domain(control.DefaultSiteID, id)
		if want := strconv.Itoa(nodes * writers * times); d.Label != want {
			t.Errorf("counted to %s, want %s", d.Label, want)
		}
		return err
	}))
}

// countUp adds one to the number that is an entry's label.
func countUp(w control.Writer, id int64) error {
	d, err := w.Domain(control.DefaultSiteID, id)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(d.Label)
	if err != nil {
		return err
	}
	d.Label = strconv.Itoa(n + 1)
	return w.UpdateDomain(control.DefaultSiteID, d)
}

// What is tallied does not wait for a change, nor a change for what is tallied.
func TestTallyBesideUpdate(t *testing.T) {
	db := open(t, pgtest.NewDatabase(t))
	seen := control.TrafficCount{Span: time.Minute, Start: time.Unix(60, 0), Name: "x", Hits: 1}
	tally := func(w control.Writer) error { return w.AddTraffic(control.DefaultSiteID, seen) }
	must(t, db.Update(t.Context(), func(control.Writer) error { return db.Tally(t.Context(), tally) }))
	must(t, db.Tally(t.Context(), func(w control.Writer) error {
		must(t, tally(w))
		add(t, service(t, db), "app.example.com")
		return nil
	}))
}

// Two that tally in each other's way are both done.
func TestTalliesThatDeadlock(t *testing.T) {
	url := pgtest.NewDatabase(t)
	count := func(name string) control.TrafficCount {
		return control.TrafficCount{Span: time.Minute, Start: time.Unix(60, 0), Name: name, Hits: 1}
	}
	var both, wg sync.WaitGroup
	both.Add(2)
	for _, order := range [][]string{{"a", "b"}, {"b", "a"}} {
		db, tries := open(t, url), 0
		wg.Go(func() {
			err := db.Tally(t.Context(), func(w control.Writer) error {
				if err := w.AddTraffic(control.DefaultSiteID, count(order[0])); err != nil {
					return err
				}
				if tries++; tries == 1 {
					both.Done()
					both.Wait()
				}
				return w.AddTraffic(control.DefaultSiteID, count(order[1]))
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	must(t, open(t, url).View(t.Context(), func(r control.Reader) error {
		list, err := r.Traffic(control.DefaultSiteID)
		for _, c := range list {
			if c.Hits != 2 {
				t.Errorf("%s was counted %d times, want 2", c.Name, c.Hits)
			}
		}
		return err
	}))
}

// What is no text, which a browser may send, comes back as text from both databases.
func TestTextThatIsNone(t *testing.T) {
	for name, dsn := range map[string]string{"SQLite": newPath(t), "PostgreSQL": pgtest.NewDatabase(t)} {
		t.Run(name, func(t *testing.T) {
			db := open(t, dsn)
			origin := "https://a\x00b\xff.example"
			must(t, db.Update(t.Context(), func(w control.Writer) error {
				return w.PutIgnoredOrigin(control.DefaultSiteID, control.IgnoredOrigin{Origin: origin, At: time.UnixMilli(1)})
			}))
			must(t, db.View(t.Context(), func(r control.Reader) error {
				list, err := r.IgnoredOrigins(control.DefaultSiteID)
				if len(list) != 1 || list[0].Origin != "https://a\uFFFDb\uFFFD.example" {
					t.Errorf("it came back as %+v", list)
				}
				return err
			}))
		})
	}
}

// What the promises rest on, as each connection has it, whatever the database's own
// settings are.
func TestServersSessions(t *testing.T) {
	c := pgtest.Shared(t)
	url := c.NewDatabase(t)
	name := databaseOf(t, url)
	c.SQL("postgres", `ALTER DATABASE `+name+` SET synchronous_commit = off`)
	db := open(t, url+"&lock_timeout=1234")
	must(t, db.Connect(t.Context()))
	// The store's own connections are idle now; what they are set to is asked on one of them.
	for setting, want := range map[string]string{
		"synchronous_commit": "on", "lock_timeout": "1234ms", "statement_timeout": "2min",
		"idle_in_transaction_session_timeout": "30s", "application_name": "crossgate",
	} {
		if got := settingOf(t, db, setting); got != want {
			t.Errorf("%s is %s, want %s", setting, got, want)
		}
	}
}

// settingOf asks a connection of the store for a setting, through the text of an entry.
func settingOf(t *testing.T, db *store.DB, setting string) string {
	t.Helper()
	value, err := store.SettingOf(t.Context(), db, setting)
	must(t, err)
	return value
}

// Both databases have the same tables, with the same columns, in which the same may be
// missing, and the same keys.
func TestSchemasAreTheSame(t *testing.T) {
	path, url := newPath(t), pgtest.NewDatabase(t)
	makeDatabase(t, path, "app.example.com")
	makeDatabase(t, url, "app.example.com")
	file, server := plainSQL(t, path), plainServer(t, url)
	defer file.Close()
	for _, part := range []struct{ name, sqlite, postgres string }{
		{"columns", `
			SELECT m.name || '.' || c.name || ' ' || CASE c.type WHEN 'INTEGER' THEN 'bigint' WHEN 'BLOB' THEN 'bytea' ELSE lower(c.type) END
				|| CASE WHEN c."notnull" = 1 OR c.pk > 0 THEN ' not null' ELSE '' END
			FROM sqlite_schema m JOIN pragma_table_info(m.name) c
			WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'`, `
			SELECT table_name || '.' || column_name || ' ' || data_type || CASE is_nullable WHEN 'NO' THEN ' not null' ELSE '' END
			FROM information_schema.columns WHERE table_schema = 'public'`},
		{"keys", `
			SELECT m.name || ' ' || CASE WHEN i.name IS NULL THEN 'primary' WHEN i.origin = 'pk' THEN 'primary' ELSE 'unique' END || ' (' || (
				SELECT group_concat(name, ', ') FROM (
					SELECT c.name FROM pragma_index_info(i.name) c ORDER BY c.seqno)) || ')'
			FROM sqlite_schema m JOIN pragma_index_list(m.name) i
			WHERE m.type = 'table' AND i."unique" = 1
			UNION SELECT m.name || ' primary (' || c.name || ')'
			FROM sqlite_schema m JOIN pragma_table_info(m.name) c
			WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND c.pk = 1 AND c.type = 'INTEGER'
				AND (SELECT count(*) FROM pragma_table_info(m.name) p WHERE p.pk > 0) = 1`, `
			SELECT r.relname || ' ' || CASE WHEN i.indisprimary THEN 'primary' ELSE 'unique' END || ' (' || (
				SELECT string_agg(a.attname, ', ' ORDER BY array_position(i.indkey::int2[], a.attnum))
				FROM pg_attribute a WHERE a.attrelid = r.oid AND a.attnum = ANY (i.indkey)) || ')'
			FROM pg_index i JOIN pg_class r ON r.oid = i.indrelid JOIN pg_namespace n ON n.oid = r.relnamespace
			WHERE n.nspname = 'public' AND i.indisunique`},
		{"references", `
			SELECT m.name || '.' || f."from" || ' ' || f."table" || ' ' || f.on_delete
			FROM sqlite_schema m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'`, `
			SELECT c.conrelid::regclass || '.' || a.attname || ' ' || c.confrelid::regclass || ' '
				|| CASE c.confdeltype WHEN 'c' THEN 'CASCADE' WHEN 'a' THEN 'NO ACTION' ELSE c.confdeltype::text END
			FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
			WHERE c.contype = 'f'`},
	} {
		t.Run(part.name, func(t *testing.T) {
			want, got := column(t, file, part.sqlite), column(t, server, part.postgres)
			if diff := cmp.Diff(want, got); diff != "" || len(want) < 10 {
				t.Errorf("PostgreSQL's differ from SQLite's (-SQLite +PostgreSQL):\n%s", diff)
			}
		})
	}
}

// The audit log and the changes cannot be rewritten by whoever has the store's rights.
func TestServersAuditOnlyGrows(t *testing.T) {
	url := pgtest.NewDatabase(t)
	makeDatabase(t, url, "app.example.com")
	db := plainServer(t, url)
	for _, statement := range []string{
		`DELETE FROM audit`, `UPDATE audit SET summary = ''`, `UPDATE audit SET node = 'x'`, `TRUNCATE audit CASCADE`,
		`DELETE FROM change`, `UPDATE change SET subject = ''`, `TRUNCATE change`,
	} {
		if _, err := db.Exec(statement); err == nil || !strings.Contains(err.Error(), "only grows") {
			t.Errorf("%s: error %v", statement, err)
		}
	}
	if _, err := db.Exec(`UPDATE audit SET undone_by = id`); err != nil {
		t.Errorf("marking as undone: %v", err)
	}
}

// PostgreSQL's records are copied by its own tool, and the error says how to call it.
func TestBackupNamesTheTool(t *testing.T) {
	c := pgtest.Shared(t)
	db := open(t, c.NewDatabase(t))
	err := db.Backup(t.Context(), "b.dump")
	wantError(t, err, store.CodeBackup, "pg_dump --format=custom --file=b.dump 'postgres://crossgate@"+c.Address()+"/test")
	if strings.Contains(err.Error(), c.Password()) {
		t.Error("the error holds the password")
	}
}

// column returns the only column of a query.
func column(t *testing.T, db *sql.DB, query string) (list []string) {
	t.Helper()
	rows, err := db.Query(query)
	must(t, err)
	defer rows.Close()
	for rows.Next() {
		var one string
		must(t, rows.Scan(&one))
		list = append(list, one)
	}
	must(t, rows.Err())
	slices.Sort(list)
	return list
}

// plainServer opens a database as another program would.
func plainServer(t *testing.T, url string) *sql.DB {
	t.Helper()
	db, err := sql.Open("pgx", url)
	must(t, err)
	t.Cleanup(func() { db.Close() })
	return db
}

// databaseOf is the name of the database that an address is of.
func databaseOf(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	must(t, err)
	return strings.TrimPrefix(u.Path, "/")
}

// soon is a context for what is to be done at once, with time for a busy machine.
func soon(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// domain parses an entry.
func domain(t *testing.T, text string) trust.Domain {
	t.Helper()
	d, err := trust.ParseDomain(text)
	must(t, err)
	return d
}
