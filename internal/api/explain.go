package api

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/explain"
	"github.com/crossgate/crossgate/preflight"
	"github.com/crossgate/crossgate/trust"
)

// explainRequest says what a browser would do about a request, and whether this gateway
// would allow it. The body is a line of crossgate explain --batch.
func (a *API) explainRequest(c *call) (answer, error) {
	q, err := c.question()
	if err != nil {
		return answer{}, err
	}
	if q.Site, err = c.control.Rules(c.Context()); err != nil {
		return answer{}, err
	}
	q.Now = a.now()
	got, err := explain.Explain(q)
	if wrong, ok := errors.AsType[*preflight.RequestError](err); ok {
		return answer{}, refusedField(wrong.Field, wrong.Error())
	}
	return answer{status: http.StatusOK, body: got}, err
}

// question reads the body.
func (c *call) question() (explain.Question, error) {
	var q explain.Question
	var address string
	r := &q.Request
	err := c.decode(members{
		"method": &r.Method, "headers": &r.Headers, "body_type": &r.Body, "mode": &r.Mode, "api": &r.API,
		"upload_listener": &r.UploadListener, "keepalive": &r.Keepalive, "url": &address, "origin": &q.Origin,
	})
	if err != nil {
		return q, err
	}
	if q.Origin != "" && q.Origin != "null" {
		if _, err := trust.ParseOrigin(q.Origin); err != nil {
			return q, refusedField("origin", err.Error())
		}
	}
	q.Target, err = targetOf(address)
	return q, err
}

// targetOf reads the address that is called; "" is none.
func targetOf(address string) (*url.URL, error) {
	if address == "" {
		return nil, nil
	}
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return nil, refusedField("url", "the URL is whole and begins with https:// or http://, such as https://api.example.com/items")
	case u.User != nil:
		return nil, refusedField("url", "leave user and password out of the URL: fetch refuses such addresses")
	}
	return u, nil
}

func refusedField(field, message string) error {
	return &control.Error{Code: control.CodeInvalid, Field: field, Message: message}
}
