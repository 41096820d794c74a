package store

import (
	"errors"
	"math"
	"time"

	"github.com/crossgate/crossgate/internal/control"
)

// Traffic returns all counts.
func (t tx) Traffic(site int64) ([]control.TrafficCount, error) {
	return collect(t, scanTraffic, `SELECT span, start, name, hits FROM traffic WHERE site_id = $1`, site)
}

func scanTraffic(row scanner) (c control.TrafficCount, err error) {
	var span, start int64
	err = row.Scan(&span, &start, &c.Name, &c.Hits)
	c.Span, c.Start = time.Duration(span)*time.Second, time.Unix(start, 0).UTC()
	return c, err
}

// AddTraffic adds to a count.
func (t tx) AddTraffic(site int64, c control.TrafficCount) error {
	return t.exec(`
		INSERT INTO traffic (site_id, span, start, name, hits) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (site_id, span, start, name) DO UPDATE SET hits = traffic.hits + excluded.hits`,
		site, int64(c.Span/time.Second), c.Start.Unix(), c.Name, c.Hits)
}

// OriginDays returns what origins did since a day, those with the most hits first.
func (t tx) OriginDays(site int64, since time.Time) ([]control.OriginDay, error) {
	return collect(t, scanOriginDay, `
		SELECT day, origin, let_in, hits, first_seen, last_seen FROM origin_day
		WHERE site_id = $1 AND day >= $2 ORDER BY hits DESC, day DESC, origin, let_in`, site, dayOf(since))
}

func scanOriginDay(row scanner) (d control.OriginDay, err error) {
	var day int64
	err = row.Scan(&day, &d.Origin, &d.LetIn, &d.Hits, (*moment)(&d.First), (*moment)(&d.Last))
	d.Day = time.Unix(day*secondsOfDay, 0).UTC()
	return d, err
}

const secondsOfDay = 24 * 60 * 60

// dayOf is the number of a day since 1970, UTC.
func dayOf(at time.Time) int64 { return at.Unix() / secondsOfDay }

// AddOriginDay adds to what an origin did in a day.
func (t tx) AddOriginDay(site int64, d control.OriginDay) error {
	return t.exec(`
		INSERT INTO origin_day (site_id, day, origin, let_in, hits, first_seen, last_seen) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (site_id, day, origin, let_in) DO UPDATE SET
			hits = origin_day.hits + excluded.hits,
			first_seen = CASE WHEN excluded.first_seen < origin_day.first_seen
				THEN excluded.first_seen ELSE origin_day.first_seen END,
			last_seen = CASE WHEN excluded.last_seen > origin_day.last_seen
				THEN excluded.last_seen ELSE origin_day.last_seen END`,
		site, dayOf(d.Day), d.Origin, d.LetIn, d.Hits, moment(d.First), moment(d.Last))
}

// RefusedOrigins returns the origins that were not trusted, those with the most hits
// first.
func (t tx) RefusedOrigins(site int64) ([]control.RefusedOrigin, error) {
	return collect(t, scanRefusedOrigin, `
		SELECT origin, hits, uncertain, first_seen, last_seen, reason, paths FROM refused_origin
		WHERE site_id = $1 ORDER BY hits DESC, last_seen DESC, origin`, site)
}

func scanRefusedOrigin(row scanner) (o control.RefusedOrigin, err error) {
	err = row.Scan(&o.Origin, &o.Hits, &o.Uncertain, (*moment)(&o.First), (*moment)(&o.Last), &o.Reason, (*array[string])(&o.Paths))
	return o, err
}

// AddRefusedOrigin adds to what is known of an origin that was not trusted.
func (t tx) AddRefusedOrigin(site int64, o control.RefusedOrigin) error {
	return t.exec(`
		INSERT INTO refused_origin (site_id, origin, hits, uncertain, first_seen, last_seen, reason, paths)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (site_id, origin) DO UPDATE SET
			hits = refused_origin.hits + excluded.hits,
			uncertain = refused_origin.uncertain + excluded.uncertain,
			first_seen = CASE WHEN excluded.first_seen < refused_origin.first_seen
				THEN excluded.first_seen ELSE refused_origin.first_seen END,
			last_seen = CASE WHEN excluded.last_seen > refused_origin.last_seen
				THEN excluded.last_seen ELSE refused_origin.last_seen END,
			reason = excluded.reason,
			paths = excluded.paths`,
		site, o.Origin, o.Hits, o.Uncertain, moment(o.First), moment(o.Last), o.Reason, array[string](o.Paths))
}

