package wire_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/crossgate/crossgate/e2e/internal/wire"
)

func TestRecorderNotesWhatServersRefuse(t *testing.T) {
	recorder := wire.NewRecorder(t)
	connection, err := net.Dial("tcp", strings.TrimPrefix(recorder.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	io.WriteString(connection, "OPTIONS /a HTTP/1.1\r\nHost: h\r\nOrigin: http://o\r\naccess-control-request-method: patch\r\n\r\n"+
		"POST /a?b HTTP/1.1\r\nX-Odd: a\x01b \r\nContent-Length: 4\r\n\r\nbody"+
		"PUT /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n"+
		"OPTIONS /d HTTP/1.1\r\nAccess-Control-Request-Method: QUERY\r\n\r\n")
	reader := bufio.NewReader(connection)
	for _, want := range []string{"patch", "", "", "QUERY"} {
		response, err := http.ReadResponse(reader, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := response.Header.Get("Access-Control-Allow-Methods"); got != want {
			t.Errorf("%q is granted, want %q", got, want)
		}
	}
	heads := recorder.Heads("/a?b")
	want := []wire.Field{{"X-Odd", "a\x01b"}, {"Content-Length", "4"}}
	if len(heads) != 1 || heads[0].Method != "POST" || !slices.Equal(heads[0].Fields, want) {
		t.Errorf("noted %q", heads)
	}
}

func TestStageAnswersByteForByte(t *testing.T) {
	const odd = "HTTP/1.1 299 Odd\r\nacao: a\x01 \r\n\r\n"
	stage := wire.NewStage(t, func(head wire.Head) string {
		if head.Target == "/odd" {
			return odd
		}
		return ""
	})
	connection, err := net.Dial("tcp", strings.TrimPrefix(stage.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	io.WriteString(connection, "GET /odd HTTP/1.1\r\n\r\nGET /end HTTP/1.1\r\n\r\nGET /odd HTTP/1.1\r\n\r\n")
	if got, err := io.ReadAll(connection); err != nil || string(got) != odd {
		t.Errorf("it answers %q and then %v, want one answer and the end", got, err)
	}
}
