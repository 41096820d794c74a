package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
)

// opaqueToken is an access token of the API's own.
const opaqueToken = "va.sample-token.1"

// compareEnvelopes prints what it costs to unwrap a request, relative to the ordinary
// one that it stands for, in the library and in the gateway.
func compareEnvelopes(out io.Writer, o options) (err error) {
	if err := keepOff(cpuOfEngines); err != nil {
		return err
	}
	if err := compareUnwrapping(out, o); err != nil {
		return err
	}
	upstream, gateway, stop, err := startPair()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	table := newTable("gateway: CPU per request, calibrated", "without a preflight", "ordinary", "ratio", "goal")
	for _, c := range calls(opaqueToken) {
		if !o.only.MatchString(c.name) {
			continue
		}
		figures, err := gateway.compareCall(c, upstream, o)
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		table.add(c.name, append(figures.row(), fmt.Sprintf("≤ %.1f", c.goal))...)
	}
	if err := gateway.compareTickets(table, upstream, o); err != nil {
		return fmt.Errorf("tickets: %w", err)
	}
	return table.write(out)
}

// startPair starts an upstream and the gateway before it.
func startPair() (_ *upstream, _ *engine, stop func() error, err error) {
	dir, err := os.MkdirTemp("", "crossgate-bench-")
	if err != nil {
		return nil, nil, nil, err
	}
	upstream, err := startUpstream()
	if err != nil {
		return nil, nil, nil, errors.Join(err, os.RemoveAll(dir))
	}
	gateway, err := startGateway(dir, upstream.Addr().String())
	if err != nil {
		return nil, nil, nil, errors.Join(err, upstream.Close(), os.RemoveAll(dir))
	}
	return upstream, gateway, func() error {
		return errors.Join(gateway.stop(), upstream.Close(), os.RemoveAll(dir))
	}, nil
}

// compareCall measures a call in its carrier and the ordinary way, once it is sure that
// the API sees the same of both.
func (e *engine) compareCall(c call, upstream *upstream, o options) (comparison, error) {
	carried, ordinary := c.carried.request(), c.ordinary.request()
	for _, request := range []string{carried, ordinary} {
		if _, err := drive(e.address, request, http.StatusOK, warmUp); err != nil {
			return comparison{}, err
		}
		if saw := *upstream.last.Load(); saw != c.apiSees {
			return comparison{}, fmt.Errorf("the API saw %+v and not %+v", saw, c.apiSees)
		}
	}
	return interleave(o.rounds,
		func() (cost, error) { return e.cost(carried, http.StatusOK, o.duration) },
		func() (cost, error) { return e.cost(ordinary, http.StatusOK, o.duration) })
}

// compareTickets measures a GET with a ticket, and the making of one, beside a GET with
// the token that the ticket stands for.
func (e *engine) compareTickets(table *table, upstream *upstream, o options) error {
	const path = "/api/v2/discussions/7"
	ordinary := sent{http.MethodGet, path, "Authorization: Bearer " + e.token + "\r\n", ""}.request()
	making := sent{
		http.MethodPost, "/.crossgate/ticket", "Content-Type: application/x-www-form-urlencoded;charset=UTF-8\r\n",
		"access_token=" + e.token,
	}.request()
	withTicket := func() (cost, error) {
		ticket, err := e.ticket() // a new one each time: they live for a minute
		if err != nil {
			return cost{}, err
		}
		return e.cost(sent{http.MethodGet, path + "?access_token=" + ticket, "", ""}.request(), http.StatusOK, o.duration)
	}
	rows := []struct {
		name    string
		measure func() (cost, error)
	}{
		{"GET, ticket in the query", withTicket},
		{"a ticket, made (beside a GET)", func() (cost, error) { return e.cost(making, http.StatusOK, o.duration) }},
	}
	for _, row := range rows {
		if !o.only.MatchString(row.name) {
			continue
		}
		if _, err := drive(e.address, ordinary, http.StatusOK, warmUp); err != nil {
			return err
		}
		figures, err := interleave(o.rounds, row.measure,
			func() (cost, error) { return e.cost(ordinary, http.StatusOK, o.duration) })
		if err != nil {
			return fmt.Errorf("%s: %w", row.name, err)
		}
		if saw := upstream.last.Load().first; saw != "GET "+path+" HTTP/1.1" {
			return fmt.Errorf("%s: the API saw %q", row.name, saw)
		}
		table.add(row.name, append(figures.row(), "")...)
	}
	return nil
}

// ticket asks the gateway for a ticket, as a page does.
func (e *engine) ticket() (string, error) {
	form := url.Values{"access_token": {e.token}}.Encode()
	request, err := http.NewRequest(http.MethodPost, "http://"+e.address+"/.crossgate/ticket", strings.NewReader(form))
	if err != nil {
		return "", err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Origin", trusted)
	request.Header.Set("Sec-Fetch-Mode", "cors")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	var made struct{ Ticket string }
	if err := json.NewDecoder(response.Body).Decode(&made); err != nil {
		return "", fmt.Errorf("asking for a ticket: %s: %w", response.Status, err)
	}
	if made.Ticket == "" {
		return "", fmt.Errorf("asking for a ticket: %s", response.Status)
	}
	return made.Ticket, nil
}
