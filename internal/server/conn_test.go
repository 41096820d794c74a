package server

import (
	"net"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// Writes have a deadline that is moved now and then, and never one that has passed;
// a deadline of somebody else's stands until it is taken back.
func TestWriteDeadlines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		at := time.Now()
		var set []time.Duration // from at; -1 for none
		c := &conn{Conn: deadlines{func(d time.Time) {
			if d.IsZero() {
				set = append(set, -1)
				return
			}
			set = append(set, d.Sub(at))
		}}, since: at}
		write := func(want ...time.Duration) {
			t.Helper()
			set = nil
			_, _ = c.Write(nil)
			if !slices.Equal(set, want) {
				t.Errorf("after %v: set %v, want %v", time.Since(at), set, want)
			}
		}
		time.Sleep(time.Second)
		write(time.Second + WriteStall)
		write()
		_ = c.SetWriteDeadline(time.Time{}) // as net/http does after each response
		time.Sleep(WriteStall/2 - 1)
		write()
		time.Sleep(time.Nanosecond)
		write(time.Second + WriteStall/2 + WriteStall)
		time.Sleep(10 * WriteStall)
		write(time.Second + WriteStall/2 + 11*WriteStall)

		set = nil
		_ = c.SetWriteDeadline(at)
		_, _ = c.Write(nil)
		_ = c.SetWriteDeadline(time.Time{})
		if !slices.Equal(set, []time.Duration{0, -1}) {
			t.Errorf("another's deadline: set %v", set)
		}
		write(time.Since(at) + WriteStall)
	})
}

// deadlines is a connection that tells which write deadlines it got.
type deadlines struct{ tell func(time.Time) }

func (d deadlines) SetWriteDeadline(t time.Time) error { d.tell(t); return nil }
func (deadlines) SetReadDeadline(time.Time) error      { return nil }
func (deadlines) SetDeadline(time.Time) error          { return nil }
func (deadlines) Write(b []byte) (int, error)          { return len(b), nil }
func (deadlines) Read([]byte) (int, error)             { return 0, net.ErrClosed }
func (deadlines) Close() error                         { return nil }
func (deadlines) LocalAddr() net.Addr                  { return nil }
func (deadlines) RemoteAddr() net.Addr                 { return nil }
