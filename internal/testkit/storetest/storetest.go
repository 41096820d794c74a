// Package storetest is what every store of control's records has to do: one suite,
// run against each of them.
package storetest

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/trust"
)

// site is the one that every store has.
const site = control.DefaultSiteID

// noon is a time with nothing below a millisecond, as stores keep them.
var noon = time.Date(2030, 5, 17, 12, 0, 0, 123e6, time.UTC)

// Run runs the suite. Each call of open is to return an empty store, closed when
// the test ends.
func Run(t *testing.T, open func(*testing.T) control.Store) {
	t.Helper()
	suite := []struct {
		name string
		run  func(*testing.T, control.Store)
	}{
		{"a missing record is ErrNoRecord", missingRecords},
		{"an error takes the whole transaction back", rollback},
		{"a view sees one state", isolation},
		{"updates do not overlap", serialUpdates},
		{"the head moves with a change and only with one", headMoves},
		{"an entry comes back as it was written", domainRoundTrip},
		{"a removed entry gets its own id back", domainRestored},
		{"an entry is on the list once", domainOnce},
		{"a search is for text", domainSearch},
		{"a list is paged from the newest", domainPages},
		{"a site's records are its own", otherSite},
		{"a token comes back as it was written", tokenRoundTrip},
		{"grants are found by digest", grantsByDigest},
		{"a list is paged by id", domainsBefore},
		{"one token's grant is that of all", oneGrant},
		{"a policy comes back as it was written", policyRoundTrip},
		{"a sealed secret is a site's own", sealedSecrets},
		{"an ignored origin is a site's own", ignoredOrigins},
		{"a management key comes back as it was written", keyRoundTrip},
		{"an invitation comes back until it ends", invitationRoundTrip},
		{"an account's role can change", roleChanges},
		{"a session ends by its id", sessionEndsByID},
		{"an account's sessions end with it", accountRemoved},
		{"sessions end by age, by number and by account", sessionsEnd},
		{"the latest setup secret counts", setupSecret},
		{"the audit log comes back as it was written", auditRoundTrip},
		{"the audit log is searched and paged", auditLog},
		{"the last change of a kind is known", lastChange},
		{"what changed since a head is known", changedSince},
		{"usage adds up and makes no revision", usageAddsUp},
		{"sightings add up and make no revision", sightingsAddUp},
		{"sightings are pruned", sightingsPruned},
		{"a site comes back as it was written", siteRoundTrip},
		{"sites are listed by name", sitePages},
		{"what a site had goes with it", siteRemoved},
		{"the lists of all sites are read at once", listsOfAllSites},
		{"a member comes back as it was written", memberRoundTrip},
		{"a node comes back as it was written, and is forgotten", nodeRoundTrip},
		{"sightings from the future are pruned", sightingsFromTheFuture},
	}
	for _, test := range suite {
		t.Run(test.name, func(t *testing.T) { test.run(t, open(t)) })
	}
}

// domain parses an entry of a test.
func domain(t *testing.T, entry string) trust.Domain {
	t.Helper()
	d, err := trust.ParseDomain(entry)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// entry is a Trusted Domain with every field set to something.
func entry(t *testing.T, text string) control.Domain {
	t.Helper()
	return control.Domain{
		Typed: " " + text + "/", Domain: domain(t, text), Label: "Partner “A”", Enabled: true,
		ExpiresAt: noon.Add(time.Hour), CreatedAt: noon, CreatedBy: "anna", Version: 1,
	}
}

// view reads, and fails the test on an error.
func view[T any](t *testing.T, s control.Store, read func(control.Reader) (T, error)) T {
	t.Helper()
	var got T
	err := s.View(t.Context(), func(r control.Reader) (err error) {
		got, err = read(r)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// update writes, and fails the test on an error.
func update(t *testing.T, s control.Store, write func(control.Writer) error) {
	t.Helper()
	if err := s.Update(t.Context(), write); err != nil {
		t.Fatal(err)
	}
}

// insert adds entries and returns their ids.
func insert(t *testing.T, s control.Store, entries ...string) []int64 {
	t.Helper()
	ids := make([]int64, len(entries))
	update(t, s, func(w control.Writer) (err error) {
		for i, text := range entries {
			if ids[i], err = w.InsertDomain(site, entry(t, text)); err != nil {
				return err
			}
		}
		return nil
	})
	return ids
}

// same compares, and says what differs.
func same(t *testing.T, got, want any) {
	t.Helper()
	equalDomains := cmp.Comparer(func(a, b trust.Domain) bool { return a == b })
	if diff := cmp.Diff(want, got, equalDomains); diff != "" {
		t.Errorf("differs (-want +got):\n%s", diff)
	}
}

// wantMissing wants an error to be ErrNoRecord.
func wantMissing(t *testing.T, what string, err error) {
	t.Helper()
	if !errors.Is(err, control.ErrNoRecord) {
		t.Errorf("%s: error %v, want ErrNoRecord", what, err)
	}
}
