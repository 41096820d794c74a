package token_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/crossgate/crossgate/token"
)

func TestMintedKeysParse(t *testing.T) {
	k, err := token.MintKey(strings.NewReader("0123456789abcdef0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := token.ParseKey(k.Reveal())
	if err != nil || parsed != k || parsed.Digest() != k.Digest() || len(k.Reveal()) != token.Length {
		t.Errorf("ParseKey of a minted key: %v, %v", parsed, err)
	}
	if !token.IsOurs(k.Reveal()) {
		t.Error("a key is not known as Crossgate's: it could be forwarded")
	}
}

// A key is no token, and a token no key, although they are made in the same way.
func TestKeysAndTokensAreToldApart(t *testing.T) {
	const random = "0123456789abcdef0123456789abcdef"
	tok := mint(t, random).Reveal()
	k, err := token.MintKey(strings.NewReader(random))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := token.Parse(k.Reveal()); err == nil {
		t.Error("a key is taken for a token")
	}
	for _, bad := range []string{tok, "", "cga_", k.Reveal() + "0", k.Reveal()[1:], strings.Replace(k.Reveal(), "cga_", "CGA_", 1)} {
		if _, err := token.ParseKey(bad); err == nil {
			t.Errorf("ParseKey accepts %q", bad)
		}
	}
}

func TestKeysDoNotSlipIntoText(t *testing.T) {
	k, err := token.MintKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	secret := k.Reveal()[len(token.KeyPrefix):]
	if text := fmt.Sprintf("%v %s %q %+v %#v", k, k, k, k, k); strings.Contains(text, secret) {
		t.Errorf("the secret is shown: %s", text)
	}
}
