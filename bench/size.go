package main

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"runtime"
	"strings"
	"time"

	"github.com/crossgate/crossgate/internal/cow"
	"github.com/crossgate/crossgate/token"
	"github.com/crossgate/crossgate/trust"
)

// listSizes are how long the lists are that are measured.
var listSizes = []int{10, 1_000, 100_000, 1_000_000}

const (
	sizeRounds = 5       // at most: a round makes each list anew
	manySites  = 100_000 // of siteSize entries each
	siteSize   = 10

	// pagesInTurn is how many origins are asked about in turn: so many that what they
	// match is in no cache of the processor where the list is long.
	pagesInTurn = 1 << 14
	wildEvery   = 10 // of so many entries one is a wildcard
)

// measureSize prints what long lists cost: memory, the time to make and to change them,
// and to look up in them.
func measureSize(out io.Writer, o options) error {
	columns := make([]string, len(listSizes))
	for i, n := range listSizes {
		columns[i] = fmt.Sprint(n)
	}
	table := newTable("size: a list of so many", columns...)
	now := time.Now()
	for _, figure := range sizeFigures {
		if !o.only.MatchString(figure.name) {
			continue
		}
		var cells []string
		for _, n := range listSizes {
			rounds := make([]float64, min(o.rounds, sizeRounds))
			for i := range rounds {
				rounds[i] = figure.of(n, now)
			}
			cells = append(cells, fmt.Sprintf(figure.format, median(rounds)))
		}
		table.add(figure.name, cells...)
	}
	if len(table.rows) > 1 {
		if err := table.write(out); err != nil {
			return err
		}
	}
	if err := measureSites(out, o); err != nil {
		return err
	}
	return measureStart(out, o)
}

// sizeFigures are what is measured of one list. Times are CPU time.
var sizeFigures = []struct {
	name, format string
	of           func(n int, now time.Time) float64
}{
	{"memory of a Trusted Domain, bytes", "%.0f", func(n int, _ time.Time) float64 {
		return memoryOf(func() any { return listOf(n) }) / float64(n)
	}},
	{"memory of an access token, bytes", "%.0f", func(n int, _ time.Time) float64 {
		return memoryOf(func() any { return tokensOf(n) }) / float64(n)
	}},
	{"list made, ms", "%.2f", func(n int, _ time.Time) float64 {
		entries := entriesOf(n)
		return timed(func() { runtime.KeepAlive(trust.NewSet(entries)) }, quantum).milliseconds()
	}},
	{"an entry switched off, µs", "%.1f", func(n int, _ time.Time) float64 {
		return changeOf(listOf(n)).took.microseconds()
	}},
	{"garbage of that, KB", "%.1f", func(n int, _ time.Time) float64 { return changeOf(listOf(n)).garbage / 1e3 }},
	{"a token revoked, µs", "%.1f", func(n int, _ time.Time) float64 {
		tokens := tokensOf(n)
		return timed(func() { tokens.With(digest(0), token.Grant{Revoked: true}) }, quantum).microseconds()
	}},
	{"exact entry, ns", "%.0f", func(n int, now time.Time) float64 { return lookUp(n, "https://"+exactForm, now) }},
	{"wildcard, ns", "%.0f", func(n int, now time.Time) float64 { return lookUp(n, "https://www."+wildForm, now) }},
	{"not trusted, ns", "%.0f", func(n int, now time.Time) float64 { return lookUp(n, "https://app-%07d.example.net", now) }},
	{"token, ns", "%.0f", func(n int, _ time.Time) float64 { return lookUpToken(n) }},
	{"nearest entry and look-alikes of an origin, µs", "%.0f", func(n int, now time.Time) float64 {
		list := listOf(n)
		domain, origin := parsed("app-00000001.example.org"), mustOrigin("https://www.app-0000000.example.com")
		ask := func() { list.LookAlikes([]trust.Domain{domain}); list.Nearest(origin, now) }
		ask() // the first one sorts the names
		return timed(ask, quantum).microseconds()
	}},
}

const (
	exactForm = "app-%07d.example.com"
	wildForm  = "p-%07d.example.org"
)

// entriesOf is a list of so many entries.
func entriesOf(n int) []trust.Entry {
	list := make([]trust.Entry, n)
	for i := range list {
		form := exactForm
		if i%wildEvery == 0 {
			form = "*." + wildForm
		}
		list[i] = trust.Entry{ID: int64(i + 1), Domain: parsed(fmt.Sprintf(form, i))}
	}
	return list
}

func listOf(n int) *trust.Set { return trust.NewSet(entriesOf(n)) }

