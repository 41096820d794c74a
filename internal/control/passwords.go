package control

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// The cost of a password (OWASP's least for argon2id), and how many are computed
// at once: together they bound the memory that signing in can take.
const (
	argonMemory  = 19 * 1024 // KiB
	argonTime    = 2         // passes
	argonThreads = 1
	argonSalt    = 16 // bytes
	argonKey     = 32 // bytes
	argonAtOnce  = 2  // computations
)

// The most that a stored password may ask for, so that a damaged record cannot
// take the machine down.
const (
	maxArgonMemory = 1 << 20 // KiB
	maxArgonTime   = 16
)

// errPasswordRecord is a stored password that cannot be read.
var errPasswordRecord = errors.New("the stored password is no argon2id PHC string")

// passwords makes and checks stored passwords, a few at a time.
type passwords struct {
	rand  func([]byte)
	slots chan struct{}
	decoy string // what the password of an unknown account is checked against
}

func newPasswords(rand func([]byte)) *passwords {
	p := &passwords{rand: rand, slots: make(chan struct{}, argonAtOnce)}
	salt, key := make([]byte, argonSalt), make([]byte, argonKey)
	rand(salt)
	rand(key)
	p.decoy = phc(salt, key)
	return p
}

// hash returns a password as it is stored.
func (p *passwords) hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, argonSalt)
	p.rand(salt)
	key, err := p.compute(ctx, password, salt, argonTime, argonMemory, argonThreads, argonKey)
	return phc(salt, key), err
}

// check reports whether a password is the stored one.
func (p *passwords) check(ctx context.Context, password, stored string) (bool, error) {
	salt, want, time, memory, threads, err := parsePHC(stored)
	if err != nil {
		return false, err
	}
	got, err := p.compute(ctx, password, salt, time, memory, threads, uint32(len(want)))
	return err == nil && subtle.ConstantTimeCompare(got, want) == 1, err
}

// compute waits for its turn.
func (p *passwords) compute(ctx context.Context, password string, salt []byte, time, memory uint32, threads uint8, size uint32) ([]byte, error) {
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return argon2.IDKey([]byte(password), salt, time, memory, threads, size), nil
}

var b64 = base64.RawStdEncoding

// phc writes parameters, salt and key as a PHC string.
func phc(salt, key []byte) string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version,
		argonMemory, argonTime, argonThreads, b64.EncodeToString(salt), b64.EncodeToString(key))
}

func parsePHC(s string) (salt, key []byte, time, memory uint32, threads uint8, err error) {
	fields := strings.Split(s, "$")
	if len(fields) != 6 || fields[0] != "" || fields[1] != "argon2id" || fields[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return nil, nil, 0, 0, 0, errPasswordRecord
	}
	if _, err := fmt.Sscanf(fields[3], "m=%d,t=%d,p=%d", &memory, &time, &threads); err != nil {
		return nil, nil, 0, 0, 0, errPasswordRecord
	}
	salt, saltErr := b64.DecodeString(fields[4])
	key, keyErr := b64.DecodeString(fields[5])
	if saltErr != nil || keyErr != nil || len(key) < argonKey || threads == 0 || time == 0 ||
		time > maxArgonTime || memory > maxArgonMemory {
		return nil, nil, 0, 0, 0, errPasswordRecord
	}
	return salt, key, time, memory, threads, nil
}
