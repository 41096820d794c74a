package fleet

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/coder/websocket"
)

// An api is what the nodes stand before: it answers everything, and has streams.
type api struct{ URL string }

func newAPI(t *testing.T) *api {
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "{}") })
	mux.HandleFunc("GET /events", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		io.WriteString(w, "data: first\n\n")
		http.NewResponseController(w).Flush()
		<-r.Context().Done() // the stream stays open, as streams do
	})
	mux.HandleFunc("GET /socket", func(w http.ResponseWriter, r *http.Request) {
		socket, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true}) // the gateway has looked at the origin
		if err != nil {
			return
		}
		defer socket.CloseNow()
		socket.Read(r.Context()) // until the other side is gone
	})
	server := httptest.NewServer(mux)
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	return &api{server.URL}
}
