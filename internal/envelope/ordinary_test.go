package envelope_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/crossgate/crossgate/internal/envelope"
)

// TestDecidesAtTheFirstByte: an ordinary body is waited for no longer than until the byte
// that rules out an envelope, which each case marks with a |.
func TestDecidesAtTheFirstByte(t *testing.T) {
	const (
		line = "--b0undary\r\n"
		head = line + `Content-Disposition: form-data; name=`
	)
	for name, c := range map[string]struct{ contentType, marked string }{
		"form, another name":                    {formType, "t|itle=x"},
		"form, a name that begins alike":        {formType, "$httpMethodS|=x"},
		"form, a shorter name":                  {formType, "$http=|x"},
		"form, another case":                    {formType, "$H|TTPMETHOD=GET"},
		"form, an empty name":                   {formType, "=|$httpMethod"},
		"form, an empty pair first":             {formType, "&|$httpMethod=GET"},
		"form, a blank first":                   {formType, "+|$httpMethod=GET"},
		"form, another percent code":            {formType, "%3|4httpMethod=GET"},
		"form, another digit in a percent code": {formType, "%25|httpMethod=GET"},
		"form, a broken percent code":           {formType, "%z|z=x"},
		"form, encoded twice":                   {formType, "%25|24httpMethod=GET"},
		"form, a bracket after the name":        {formType, "$httpMethod[|]=GET"},
		"form, a percent code after the name":   {formType, "$httpMethod%|00=GET"},
		"form, a semicolon after the name":      {formType, "$httpMethod;|=GET"},
		"multipart, a preamble":                 {partsType, "\r|\n" + head + `"$httpMethod"`},
		"multipart, another boundary":           {partsType, "--b0undarx|\r\n"},
		"multipart, a longer boundary":          {partsType, "--b0undaryy|\r\n"},
		"multipart, a blank after the boundary": {partsType, "--b0undary |\r\n" + head[12:] + `"$httpMethod"`},
		"multipart, an LF after the boundary":   {partsType, "--b0undary\n|" + head[12:] + `"$httpMethod"`},
		"multipart, its end at once":            {partsType, "--b0undary-|-\r\n"},
		"multipart, an empty head":              {partsType, line + "\r\n|" + head[12:]},
		"multipart, another name":               {partsType, head + `"t|itle"`},
		"multipart, an empty name":              {partsType, head + `""|`},
		"multipart, a name that begins alike":   {partsType, head + `"$httpMethods|"`},
		"multipart, a name in another case":     {partsType, head + `"$H|ttpMethod"`},
		"multipart, a name in percents":         {partsType, head + `"%|24httpMethod"`},
		"multipart, an escape in the name":      {partsType, head + `"\|$httpMethod"`},
		"multipart, a bare name alike":          {partsType, head + `$httpMethods|`},
		"multipart, a file name first":          {partsType, line + `Content-Disposition: form-data; f|ilename="a"; name="$httpMethod"`},
		"multipart, another spelling":           {partsType, line + `Content-Disposition: form-data; name*|=utf-8''%24httpMethod`},
		"multipart, another disposition":        {partsType, line + `Content-Disposition: a|ttachment; name="$httpMethod"`},
		"multipart, another name after a field": {partsType, line + "Content-Type: text/plain\r\nContent-Disposition: form-data; name=\"t|itle\""},
	} {
		t.Run(name, func(t *testing.T) {
			deciding, rest, _ := strings.Cut(c.marked, "|")
			source := &slowly{give: deciding}
			opened, err := envelope.Open(c.contentType, source, 1234)
			if err != nil || opened.Controls != nil || opened.Length != 1234 {
				t.Fatalf("Open gave %+v, %v", opened, err)
			}
			if source.give != "" {
				t.Errorf("it was decided %d bytes too early for the test", len(source.give))
			}
			source.give, source.more = rest, true
			text, err := io.ReadAll(opened.Body)
			if err != nil || string(text) != deciding+rest {
				t.Errorf("the body is %q, %v; want %q", text, err, deciding+rest)
			}
		})
	}
}

// slowly gives what it has byte by byte, and then fails as nothing else does unless
// there may be more.
type slowly struct {
	give string
	more bool
}

var errWaited = errors.New("waited for more than it took to decide")

func (s *slowly) Read(p []byte) (int, error) {
	switch {
	case s.give != "":
		p[0] = s.give[0]
		s.give = s.give[1:]
		return 1, nil
	case s.more:
		return 0, io.EOF
	}
	return 0, errWaited
}

// TestShortBodiesAreOrdinary: what ends before it is an envelope is none.
func TestShortBodiesAreOrdinary(t *testing.T) {
	head := "--b0undary\r\nContent-Disposition: form-data; name=\"$httpMethod"
	for i := range len(head) + 1 {
		staysAsItCame(t, partsType, head[:i])
	}
	for i := range len("$httpMethod") {
		staysAsItCame(t, formType, "$httpMethod"[:i])
		staysAsItCame(t, formType, "%24httpMetho%64"[:i])
	}
}

