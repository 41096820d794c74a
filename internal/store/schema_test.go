package store_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// The schema that all migrations together result in. Changing it is a new
// migration, never an edit of one that was released.
func TestSchema(t *testing.T) {
	golden := filepath.Join("testdata", "schema.golden.sql")
	got := schema(t)
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(string(readFile(t, golden)), got); diff != "" {
		t.Errorf("the schema differs from %s (-want +got); go test ./internal/store -update writes it:\n%s", golden, diff)
	}
}

// Every table that can belong to a site says to which.
func TestTablesKnowTheirSite(t *testing.T) {
	ofNoSite := []string{"site", "head", "account", "session", "setup_secret", "node", "crossgate_schema"}
	for statement := range strings.SplitSeq(schema(t), ";\n") {
		rest, ok := strings.CutPrefix(strings.TrimSpace(statement), "CREATE TABLE ")
		if !ok {
			continue
		}
		name, _, _ := strings.Cut(rest, " ")
		has := strings.Contains(statement, "site_id ")
		if wants := !slices.Contains(ofNoSite, name); has != wants {
			t.Errorf("table %s has a site_id: %v, want %v", name, has, wants)
		}
	}
}

func schema(t *testing.T) string {
	t.Helper()
	path := newPath(t)
	makeDatabase(t, path)
	return schemaOf(t, path)
}

func schemaOf(t *testing.T, path string) string {
	t.Helper()
	db := plainSQL(t, path)
	defer db.Close()
	rows, err := db.Query(`SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var text strings.Builder
	for rows.Next() {
		var statement string
		if err := rows.Scan(&statement); err != nil {
			t.Fatal(err)
		}
		text.WriteString(statement + ";\n\n")
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return text.String()
}
