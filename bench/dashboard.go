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

// listPages are looked at in a list of listLength, of which "777777" finds one or two, "7777" some hundreds, and "example" all.
var listPages = []struct{ name, path string }{
	{"security, first page", "/settings/security"},
	{"security, page 20000", "/settings/security?page=20000"},
	{"security, search", "/settings/security?search=777777"},
	{"security, search of many", "/settings/security?search=7777"},
	{"security, search of all", "/settings/security?search=example"},
	{"security, search of nothing", "/settings/security?search=nowhere"},
	{"tokens, first page", "/settings/tokens"},
	{"tokens, page 20000", "/settings/tokens?page=20000"},
	{"tokens, search", "/settings/tokens?search=777777"},
	{"tokens, search of all", "/settings/tokens?search=newsletter"},
	{"tokens, form", "/settings/tokens/new"},
	{"audit, first page", "/settings/audit"},
	{"audit, behind change 1000000", "/settings/audit?before=1000000"},
	{"audit, search", "/settings/audit?search=777777"},
	{"audit, search of nothing", "/settings/audit?search=nowhere"},
	{"audit, all sites", "/settings/audit?sites=all"},
	{"overview", "/overview"},
	{"refused origins", "/refused"},
	{"sites, first page", "/sites"},
	{"sites, page 4000", "/sites?page=4000"},
	{"sites, search", "/sites?search=77777"},
	{"sites, search of all", "/sites?search=shop"},
	{"a site's overview", "/sites/shop-077777/overview"},
	{"a site's security", "/sites/shop-077777/settings/security"},
	{"a site's audit", "/sites/shop-077777/settings/audit"},
	{"a site's members", "/sites/shop-077777/settings/members"},
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
