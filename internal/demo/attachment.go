package demo

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
)

// An Attachment is bytes of any kind that belong to a discussion, as the API says that
// it has them.
type Attachment struct {
	Bytes  int    `json:"bytes"`
	SHA256 string `json:"sha256"` // in hexadecimal: whoever sent them can tell that nothing was changed
}

func attachmentOf(content []byte) Attachment {
	sum := sha256.Sum256(content)
	return Attachment{Bytes: len(content), SHA256: hex.EncodeToString(sum[:])}
}

// bytesType is the one content type of attachments, which no browser ever shows.
const bytesType = "application/octet-stream"

var (
	errNotBytes = errors.New("the content type must be " + bytesType)
	errTooLong  = errors.New("an attachment is at most 64 KiB long")
	errNone     = errors.New("there is no attachment")
)

func (a *API) attach(r *http.Request) (answer, error) {
	switch {
	case !a.authorized(r):
		return answer{}, errNoToken
	case r.Header.Get("Content-Type") != bytesType:
		return answer{}, errNotBytes
	}
	content, err := io.ReadAll(r.Body)
	if err != nil {
		return answer{}, errTooLong
	}
	kept := attachmentOf(content)
	return answer{status: http.StatusOK, Attachment: &kept}, a.discussions.attach(id(r), content)
}

// attachment sends the bytes as they are.
func (a *API) attachment(w http.ResponseWriter, r *http.Request) {
	content, err := a.discussions.attachment(id(r))
	if err != nil {
		handler(func(*http.Request) (answer, error) { return answer{}, err }).ServeHTTP(w, r)
		return
	}
	w.Header().Set("Content-Type", bytesType)
	w.Header().Set("Content-Disposition", "attachment")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(content) // the client is gone, or it has it
}
