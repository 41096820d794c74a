package fleet

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

// changePatience is how long a program waits for a change to be acknowledged, in a fleet
// whose database may be away.
const changePatience = 8 * time.Second

// manage asks a node's management API, and reads the answer.
func (f *fleet) manage(n *node, method, path string, body, into any) (status int, err error) {
	text, err := json.Marshal(body)
	if err != nil {
		return 0, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), changePatience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, n.dashboard+"/api/v1"+path, bytes.NewReader(text))
	if err != nil {
		return 0, err
	}
	request.Header.Set("Authorization", "Bearer "+f.key)
	request.Header.Set("Content-Type", "application/json")
	response, err := n.client.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, err
	}
	if response.StatusCode >= 300 {
		return response.StatusCode, fmt.Errorf("%s: %s", response.Status, answer)
	}
	return response.StatusCode, json.Unmarshal(answer, into)
}

// done is what becomes of a change: its row in the audit log.
type done struct{ Change struct{ ID int64 } }

// trust adds entries at a node, all at once.
func (f *fleet) trust(n *node, entries ...string) (audit int64, status int, err error) {
	var made done
	status, err = f.manage(n, http.MethodPost, "/domains", map[string]any{"domains": entries}, &made)
	return made.Change.ID, status, err
}

// undo takes a change back, all at once; undoing that makes it again.
func (f *fleet) undo(n *node, audit int64) (again int64, status int, err error) {
	var made done
	status, err = f.manage(n, http.MethodPost, fmt.Sprintf("/audit/%d/undo", audit), struct{}{}, &made)
	return made.Change.ID, status, err
}

// A madeToken is an access token with its secret.
type madeToken struct{ ID, Token string }

func (f *fleet) createToken(n *node, name string) (made madeToken, status int, err error) {
	status, err = f.manage(n, http.MethodPost, "/tokens", map[string]any{"name": name}, &made)
	return made, status, err
}

func (f *fleet) revokeToken(n *node, id string) (status int, err error) {
	return f.manage(n, http.MethodPost, "/tokens/"+id+"/revoke", struct{}{}, new(any))
}
