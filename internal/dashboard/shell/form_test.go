package shell_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

func TestLocalPath(t *testing.T) {
	tests := []struct {
		path string
		good bool
	}{
		{"/", true},
		{"/settings/security?search=a&page=2", true},
		{"", false},
		{"settings", false},
		{"//evil.example", false},
		{`/\evil.example`, false},
		{"/\t/evil.example", false},
		{"/\n/evil.example", false},
		{"https://evil.example", false},
		{"javascript:alert(1)", false},
		{" /settings", false},
		{"/%zz", false},
	}
	for _, test := range tests {
		t.Run(test.path, func(t *testing.T) {
			want := "/home"
			if test.good {
				want = test.path
			}
			if got := shell.LocalPath(test.path, "/home"); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

// Whatever is accepted leads, as a browser resolves it, to the dashboard itself.
func FuzzLocalPath(f *testing.F) {
	for _, seed := range []string{"/", "//a", `/\a`, "/a?b=//c", "/\t/a", "///a", "/.//a", "/a/..//b"} {
		f.Add(seed)
	}
	base := &url.URL{Scheme: "https", Host: "crossgate.example.com", Path: "/sign-in"}
	f.Fuzz(func(t *testing.T, path string) {
		got := shell.LocalPath(path, "/home")
		to, err := base.Parse(got)
		if err != nil {
			t.Fatalf("%q cannot be resolved: %v", got, err)
		}
		if to.Host != base.Host || to.Scheme != base.Scheme || strings.HasPrefix(got, "//") {
			t.Errorf("%q leads to %s", got, to)
		}
	})
}

func TestFormLimit(t *testing.T) {
	post := func(body string) error {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		_, err := shell.Form(httptest.NewRecorder(), r, 10)
		return err
	}
	if err := post("a=12345678"); err != nil {
		t.Errorf("10 bytes: %v", err)
	}
	var tooLong *http.MaxBytesError
	if err := post("a=123456789"); !errors.As(err, &tooLong) {
		t.Errorf("11 bytes: got %v, want a MaxBytesError", err)
	}
	var problem *shell.Problem
	if err := post("a=%zz"); !errors.As(err, &problem) || problem.Status != http.StatusBadRequest {
		t.Errorf("bad escape: got %v, want a problem with status 400", err)
	}
}
