package htmlcheck_test

import (
	"strings"
	"testing"

	"github.com/crossgate/crossgate/internal/testkit/htmlcheck"
)

func TestPage(t *testing.T) {
	tests := []struct{ name, page, want string }{
		{"nothing wrong", `<form method="post" action="/x"><label for="a">A</label><input id="a"><button>Go</button></form>`, ""},
		{"field in its label", `<label>A <input name="a"></label>`, ""},
		{"field without a label", `<input name="a">`, `<input name="a"> without a label`},
		{"id twice", `<p id="a"></p><p id="a"></p>`, `the id "a" is given 2 times`},
		{"reference to nothing", `<p aria-describedby="gone"></p>`, `<p aria-describedby="gone"> names nothing`},
		{"inline style", `<p style="color: red"></p>`, "<p> has the inline attribute style"},
		{"inline handler", `<p onclick="x()"></p>`, "<p> has the inline attribute onclick"},
		{"inline script", `<script>x()</script>`, "an inline script"},
		{"link away", `<a href="https://example.com">x</a>`, "<a> leads away: https://example.com"},
		{"link to the documentation", `<a rel="noreferrer" href="https://github.com/crossgate/crossgate/blob/main/docs/reference/x.md#y">x</a>`, ""},
		{"link to the documentation that says from where", `<a href="https://github.com/crossgate/crossgate/blob/main/docs/x.md">x</a>`, "<a> leads away: https://github.com/crossgate/crossgate/blob/main/docs/x.md"},
		{"link away without a scheme", `<a href="//example.com">x</a>`, "<a> leads away: //example.com"},
		{"button without a name", `<button></button>`, "<button> without a name"},
		{"form without a method", `<form action="/"></form>`, "a form without a method"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			found, err := htmlcheck.Page(strings.NewReader(test.page))
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(found, "\n"); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
