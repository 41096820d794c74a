package preflight

import "testing"

// MIME Sniffing standard, sections 4.4 (parsing) and 4.5 (serializing).
func TestMIME(t *testing.T) {
	tests := []struct{ name, value, want string }{ // "": failure
		{"an essence", "text/plain", "text/plain"},
		{"in lower case", "TEXT/Plain;Charset=UTF-8", "text/plain;charset=UTF-8"},
		{"blanks around it", " \r\n\ttext/plain\t\n", "text/plain"},
		{"blanks around parameters", "text/plain ; \ta=b \t; c=d ", "text/plain;a=b;c=d"},
		{"blanks within a name", "text/plain;a =b", "text/plain"},
		{"blanks before a value", "text/plain;a= b", `text/plain;a=" b"`},
		{"no value", "text/plain;a;b=;c=d", "text/plain;c=d"},
		{"no name", "text/plain;=a;b=c", "text/plain;b=c"},
		{"the first of a name", "text/plain;a=b;A=c", "text/plain;a=b"},
		{"a quoted value", `text/plain;a="b c"d;e=f`, `text/plain;a="b c";e=f`},
		{"an empty quoted value", `text/plain;a=""`, `text/plain;a=""`},
		{"a semicolon in quotes", `text/plain;a=";b=c"`, `text/plain;a=";b=c"`},
		{"backslashes in quotes", `text/plain;a="\b\"\\"`, `text/plain;a="b\"\\"`},
		{"an open quote", `text/plain;a="b;c`, `text/plain;a="b;c"`},
		{"an open quote that ends with a backslash", `text/plain;a="b\`, `text/plain;a="b\\"`},
		{"quotes within", `text/plain;a=b"c"`, `text/plain;a="b\"c\""`},
		{"bytes from 0x80 on", "text/plain;a=\xe9", "text/plain;a=\"\xe9\""},
		{"control characters", "text/plain;a=\x01;b=\x7f;c=d\te", "text/plain;c=\"d\te\""},
		{"nothing", "", ""},
		{"no slash", "text", ""},
		{"a slash behind the semicolon", "text;a/b", ""},
		{"no type", "/plain", ""},
		{"no subtype", "text/", ""},
		{"no subtype before parameters", "text/ ;a=b", ""},
		{"two slashes", "text/plain/x", ""},
		{"a blank within", "text /plain", ""},
		{"a comma", "text/plain,", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, ok := parseMIME(tt.value)
			if ok != (tt.want != "") || ok && m.String() != tt.want {
				t.Errorf("%q: got %q, %v, want %q", tt.value, m.String(), ok, tt.want)
			}
			if again, ok2 := parseMIME(m.String()); ok && (!ok2 || again.String() != m.String()) {
				t.Errorf("%q is read back as %q", m, again)
			}
		})
	}
}
