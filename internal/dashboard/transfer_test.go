package dashboard_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"github.com/crossgate/crossgate/internal/control"
)

const transfer = "/settings/security/transfer"

// upload sends a file, as a browser does, with other fields.
func (b *browser) upload(file string, pairs ...string) answer {
	b.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "../../etc/list.txt")
	if err == nil {
		_, err = part.Write([]byte(file))
	}
	for i := 0; err == nil && i+1 < len(pairs); i += 2 {
		err = form.WriteField(pairs[i], pairs[i+1])
	}
	if err != nil {
		b.t.Fatal(err)
	}
	form.Close()
	b.header.Set("Content-Type", form.FormDataContentType())
	defer b.header.Del("Content-Type")
	return b.send(http.MethodPost, transfer+"/import", body.String())
}

func TestImport(t *testing.T) {
	h := newHouse(t).withAccount().withDomains("known.example")
	b := h.signedIn()
	b.get(transfer).shows(t, 200, `id="import"`, `id="export-csv"`, "Vanilla")

	read := b.upload("domain,label,enabled\nhttps://App.Example.net/,Ours,true\nknown.example,,true\noff.third.org,=1+1,false\n", "label", "Rest")
	read.leads(t, transfer+"/drafts/")
	if got := h.domains(); got != "known.example" {
		t.Fatalf("saved before it was looked at: %s", got)
	}
	draft := read.location
	b.get(draft).shows(t, 200, "CSV, 3 entries", "saved as <bdi class=\"entry\">app.example.net", "Already trusted", "Import 2 domains", "switched off")
	saved := b.post(draft)
	saved.leads(t, path+"?change=")
	list := b.get(saved.location)
	list.shows(t, 200, "3 domains", "Ours", "=1&#43;1", `id="undo"`)
	if got := h.domains(); got != "off.third.org (off) app.example.net known.example" {
		t.Errorf("saved: %s", got)
	}
	b.get(draft).shows(t, 404, "not here any more")
	b.post(draft).shows(t, 404, "Nothing was saved")

	_, change, _ := strings.Cut(saved.location, "change=")
	b.post(path+"/undo", "change", change).leads(t, path)
	if got := h.domains(); got != "known.example" {
		t.Errorf("after undo: %s", got)
	}
}

// An entry of Vanilla's that means more there is told, and becomes what comes nearest.
func TestImportFromVanilla(t *testing.T) {
	h := newHouse(t).withAccount()
	b := h.signedIn()
	read := b.post(transfer+"/import", "list", "*.example.com\nother.org\n", "format", "vanilla", "label", "Forum")
	read.leads(t, transfer+"/drafts/")
	b.get(read.location).shows(t, 200, "Vanilla", "What means something else here", "meant the domain itself, too", "any scheme and port", "Import 3 domains")
	b.post(read.location).leads(t, path)
	if got := h.domains(); got != "other.org *.example.com example.com" {
		t.Errorf("saved: %s", got)
	}
	b.get(path).shows(t, 200, "Forum")
}

// All entries are saved or none is, unless a person leaves out what is refused.
func TestImportOfBadEntries(t *testing.T) {
	h := newHouse(t).withAccount()
	b := h.signedIn()
	bad := "good.example\n*\nhttps://path.other.net/x\n<script>alert(1)</script>\n\u202eturned.org\n"
	draft := b.upload(bad).location
	b.get(draft).shows(t, 200, "Plain list, 5 entries", "&lt;script&gt;", "[U&#43;202E]", `id="leave-out"`, "Import 1 domain")
	b.post(draft).shows(t, 422, "none was saved", `id="import-error"`)
	if got := h.domains(); got != "" {
		t.Fatalf("saved: %s", got)
	}
	b.post(draft, "replace", "https://path.other.net/x path.other.net").leads(t, draft)
	b.get(draft).shows(t, 200, "Import 2 domains")
	b.post(draft, "leave-out", "1").leads(t, path)
	if got := h.domains(); got != "path.other.net good.example" {
		t.Errorf("saved: %s", got)
	}
}