func parsed(entry string) trust.Domain {
	d, err := trust.ParseDomain(entry)
	if err != nil {
		panic(err) // it is written above
	}
	return d
}

func mustOrigin(text string) trust.Origin {
	o, err := trust.ParseOrigin(text)
	if err != nil {
		panic(err)
	}
	return o
}

// grants are access tokens as the control plane holds them.
type grants = cow.Map[token.Digest, token.Grant]

func tokensOf(n int) *grants {
	e := new(grants).Edit()
	for i := range n {
		e.Put(digest(i), token.Grant{ID: fmt.Sprintf("tok_%020d", i), Subject: fmt.Sprintf("Newsletter %d", i), QueryCarrier: token.QueryFull})
	}
	made := e.Map()
	return &made
}

func digest(i int) token.Digest {
	return sha256.Sum256(binary.BigEndian.AppendUint64(nil, uint64(i)))
}

// A span is CPU time of one call.
type span time.Duration

func (s span) microseconds() float64 { return float64(s) / 1e3 }
func (s span) milliseconds() float64 { return float64(s) / 1e6 }

// timed calls a function until enough time has gone by, and at least once.
func timed(call func(), enough time.Duration) span {
	runtime.GC()
	for n := 1; ; n *= 2 {
		start := ownCPU()
		for range n {
			call()
		}
		if used := ownCPU() - start; used >= enough {
			return span(used / time.Duration(n))
		}
	}
}

// memoryOf is what is held by what is made, in bytes of the heap.
func memoryOf(made func() any) float64 {
	before := heapInUse()
	held := made()
	after := heapInUse()
	runtime.KeepAlive(held)
	return float64(after) - float64(before)
}

func heapInUse() uint64 {
	runtime.GC()
	runtime.GC() // the first one may have found what the second frees
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// A change is what a change of one entry costs.
type change struct {
	took    span
	garbage float64 // bytes
}

func changeOf(list *trust.Set) change {
	off := []trust.Entry{{ID: 2, Domain: parsed(fmt.Sprintf(exactForm, 1)), Disabled: true}}
	took := timed(func() { runtime.KeepAlive(list.With(off, nil)) }, quantum)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	runtime.KeepAlive(list.With(off, nil))
	runtime.ReadMemStats(&after)
	return change{took, float64(after.TotalAlloc - before.TotalAlloc)}
}

// lookUp is what it takes to judge the origins of many pages in turn, in ns for one.
func lookUp(n int, form string, now time.Time) float64 {
	list := listOf(n)
	origins := make([]string, min(n, pagesInTurn))
	for i := range origins {
		origins[i] = fmt.Sprintf(form, placeOf(i, n, strings.Contains(form, "example.com")))
	}
	took := timed(func() {
		for _, origin := range origins {
			list.MatchHeader(origin, now)
		}
	}, quantum)
	return float64(took) / float64(len(origins))
}

// placeOf spreads places over a list, those of exact entries or of wildcards.
func placeOf(i, n int, exact bool) int {
	const step = 7919 // prime, and no divisor of any length
	at := i * step % n
	at -= at % wildEvery
	if exact {
		at += 1 + i%(wildEvery-1)
	}
	return at
}

func lookUpToken(n int) float64 {
	tokens := tokensOf(n)
	asked := make([]token.Digest, min(n, pagesInTurn))
	for i := range asked {
		asked[i] = digest(placeOf(i, n, true))
	}
	took := timed(func() {
		for _, d := range asked {
			runtime.KeepAlive(tokens.At(d))
		}
	}, quantum)
	return float64(took) / float64(len(asked))
}

// measureSites prints what many short lists cost.
func measureSites(out io.Writer, o options) error {
	const name = "memory of a list, bytes"
	if !o.only.MatchString(name) {
		return nil
	}
	table := newTable(fmt.Sprintf("size: %d lists of %d", manySites, siteSize), "all", "of which entries and their names")
	lists := memoryOf(func() any {
		all := make([]*trust.Set, manySites)
		for site := range all {
			all[site] = trust.NewSet(siteEntries(site))
		}
		return all
	})
	entries := memoryOf(func() any {
		all := make([][]trust.Entry, manySites)
		for site := range all {
			all[site] = siteEntries(site)
		}
		return all
	})
	table.add(name, fmt.Sprintf("%.0f", lists/manySites), fmt.Sprintf("%.0f", entries/manySites))
	return table.write(out)
}

func siteEntries(site int) []trust.Entry {
	list := make([]trust.Entry, siteSize)
	for i := range list {
		list[i] = trust.Entry{ID: int64(site*siteSize + i + 1), Domain: parsed(fmt.Sprintf("app-%d.site-%06d.example", i, site))}
	}
	return list
}