// TestLongHeadsAreOrdinary: there is a limit to how much is looked at.
func TestLongHeadsAreOrdinary(t *testing.T) {
	staysAsItCame(t, partsType, parts("X-A: "+strings.Repeat("b", 1000)+"\r\n"+part("$httpMethod", "GET")))
	staysAsItCame(t, partsType, parts("X-A: "+strings.Repeat("b", 100_000)))
	staysAsItCame(t, partsType, parts("Content-Disposition: "+strings.Repeat(" ", 1000)+`form-data; name="$httpMethod"`))
}

// staysAsItCame checks that a body is no envelope, and the same after as before.
func staysAsItCame(t *testing.T, contentType, body string) {
	t.Helper()
	for _, r := range []io.Reader{strings.NewReader(body), iotest.OneByteReader(strings.NewReader(body)), iotest.DataErrReader(strings.NewReader(body))} {
		got := open(t, contentType, r, int64(len(body)))
		if diff := cmp.Diff(result{Body: body, Length: int64(len(body))}, got); diff != "" {
			t.Errorf("%q: (-want +got)\n%s", body, diff)
		}
	}
}

// TestOrdinaryBodiesOfOtherLengths: the declared length of an ordinary body is no
// business of an envelope's reader.
func TestOrdinaryBodiesOfOtherLengths(t *testing.T) {
	for _, length := range []int64{-1, 0, 1, 1000} {
		got := open(t, formType, strings.NewReader("title=x"), length)
		if want := (result{Body: "title=x", Length: length}); !cmp.Equal(want, got) {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
}

// TestLooksAtLittle: of an ordinary body no more than a small buffer is taken in.
func TestLooksAtLittle(t *testing.T) {
	for contentType, limit := range map[string]int{formType: 64, partsType: 512} {
		source := bytes.NewReader(make([]byte, 1<<20))
		if _, err := envelope.Open(contentType, source, 1<<20); err != nil {
			t.Fatal(err)
		}
		if took := 1<<20 - source.Len(); took > limit {
			t.Errorf("%d bytes were taken of a body of type %s, want at most %d", took, contentType, limit)
		}
	}
}

// TestReaderErrors: an error of the body itself is no fault of the envelope, wherever
// it comes, and keeps its identity.
func TestReaderErrors(t *testing.T) {
	tooLarge := &http.MaxBytesError{Limit: 7}
	for contentType, body := range map[string]string{
		formType:  "$httpMethod=PUT&access_token=x&$httpHeaders=A:b&$ct=a/b&$body=abc%20def",
		partsType: parts(part("$httpMethod", "PUT"), part("access_token", "x"), part("$httpHeaders", "A:b"), part("$body", "abc\r\ndef")),
	} {
		for i := range len(body) + 1 {
			reader := io.MultiReader(strings.NewReader(body[:i]), iotest.ErrReader(tooLarge))
			_, err := readAll(contentType, reader, int64(len(body)))
			var got *http.MaxBytesError
			var fault *envelope.Fault
			if !errors.As(err, &got) || got != tooLarge || errors.As(err, &fault) {
				t.Errorf("%s: after %q: the error is %v", contentType, body[:i], err)
			}
		}
	}
}

// TestReaderErrorsOfOrdinaryBodies: they come with the bytes before them.
func TestReaderErrorsOfOrdinaryBodies(t *testing.T) {
	for _, body := range []string{"title=x", "$http", strings.Repeat("x", 1000)} {
		reader := iotest.DataErrReader(io.MultiReader(strings.NewReader(body), iotest.ErrReader(io.ErrUnexpectedEOF)))
		text, err := readAll(formType, reader, 2000)
		if !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%q: the error is %v", body, err)
		}
		if text != "" && text != body {
			t.Errorf("the body is %q, want %q", text, body)
		}
	}
}

// TestReadersThatGiveNothing: a reader that never gets on is an error and no endless loop.
func TestReadersThatGiveNothing(t *testing.T) {
	for _, body := range []string{"", "$httpMethod=PUT", "$httpMethod=PUT&$body=x"} {
		reader := io.MultiReader(strings.NewReader(body), idle{})
		if _, err := readAll(formType, reader, -1); !errors.Is(err, io.ErrNoProgress) {
			t.Errorf("%q: the error is %v", body, err)
		}
	}
}

type idle struct{}

func (idle) Read([]byte) (int, error) { return 0, nil }

// readAll opens a body and reads it; the error is from either.
func readAll(contentType string, body io.Reader, length int64) (string, error) {
	opened, err := envelope.Open(contentType, body, length)
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(opened.Body)
	return string(text), err
}

func TestNoBody(t *testing.T) {
	opened, err := envelope.Open(formType, nil, 0)
	if want := (envelope.Opened{}); err != nil || opened != want {
		t.Errorf("Open gave %+v, %v", opened, err)
	}
	staysAsItCame(t, formType, "")
	staysAsItCame(t, partsType, "")
}
