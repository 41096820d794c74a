package fleet

import (
	"database/sql"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"
)

// A row is one revision of the records, of those that a recorder may have asked for.
type row struct {
	slot    string
	audit   int64
	audited bool // there is an audit row that names it
}

// slotEnd is what origins of slots end with: the name of the slot stands before it,
// behind the name of the half.
const slotEnd = ".slot.example"

// slotOf returns what a subject of the records belongs to; "" for what is of no slot.
func slotOf(kind, subject string) string {
	switch kind {
	case "token":
		return subject
	case "domain":
		if name, ours := strings.CutSuffix(subject, slotEnd); ours {
			_, slot, _ := strings.Cut(name, ".")
			return slot
		}
	}
	return ""
}

// openRecords opens the database behind the program's back.
func openRecords(t *testing.T, database string) *sql.DB {
	t.Helper()
	driver := "pgx"
	if !strings.Contains(database, "://") {
		driver, database = "sqlite", "file:"+database+"?_busy_timeout=20000"
	}
	db, err := sql.Open(driver, database)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// readRecords returns the revisions, in order.
func readRecords(t *testing.T, database string) []row {
	t.Helper()
	rows, err := openRecords(t, database).QueryContext(t.Context(), `
		SELECT change.revision, min(change.kind), min(change.subject), change.audit_id, count(audit.id)
		FROM change LEFT JOIN audit ON audit.id = change.audit_id
			AND (change.kind <> 'domain' OR audit.summary LIKE '%' || change.subject || '%')
		GROUP BY change.revision, change.audit_id
		ORDER BY change.revision`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var all []row
	for rows.Next() {
		var revision, audits int64
		var kind, subject string
		var one row
		if err := rows.Scan(&revision, &kind, &subject, &one.audit, &audits); err != nil {
			t.Fatal(err)
		}
		if one.slot, one.audited = slotOf(kind, subject), audits > 0; one.slot != "" {
			all = append(all, one)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}
