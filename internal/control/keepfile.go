package control

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// keptMode is who may read and write what is kept: its owner.
const keptMode fs.FileMode = 0o600

// openKept opens and locks the file of the head, and makes it where there is none.
func openKept(name string) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, keptMode)
	if err != nil {
		return nil, err
	}
	err = lockKept(f)
	if err == nil {
		err = syncFolder(filepath.Dir(name)) // the name is to be there after a power cut, too
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// putKeptWorld writes a world into another file, makes it durable, and puts it in the
// place of the one that is there.
func putKeptWorld(name, database string, w *world) (err error) {
	f, err := os.OpenFile(name+keepNew, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, keptMode)
	if err != nil {
		return err
	}
	if err := errors.Join(f.Chmod(keptMode), writeWorld(f, database, w), f.Sync(), f.Close()); err != nil {
		return errors.Join(fmt.Errorf("%s: %w", name, err), os.Remove(name+keepNew))
	}
	if err := os.Rename(name+keepNew, name); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(name))
}

// load returns what this node decided by last, and when it last knew that to be current.
// The error says why there is nothing of use, and what to do.
func (k *keeper) load() (*world, time.Time, error) {
	w, confirmed, err := k.loaded()
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("the snapshot %s cannot be started from: %w", k.File, err)
	}
	return w, confirmed, nil
}

// Usable says why there is no snapshot to start from, or nil.
func (k Keep) Usable(now time.Time) error {
	if k.File == "" {
		return errors.New("no snapshot is kept")
	}
	if _, err := os.Stat(k.File); err != nil {
		return err // and no file is made beside it
	}
	reader := newKeeper(k, func() time.Time { return now })
	defer reader.close()
	_, _, err := reader.load()
	return err
}

func (k *keeper) loaded() (*world, time.Time, error) {
	if err := k.begin(); err != nil {
		return nil, time.Time{}, err
	}
	k.mu.Lock()
	file := k.file
	k.mu.Unlock()
	if file == nil {
		return nil, time.Time{}, errKeptByAnother
	}
	served, err := keptHeadIn(file)
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("%s: %w", k.File+keepHead, err)
	}
	if err := k.recent(served.confirmed); err != nil {
		return nil, time.Time{}, err
	}
	title, w, err := keptWorldIn(k.File)
	switch {
	case err != nil:
		return nil, time.Time{}, err
	case title.Database != k.Database:
		return nil, time.Time{}, errors.New("it is of another database than --database names")
	case title.head() != served.head:
		return nil, time.Time{}, fmt.Errorf("it is of revision %d, and this node has served revision %d since: what was revoked between would be let in again", title.Revision, served.head.Revision)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.wanted.head == (Head{}) { // nothing newer was announced while this was read
		k.kept, k.wanted = served.head, served
	}
	return w, served.confirmed, nil
}

// recent reports whether what was current at a time may be started from now.
func (k *keeper) recent(confirmed time.Time) error {
	switch age := k.clock().Sub(confirmed); {
	case age > k.MaxAge:
		return fmt.Errorf("it was last known to be current %s ago, and may be %s old at most; --snapshot-max-age gives another limit", age.Round(time.Second), k.MaxAge)
	case age < -keepFuture:
		return errors.New("it is from the future: the clock of this machine is wrong, or was; set it right")
	}
	return nil
}

// keptWorldIn reads a file, all of it or nothing.
func keptWorldIn(name string) (title, *world, error) {
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return title{}, nil, errors.New("there is none")
	}
	if err != nil {
		return title{}, nil, err
	}
	defer f.Close()
	if err := onlyOwnerWrites(f); err != nil {
		return title{}, nil, err
	}
	return readKeptWorld(f)
}

// syncFolder makes the names in a folder durable.
func syncFolder(name string) error {
	d, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
