package envelope_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/iotest"
)

// secret must not be repeated by any fault.
const secret = "cgt_s3cret"

// TestRefusesForms: each mistake in a form has a sentence of its own.
func TestRefusesForms(t *testing.T) {
	const start = "$httpMethod=PATCH&access_token=" + secret
	for name, c := range map[string]struct{ body, detail string }{
		"the method twice":                        {"$httpMethod=GET&$httpMethod=PUT", "$httpMethod is there more than once"},
		"the token twice":                         {start + "&access_token=x", "access_token is there more than once"},
		"the token twice, encoded":                {start + "&%61ccess%5Ftoken=x", "access_token is there more than once"},
		"the token twice, apart":                  {start + "&$ct=a/b&access_token=x", "access_token is there more than once"},
		"the headers twice":                       {start + "&$httpHeaders=&$httpHeaders=", "$httpHeaders is there more than once"},
		"the token after the headers":             {"$httpMethod=GET&$httpHeaders=&access_token=" + secret, "access_token comes too late"},
		"the headers after the type":              {start + "&$ct=a/b&$httpHeaders=", "$httpHeaders comes too late"},
		"an unknown field":                        {start + "&title=x", "that no envelope has"},
		"an unknown field, a token for its name":  {"$httpMethod=GET&" + secret + "&$body=", "that no envelope has"},
		"a known field in capitals":               {"$httpMethod=GET&Access_Token=" + secret, "that no envelope has"},
		"a known field with a blank":              {"$httpMethod=GET&access_token+=" + secret, "that no envelope has"},
		"a known field as PHP reads it":           {"$httpMethod=GET&access.token=" + secret, "that no envelope has"},
		"a known field with a bracket":            {"$httpMethod=GET&access_token[]=" + secret, "that no envelope has"},
		"a known field after a semicolon":         {"$httpMethod=GET&$ct=a/b;access_token=" + secret + "\r", "$ct must be one line"},
		"two separators":                          {start + "&&$body=", "without a name"},
		"a separator at the end":                  {start + "&", "without a name"},
		"a value without a name":                  {start + "&=x", "without a name"},
		"a broken percent code in a name":         {start + "&%zzbody=", "broken percent code"},
		"a broken percent code in the method":     {"$httpMethod=%GG", "broken percent code"},
		"a cut percent code in the method":        {"$httpMethod=GET%2", "broken percent code"},
		"a cut percent code in a name":            {start + "&%2", "broken percent code"},
		"a percent alone before a field":          {"$httpMethod=GET%&$body=", "broken percent code"},
		"a code of IIS":                           {"$httpMethod=%u0047ET", "broken percent code"},
		"a field after the body":                  {start + "&$body=x&title=y", "$body must be the last"},
		"a token after the body":                  {"$httpMethod=GET&$body=x&access_token=" + secret, "$body must be the last"},
		"a separator after the body":              {start + "&$body=x&", "$body must be the last"},
		"a separator after an empty body":         {start + "&$body=&", "$body must be the last"},
		"a separator after the name of the body":  {start + "&$body&", "$body must be the last"},
		"the body twice":                          {start + "&$body=x&$body=y", "$body must be the last"},
		"a broken percent code in the body":       {start + "&$body=abc%4x", "broken percent code"},
		"a broken percent code in a long body":    {start + "&$body=" + strings.Repeat("x", 100_000) + "%4xabc", "broken percent code"},
		"a broken percent code, and more body":    {start + "&$body=abc%4x" + strings.Repeat("y", 100_000), "broken percent code"},
		"a cut percent code in the body":          {start + "&$body=abc%4", "broken percent code"},
		"a percent at the end of the body":        {start + "&$body=%", "broken percent code"},
		"the method not in UTF-8":                 {"$httpMethod=%FF", "$httpMethod is not valid UTF-8"},
		"the token not in UTF-8":                  {"$httpMethod=GET&access_token=" + secret + "%C0%80", "access_token is not valid UTF-8"},
		"the headers not in UTF-8":                {"$httpMethod=GET&$httpHeaders=A:%FF", "$httpHeaders is not valid UTF-8"},
		"a surrogate":                             {"$httpMethod=GET&$httpHeaders=A:%ED%A0%80", "$httpHeaders is not valid UTF-8"},
		"a NUL in the method":                     {"$httpMethod=GET%00", "$httpMethod has a NUL"},
		"a NUL in the token":                      {"$httpMethod=GET&access_token=" + secret + "%00", "access_token has a NUL"},
		"a NUL in the headers":                    {"$httpMethod=GET&$httpHeaders=A:%00", "$httpHeaders has a NUL"},
		"a NUL in the type":                       {"$httpMethod=GET&$ct=a/b%00", "$ct has a NUL"},
		"a CRLF in the method":                    {"$httpMethod=GET%0D%0A", "$httpMethod must be one line"},
		"an LF in the token":                      {"$httpMethod=GET&access_token=" + secret + "%0A", "access_token must be one line"},
		"a CR in the token":                       {"$httpMethod=GET&access_token=" + secret + "\r", "access_token must be one line"},
		"a CRLF in the type":                      {"$httpMethod=GET&$ct=a/b%0D%0AX: y", "$ct must be one line"},
		"an empty type":                           {"$httpMethod=GET&$ct=", "$ct is empty"},
		"a type with a blank before it":           {"$httpMethod=GET&$ct=+a/b", "$ct must be visible ASCII"},
		"a type with a blank after it":            {"$httpMethod=GET&$ct=a/b+", "$ct must be visible ASCII"},
		"a type with a tab":                       {"$httpMethod=GET&$ct=a/b;%09c=d", "$ct must be visible ASCII"},
		"a type beyond ASCII":                     {"$httpMethod=GET&$ct=a/b;+c=%C3%BC", "$ct must be visible ASCII"},
		"a type with a control character":         {"$httpMethod=GET&$ct=a/b%7F", "$ct must be visible ASCII"},
		"controls that are too long":              {"$httpMethod=GET&access_token=" + secret + strings.Repeat("x", 16<<10), "more than 16 KiB"},
		"controls that are too long in percents":  {"$httpMethod=GET&$httpHeaders=A:" + strings.Repeat("%61", 6<<10), "more than 16 KiB"},
		"an unknown name that is too long":        {"$httpMethod=GET&" + strings.Repeat("x", 17<<10), "more than 16 KiB"},
		"a code point that no header can carry":   {"$httpMethod=GET&$httpHeaders=A:+%E2%82%AC", "above U+00FF"},
		"the first that no header can carry":      {"$httpMethod=GET&$httpHeaders=A:+%C4%80", "above U+00FF"},
		"headers that are too long":               {"$httpMethod=GET&$httpHeaders=A:" + strings.Repeat("x", 8<<10), "longer than 8 KiB"},
		"headers in too many lines":               {"$httpMethod=GET&$httpHeaders=" + headerLines(65), "more than 64 lines"},
		"a folded header":                         {"$httpMethod=GET&$httpHeaders=A:b%0D%0A+c", "Line 2 of $httpHeaders begins with a blank"},
		"a header folded by a tab":                {"$httpMethod=GET&$httpHeaders=A:b%0D%0A%09c", "Line 2 of $httpHeaders begins with a blank"},
		"a blank before the first header":         {"$httpMethod=GET&$httpHeaders=+A:b", "Line 1 of $httpHeaders begins with a blank"},
		"an LF between headers":                   {"$httpMethod=GET&$httpHeaders=A:b%0AC:d", "Line 1 of $httpHeaders has a CR or LF alone"},
		"a CR between headers":                    {"$httpMethod=GET&$httpHeaders=A:b%0DC:d", "Line 1 of $httpHeaders has a CR or LF alone"},
		"a CR before the CRLF":                    {"$httpMethod=GET&$httpHeaders=A:b%0D%0D%0AC:d", "Line 1 of $httpHeaders has a CR or LF alone"},
		"an LF at the end":                        {"$httpMethod=GET&$httpHeaders=A:b%0A", "Line 1 of $httpHeaders has a CR or LF alone"},
		"an empty line between headers":           {"$httpMethod=GET&$httpHeaders=A:b%0D%0A%0D%0AC:d", "Line 2 of $httpHeaders is empty"},
		"an empty line at the end":                {"$httpMethod=GET&$httpHeaders=A:b%0D%0A%0D%0A", "Line 2 of $httpHeaders is empty"},
		"an empty line alone":                     {"$httpMethod=GET&$httpHeaders=%0D%0A", "Line 1 of $httpHeaders is empty"},
		"a header without a colon":                {"$httpMethod=GET&$httpHeaders=Bearer+" + secret, "Line 1 of $httpHeaders has no colon"},
		"a header without a name":                 {"$httpMethod=GET&$httpHeaders=:b", "no good name before its colon"},
		"a blank before the colon":                {"$httpMethod=GET&$httpHeaders=A+:b", "no good name before its colon"},
		"a name beyond ASCII":                     {"$httpMethod=GET&$httpHeaders=%C3%BC:b", "no good name before its colon"},
		"a name of a pseudo-header":               {"$httpMethod=GET&$httpHeaders=:path:+/x", "no good name before its colon"},
		"a control character in a header":         {"$httpMethod=GET&$httpHeaders=A:b%01c", "Line 1 of $httpHeaders has a control character"},
		"a DEL in a header":                       {"$httpMethod=GET&$httpHeaders=A:b%7Fc", "Line 1 of $httpHeaders has a control character"},
		"a vertical tab around a header":          {"$httpMethod=GET&$httpHeaders=A:%0Bb", "Line 1 of $httpHeaders has a control character"},
		"the same header twice":                   {"$httpMethod=GET&$httpHeaders=A:b%0D%0AC:d%0D%0AA:b", "Line 3 of $httpHeaders has the name of line 1"},
		"the same header twice in different case": {"$httpMethod=GET&$httpHeaders=If-Match:b%0D%0AIF-match:d", "Line 2 of $httpHeaders has the name of line 1"},
		"a token as the name of a second header":  {"$httpMethod=GET&$httpHeaders=" + secret + ":a%0D%0A" + secret + ":b", "Line 2 of $httpHeaders has the name of line 1"},
	} {
		t.Run(name, func(t *testing.T) { refuses(t, formType, c.body, c.detail) })
	}
}