func TestImportConfirmations(t *testing.T) {
	h := newHouse(t).withAccount()
	b := h.signedIn()
	draft := b.upload("http://old.example *.co.uk").location
	insecure, shared := "insecure http://old.example", "public-suffix *.co.uk"
	b.get(draft).shows(t, 200, `value="`+insecure+`"`, `value="`+shared+`"`, "Import 2 domains")
	b.post(draft).shows(t, 422, "none was saved")
	b.post(draft, "confirm", insecure, "confirm", shared).shows(t, 422, "Give a reason", "checked")
	b.post(draft, "confirm", insecure, "confirm", "public-suffix *.com", "reason", "a test").shows(t, 422, "none was saved")
	b.post(draft, "confirm", insecure, "confirm", shared, "reason", "a test").leads(t, path)
	if got := h.domains(); got != "*.co.uk http://old.example" {
		t.Errorf("saved: %s", got)
	}
}

func TestWrongImports(t *testing.T) {
	h := newHouse(t).withAccount()
	b := h.signedIn()
	tests := []struct {
		name, list, format string
		status             int
		shows              string
	}{
		{"nothing", "", "", 422, "Choose a file, or paste a list"},
		{"only spaces", " \n\t", "", 422, "Choose a file, or paste a list"},
		{"no such format", "a.example", "<script>", 422, "is no format"},
		{"broken JSON", `[{"domain":"<script>`, "", 422, "not JSON"},
		{"a table without a header", "a.example,b", "csv", 422, "must name the columns"},
		{"no text", "\xff\xfe\x00", "", 422, "not UTF-8"},
		{"a long label", "domain,label\na.example," + strings.Repeat("x", 10_000), "", 422, "label is longer than"},
		{"all expired", "domain,expires_at\na.example,2020-01-01", "", 422, "expired already"},
		{"too many", strings.Repeat("a.example\n", 10_001), "", 422, "at most 10000"},
		{"too much", strings.Repeat("x", 9<<20), "", 413, "Nothing was changed"},
		{"a name of 10,000 characters", strings.Repeat("ü", 10_000), "", 303, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := b.upload("", "list", test.list, "format", test.format)
			got.shows(t, test.status, test.shows)
			if got.location != "" {
				b.get(got.location).shows(t, 200, "Refused")
			}
		})
	}
	b.header.Set("Content-Type", "multipart/form-data")
	b.send(http.MethodPost, transfer+"/import", "x").shows(t, 400, "could not be read")
	if got := h.domains(); got != "" {
		t.Errorf("saved: %s", got)
	}
}

// What one person has read is nobody else's to see or to save.
func TestDraftsArePrivate(t *testing.T) {
	h := newHouse(t).withAccount().withPerson("bob", control.RoleOwner)
	draft := h.signedIn().upload("a.example").location
	bob := h.signedInAs("bob")
	bob.get(draft).shows(t, 404)
	bob.post(draft).shows(t, 404)
	if got := h.domains(); got != "" {
		t.Errorf("saved: %s", got)
	}
}

func TestImportOfMany(t *testing.T) {
	h := newHouse(t).withAccount()
	b := h.signedIn()
	var list strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&list, "n%d.example.com # %s\n", i, strings.Repeat("ü", 50))
	}
	draft := b.upload(list.String()).location
	b.get(draft).shows(t, 200, "Import 10,000 domains")
	b.post(draft).leads(t, path)
	b.get(path).shows(t, 200, "10,000 domains")
}

// What is exported can be imported again and is the same.
func TestExport(t *testing.T) {
	h := newHouse(t).withAccount().withDomains("a.example", "*.other.net")
	b := h.signedIn()
	b.post(path+"/domains/1", "label", "=cmd|'x'!A1, \"quoted\"", "expires", "30d").leads(t, path)
	b.post(path+"/domains/2/off").leads(t, path)
	for format, want := range map[string]string{
		"plain": "a.example  # =cmd", "csv": `a.example,"'=cmd`, "json": `"domain":"a.example","label":"=cmd`,
	} {
		t.Run(format, func(t *testing.T) {
			file := b.get(transfer + "/export?format=" + format)
			file.shows(t, 200, want)
			if got := file.header.Get("Content-Disposition"); !strings.HasPrefix(got, `attachment; filename="crossgate-trusted-domains-`) {
				t.Errorf("Content-Disposition: %s", got)
			}
			other := newHouse(t).withAccount()
			o := other.signedIn()
			draft := o.upload(file.body).location
			o.get(draft).shows(t, 200)
			o.post(draft).leads(t, path)
			o.get(path).shows(t, 200, "=cmd|&#39;x&#39;!A1")
			if want := "a.example *.other.net (off)"; format != "plain" && other.domains() != want {
				t.Errorf("got %s, want %s", other.domains(), want)
			}
		})
	}
	b.get(transfer+"/export?format=vanilla").shows(t, 404)
	b.get(transfer+"/export").shows(t, 404)
}
