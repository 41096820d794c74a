package storetest

import (
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/control"
)

func ignoredOrigins(t *testing.T, s control.Store) {
	older := control.IgnoredOrigin{Origin: "null", At: noon, By: "anna"}
	newer := control.IgnoredOrigin{Origin: "https://a.example", At: noon.Add(time.Second), By: "bob"}
	update(t, s, func(w control.Writer) error { return w.PutIgnoredOrigin(site, older) })
	update(t, s, func(w control.Writer) error { return w.PutIgnoredOrigin(site, newer) })
	read := func(r control.Reader) ([]control.IgnoredOrigin, error) { return r.IgnoredOrigins(site) }
	same(t, view(t, s, read), []control.IgnoredOrigin{newer, older})

	again := control.IgnoredOrigin{Origin: "null", At: noon.Add(time.Hour), By: "bob"} // it stays as it was
	update(t, s, func(w control.Writer) error { return w.PutIgnoredOrigin(site, again) })
	same(t, view(t, s, read), []control.IgnoredOrigin{newer, older})

	update(t, s, func(w control.Writer) error {
		other, err := w.IgnoredOrigins(site + 1)
		if len(other) != 0 {
			t.Errorf("another site ignores %+v", other)
		}
		wantMissing(t, "DeleteIgnoredOrigin of another site", w.DeleteIgnoredOrigin(site+1, "null"))
		if err == nil {
			err = w.DeleteIgnoredOrigin(site, "null")
		}
		return err
	})
	same(t, view(t, s, read), []control.IgnoredOrigin{newer})
	update(t, s, func(w control.Writer) error {
		wantMissing(t, "DeleteIgnoredOrigin", w.DeleteIgnoredOrigin(site, "null"))
		return nil
	})
}