// headerLines is that many lines of $httpHeaders, in a form.
func headerLines(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "X-%d:y%%0D%%0A", i)
	}
	return b.String()
}

// TestRefusesParts: each mistake in a multipart body has a sentence of its own.
func TestRefusesParts(t *testing.T) {
	method, token := part("$httpMethod", "PATCH"), part("access_token", secret)
	head := func(lines ...string) string { return strings.Join(lines, "\r\n") + "\r\n\r\nx" }
	named := func(name string) string { return `Content-Disposition: form-data; name="` + name + `"` }
	whole := parts(method, token, part("$body", "text"))
	for name, c := range map[string]struct{ body, detail string }{
		"the method twice":                         {parts(method, method), "$httpMethod is there more than once"},
		"the token twice":                          {parts(method, token, token), "access_token is there more than once"},
		"the token twice, apart":                   {parts(method, token, part("$httpHeaders", ""), token), "access_token is there more than once"},
		"the token after the headers":              {parts(method, part("$httpHeaders", ""), token), "access_token comes too late"},
		"the method after the token, again":        {parts(method, token, method), "$httpMethod is there more than once"},
		"an unknown part":                          {parts(method, part("title", "x")), "that no envelope has"},
		"a part without a name":                    {parts(method, part("", "x")), "without a name"},
		"a type as a part":                         {parts(method, part("$ct", "a/b")), "has no $ct"},
		"a known part in percents":                 {parts(method, part("%24body", "x")), "that no envelope has"},
		"a part after the body":                    {parts(method, part("$body", "x"), part("title", "y")), "$body must be the last"},
		"a token after the body":                   {parts(method, part("$body", "x"), token), "$body must be the last"},
		"the body twice":                           {parts(method, part("$body", "x"), part("$body", "x")), "$body must be the last"},
		"a token not in UTF-8":                     {parts(method, part("access_token", secret+"\xff")), "access_token is not valid UTF-8"},
		"a NUL in the token":                       {parts(method, part("access_token", secret+"\x00")), "access_token has a NUL"},
		"a CRLF after the token":                   {parts(method, part("access_token", secret+"\r\n")), "access_token must be one line"},
		"an LF in the method":                      {parts(part("$httpMethod", "PUT\n")), "$httpMethod must be one line"},
		"a folded header":                          {parts(method, part("$httpHeaders", "A: b\r\n c")), "Line 2 of $httpHeaders begins with a blank"},
		"controls that are too long":               {parts(method, part("access_token", secret+strings.Repeat("x", 16<<10))), "more than 16 KiB"},
		"a head that is too long":                  {parts(method, head(named("$body"), "X: "+strings.Repeat("x", 16<<10))), "more than 16 KiB"},
		"a file name that is too long":             {parts(method, head(named("$body")+`; filename="`+strings.Repeat("x", 16<<10)+`"`)), "more than 16 KiB"},
		"a type on the method":                     {parts(head(named("$httpMethod"), "Content-Type: text/plain"), token), "$httpMethod has a Content-Disposition with its name and nothing else"},
		"a type before the name of the method":     {parts(head("Content-Type: text/plain; charset=utf-8", named("$httpMethod"))), "has a Content-Disposition first"},
		"the method without quotes":                {parts(head("Content-Disposition: form-data; name=$httpMethod")), `must be form-data; name="…"`},
		"a type on the token":                      {parts(method, head(named("access_token"), "Content-Type: text/plain")), "access_token has a Content-Disposition with its name and nothing else"},
		"a file name on the method":                {parts(head(named("$httpMethod") + `; filename="a"`)), "$httpMethod has a Content-Disposition with its name and nothing else"},
		"a file name on the headers":               {parts(method, head(named("$httpHeaders")+`; filename="a"`)), "$httpHeaders has a Content-Disposition with its name and nothing else"},
		"an empty file name on the token":          {parts(method, head(named("access_token")+`; filename=""`)), "access_token has a Content-Disposition with its name and nothing else"},
		"another field on a control":               {parts(method, head(named("access_token"), "X-A: b")), "Take other fields out"},
		"an encoding on the body":                  {parts(method, head(named("$body"), "Content-Transfer-Encoding: base64")), "Take other fields out"},
		"a length on the body":                     {parts(method, head(named("$body"), "Content-Length: 1")), "Take other fields out"},
		"two types on the body":                    {parts(method, head(named("$body"), "Content-Type: a/b", "Content-Type: a/b")), "Take other fields out"},
		"two names on the body":                    {parts(method, head(named("$body"), named("$body"))), "Take other fields out"},
		"the type before the name":                 {parts(method, head("Content-Type: a/b", named("$body"))), "has a Content-Disposition first"},
		"a part without a head":                    {parts(method, "\r\nx"), "has a Content-Disposition first"},
		"a part without a name in its head":        {parts(method, head("X-A: b")), "has a Content-Disposition first"},
		"a head that goes on":                      {parts(method, head(named("$body"), " ; filename=\"a\"")), "Take other fields out"},
		"an LF in a head":                          {parts(method, head(named("$body")+"\nContent-Type: a/b")), "without escapes"},
		"a CR in a head":                           {parts(method, head(named("$body")+"\rContent-Type: a/b")), "without escapes"},
		"LFs after a head":                         {"--b0undary\r\n" + named("$httpMethod") + "\n\nGET\r\n--b0undary--\r\n", "ends before its last boundary"},
		"a blank before the colon of a head":       {parts(method, head(`Content-Disposition : form-data; name="$body"`)), "Take other fields out"},
		"the name twice":                           {parts(method, head(named("$body")+`; name="$body"`)), "without escapes"},
		"the name twice, the other first":          {parts(method, head(named("title")+`; name="$body"`)), "without escapes"},
		"another spelling of the name":             {parts(method, head(`Content-Disposition: form-data; name*=utf-8''%24body`)), "without escapes"},
		"another spelling beside the name":         {parts(method, head(named("$body")+`; name*=utf-8''access_token`)), "without escapes"},
		"another spelling of the file name":        {parts(method, head(named("$body")+`; filename*=utf-8''a`)), "without escapes"},
		"both spellings of the file name":          {parts(method, head(named("$body")+`; filename="a"; filename*=utf-8''a`)), "without escapes"},
		"the file name before the name":            {parts(method, head(`Content-Disposition: form-data; filename="a"; name="$body"`)), "without escapes"},
		"an escape in the name":                    {parts(method, head(named(`\$body`))), "without escapes"},
		"an escape in the file name":               {parts(method, head(named("$body")+`; filename="a\"; name=\"b"`)), "without escapes"},
		"a name in a file name":                    {parts(method, head(named("$body")+`; filename="a"; name="b"`)), "without escapes"},
		"an open quote":                            {parts(method, head(`Content-Disposition: form-data; name="$body`)), "without escapes"},
		"something after the name":                 {parts(method, head(named("$body")+"x")), "without escapes"},
		"a semicolon after the name":               {parts(method, head(named("$body")+";")), "without escapes"},
		"another disposition":                      {parts(method, head(`Content-Disposition: attachment; name="$body"`)), "without escapes"},
		"an empty type of the body":                {parts(method, head(named("$body"), "Content-Type:")), "The Content-Type of the part $body is empty"},
		"a type of the body beyond ASCII":          {parts(method, head(named("$body"), "Content-Type: a/b; c=ü")), "The Content-Type of the part $body must be visible ASCII"},
		"a type of the body with a tab":            {parts(method, head(named("$body"), "Content-Type: a/b;\tc=d")), "The Content-Type of the part $body must be visible ASCII"},
		"the boundary at once in a control":        {"--b0undary\r\n" + part("$httpMethod", "--b0undary--\r\n"), "A part begins with the boundary"},
		"the boundary at once in the body":         {parts(method, part("$body", "--b0undary--\r\n")), "A part begins with the boundary"},
		"the boundary for the whole body":          {parts(method)[:len(parts(method))-4] + "\r\n" + part("$body", "--b0undary--\r\n"), "A part begins with the boundary"},
		"the boundary in a control":                {parts(method, part("access_token", secret+"\r\n--b0undaryx")), "A line begins with the boundary and goes on"},
		"the boundary in the body":                 {parts(method, part("$body", "a\r\n--b0undaryx")), "A line begins with the boundary and goes on"},
		"the boundary in the body, then an LF":     {parts(method, part("$body", "a\r\n--b0undary\nx")), "A line begins with the boundary and goes on"},
		"the boundary in the body, then a blank":   {parts(method, part("$body", "a\r\n--b0undary \r\nx")), "A line begins with the boundary and goes on"},
		"the boundary in the body, then a CR":      {parts(method, part("$body", "a\r\n--b0undary\rx")), "A line begins with the boundary and goes on"},
		"the boundary in the body, then a hyphen":  {parts(method, part("$body", "a\r\n--b0undary-x")), "A line begins with the boundary and goes on"},
		"the boundary in the body, then two":       {parts(method, part("$body", "a\r\n--b0undary--x")), "A line begins with the boundary and goes on"},
		"the end in the body":                      {parts(method, part("$body", "a\r\n--b0undary--\r\nb")), "something after the end"},
		"a CRLF after the end":                     {whole + "\r\n", "something after the end"},
		"another envelope after the end":           {whole + whole, "something after the end"},
		"a byte after the end, without a body":     {parts(method) + "x", "something after the end"},
		"no CRLF at the end":                       {strings.TrimSuffix(whole, "\r\n"), "without its last CRLF"},
		"half a CRLF at the end":                   {strings.TrimSuffix(whole, "\n"), "without its last CRLF"},
		"no CRLF at the end, without a body":       {strings.TrimSuffix(parts(method), "\r\n"), "without its last CRLF"},
		"an LF at the end":                         {strings.TrimSuffix(whole, "\r\n") + "\n", "A line begins with the boundary and goes on"},
		"one hyphen at the end":                    {strings.TrimSuffix(whole, "-\r\n"), "ends before its last boundary"},
		"no hyphens at the end":                    {strings.TrimSuffix(whole, "--\r\n"), "ends before its last boundary"},
		"a part that was begun":                    {strings.TrimSuffix(parts(method), "--\r\n") + "\r\n", "ends before its last boundary"},
		"half a boundary at the end":               {strings.TrimSuffix(whole, "ary--\r\n"), "ends before its last boundary"},
		"no boundary at the end":                   {"--b0undary\r\n" + method + "\r\n--b0undary\r\n" + part("$body", strings.Repeat("x", 100_000)), "ends before its last boundary"},
		"a long body, and the boundary in it":      {parts(method, part("$body", strings.Repeat("x", 100_000)+"\r\n--b0undary--\r\nmore")), "something after the end"},
		"a long body, and a part after it":         {parts(method, part("$body", strings.Repeat("x", 100_000)), token), "$body must be the last"},
		"a body that ends in a head":               {"--b0undary\r\n" + named("$httpMethod") + "\r\n", "ends before its last boundary"},
		"a body that ends after a head":            {"--b0undary\r\n" + named("$httpMethod") + "\r\n\r\n", "ends before its last boundary"},
		"a body that ends in a control":            {"--b0undary\r\n" + named("$httpMethod") + "\r\n\r\nGET", "ends before its last boundary"},
		"a body that ends at the name of the body": {"--b0undary\r\n" + method + "\r\n--b0undary\r\n" + named("$body") + "\r\n\r\n", "ends before its last boundary"},
	} {
		t.Run(name, func(t *testing.T) { refuses(t, partsType, c.body, c.detail) })
	}
}

// refuses checks that a body is a fault with a detail, however it comes, that repeats no
// token, and that no reader of it could take what came before the fault for the whole.
func refuses(t *testing.T, contentType, body, detail string) {
	t.Helper()
	for _, length := range []int64{int64(len(body)), -1} {
		whole := open(t, contentType, strings.NewReader(body), length)
		bytewise := open(t, contentType, iotest.OneByteReader(strings.NewReader(body)), length)
		for _, got := range []result{whole, bytewise} {
			switch {
			case got.Controls == nil:
				t.Fatalf("it is no envelope: %q", body)
			case !strings.Contains(got.Fault, detail):
				t.Errorf("the fault is %q, want one with %q", got.Fault, detail)
			case strings.Contains(got.Fault, "s3cret"):
				t.Errorf("the fault repeats the token: %s", got.Fault)
			case got.Twice != strings.HasPrefix(detail, "access_token is there more than once"):
				t.Errorf("TokenTwice is %v of %q", got.Twice, got.Fault)
			case got.Length >= 0 && int64(len(got.Body)) >= got.Length:
				t.Errorf("all %d bytes were handed out before the fault", got.Length)
			}
		}
	}
}