// PruneSightings drops what is too old or in the future, and then the rows with the fewest
// hits.
func (t tx) PruneSightings(site int64, k control.Kept) error {
	if err := t.pruneFuture(site, k); err != nil {
		return err
	}
	for _, old := range []struct {
		statement string
		before    any
	}{
		{`DELETE FROM traffic WHERE site_id = $1 AND span = 60 AND start < $2`, k.Minutes.Unix()},
		{`DELETE FROM traffic WHERE site_id = $1 AND span = 3600 AND start < $2`, k.Hours.Unix()},
		{`DELETE FROM origin_day WHERE site_id = $1 AND day < $2`, dayOf(k.Origins)},
		{`DELETE FROM refused_origin WHERE site_id = $1 AND last_seen < $2`, moment(k.Origins)},
	} {
		if err := t.exec(old.statement, site, old.before); err != nil {
			return err
		}
	}
	return t.pruneRows(site, k)
}

// pruneFuture drops what a clock has counted that was set back since. Refused origins are
// no spans of time: they stay, and grow old from now on.
func (t tx) pruneFuture(site int64, k control.Kept) error {
	return errors.Join(
		t.exec(`DELETE FROM traffic WHERE site_id = $1 AND start > $2`, site, k.Latest.Unix()),
		t.exec(`DELETE FROM origin_day WHERE site_id = $1 AND day > $2`, site, dayOf(k.Latest)),
		t.exec(`UPDATE refused_origin SET last_seen = $2,
			first_seen = CASE WHEN first_seen > $2 THEN $2 ELSE first_seen END
			WHERE site_id = $1 AND last_seen > $3`, site, moment(k.Now), moment(k.Latest)),
	)
}

// pruneRows drops the rows that are over the limits. Most of the time there are none,
// which counting finds out without sorting.
func (t tx) pruneRows(site int64, k control.Kept) error {
	for _, rows := range []struct {
		count, drop string
		most        int
	}{
		{
			`SELECT count(*) FROM traffic WHERE site_id = $1`,
			`DELETE FROM traffic WHERE site_id = $1 AND (span, start, name) IN (
				SELECT span, start, name FROM traffic WHERE site_id = $1
				ORDER BY hits DESC, start DESC, span, name LIMIT $2 OFFSET $3)`,
			k.MaxTraffic,
		},
		{
			`SELECT count(*) FROM origin_day WHERE site_id = $1 AND let_in = 1`,
			`DELETE FROM origin_day WHERE site_id = $1 AND let_in = 1 AND (day, origin) IN (
				SELECT day, origin FROM origin_day WHERE site_id = $1 AND let_in = 1
				ORDER BY hits DESC, day DESC, origin LIMIT $2 OFFSET $3)`,
			k.LetInDays,
		},
		{
			`SELECT count(*) FROM origin_day WHERE site_id = $1 AND let_in = 0`,
			`DELETE FROM origin_day WHERE site_id = $1 AND let_in = 0 AND (day, origin) IN (
				SELECT day, origin FROM origin_day WHERE site_id = $1 AND let_in = 0
				ORDER BY hits DESC, day DESC, origin LIMIT $2 OFFSET $3)`,
			k.RefusedDays,
		},
		{
			`SELECT count(*) FROM refused_origin WHERE site_id = $1`,
			`DELETE FROM refused_origin WHERE site_id = $1 AND origin IN (
				SELECT origin FROM refused_origin WHERE site_id = $1
				ORDER BY hits DESC, last_seen DESC, origin LIMIT $2 OFFSET $3)`,
			k.MaxRefused,
		},
	} {
		var have int
		if err := t.row(rows.count, site).Scan(&have); err != nil {
			return err
		}
		if have <= rows.most {
			continue
		}
		if err := t.exec(rows.drop, site, int64(math.MaxInt64), rows.most); err != nil {
			return err
		}
	}
	return nil
}
