package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// What every page of a long list is to keep to.
const (
	goalMillis = 100
	goalKB     = 60
)

// listPages are looked at in a list of listLength, of which "77777" finds a few.
var listPages = []struct{ name, path string }{
	{"security, first page", "/settings/security"},
	{"security, page 2000", "/settings/security?page=2000"},
	{"security, search", "/settings/security?search=77777"},
	{"tokens, first page", "/settings/tokens"},
	{"tokens, page 2000", "/settings/tokens?page=2000"},
	{"tokens, search", "/settings/tokens?search=77777"},
	{"audit, first page", "/settings/audit"},
	{"audit, behind change 100000", "/settings/audit?before=100000"},
	{"audit, search", "/settings/audit?search=77777"},
}

// timeDashboard prints how long the dashboard's long lists take, and how large they are.
func timeDashboard(out io.Writer, o options) (err error) {
	upstream, err := startUpstream()
	if err != nil {
		return err
	}
	defer upstream.Close()
	dir, err := os.MkdirTemp("", "crossgate-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := fillDatabase(context.Background(), filepath.Join(dir, databaseName)); err != nil {
		return fmt.Errorf("filling the database: %w", err)
	}
	gateway, err := startGateway(dir, upstream.Addr().String())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, gateway.stop()) }()
	client, err := signIn(gateway.dashboard)
	if err != nil {
		return err
	}

	table := newTable(fmt.Sprintf("dashboard: lists of %d", listLength),
		fmt.Sprintf("median (goal %d ms)", goalMillis), fmt.Sprintf("page, not compressed (goal %d KB)", goalKB))
	for _, page := range listPages {
		if !o.only.MatchString(page.name) {
			continue
		}
		millis, bytes, err := timePage(client, gateway.dashboard+page.path, o.rounds)
		if err != nil {
			return fmt.Errorf("%s: %w", page.name, err)
		}
		table.add(page.name, fmt.Sprintf("%.1f ms", millis), fmt.Sprintf("%.1f KB", float64(bytes)/1000))
	}
	return table.write(out)
}

// signIn returns a client with the session of the account that fillDatabase made.
func signIn(dashboard string) (*http.Client, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	client := &http.Client{Jar: jar}
	form := url.Values{"name": {accountName}, "password": {accountPassword}}
	request, err := http.NewRequest(http.MethodPost, dashboard+"/sign-in", strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Origin", dashboard)
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	return client, response.Body.Close()
}

// timePage returns the median time of a page's whole answer, and its size in bytes.
func timePage(client *http.Client, address string, rounds int) (millis float64, bytes int64, err error) {
	var times []float64
	for range rounds {
		start := time.Now()
		response, err := client.Get(address)
		if err != nil {
			return 0, 0, err
		}
		bytes, err = io.Copy(io.Discard, response.Body)
		response.Body.Close()
		if err != nil {
			return 0, 0, err
		}
		times = append(times, float64(time.Since(start))/float64(time.Millisecond))
		if response.StatusCode != http.StatusOK || response.Request.URL.String() != address {
			return 0, 0, fmt.Errorf("answered %s at %s", response.Status, response.Request.URL)
		}
	}
	return median(times), bytes, nil
}
