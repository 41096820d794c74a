package control

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Limits of passwords (NIST SP 800-63B, section 3.1.1.2: length, no rules of
// composition), in characters and in bytes.
const (
	MinPassword = 12
	MaxPassword = 1024 // bytes
)

// commonPasswords are those of at least MinPassword characters that guessers try
// first, in lower case.
const commonPasswords = `
123456789012 1234567890123 12345678901234 123456789123 1234567891234 123456123456
123123123123 111111111111 000000000000 121212121212 987654321987 098765432109 012345678910
passwordpassword password1234 password12345 password123456 password123! password1234!
passw0rd1234 p@ssw0rd1234 p@ssword1234 mypassword123 newpassword1 changeme1234 changemenow!
letmeinletmein letmein12345 welcome12345 welcome123456 welcomewelcome adminadminadmin adminadmin12
administrator administrator1 admin1234567 admin12345678 rootrootroot root12345678
qwertyuiopas qwertyuiop12 qwertyuiop123 qwertyuiop[] qwertyqwerty qwerty123456 qwerty1234567
1qaz2wsx3edc 1q2w3e4r5t6y 1q2w3e4r5t6y7u zaq12wsxcde3 qazwsxedcrfv asdfghjkl123 asdfghjklqwe
zxcvbnm12345 abcdefghijkl abcd12345678 abc123abc123 abcdef123456 iloveyou1234 iloveyouiloveyou
sunshine1234 princess1234 football1234 baseball1234 monkey123456 dragon123456 superman1234
trustno1trustno1 correcthorsebatterystaple crossgate123 crossgate1234 crossgatecrossgate
`

// validPassword checks a new password for an account.
func validPassword(name, password string) error {
	switch lower := strings.ToLower(password); {
	case !utf8.ValidString(password):
		return refuse(CodeWeakPassword, "password", "the password is not UTF-8 text")
	case utf8.RuneCountInString(password) < MinPassword:
		return refuse(CodeWeakPassword, "password", fmt.Sprintf("the password is too short; use at least %d characters, several words for example", MinPassword))
	case len(password) > MaxPassword:
		return refuse(CodeWeakPassword, "password", fmt.Sprintf("the password is longer than %d bytes; shorten it", MaxPassword))
	case strings.Trim(strings.ReplaceAll(lower, name, ""), "0123456789.-_!@ ") == "":
		return refuse(CodeWeakPassword, "password", "the password is the account's name; choose another one")
	case isCommon(lower):
		return refuse(CodeWeakPassword, "password", "the password is one of those that guessers try first; choose another one")
	}
	return nil
}

// isCommon reports whether a password is on the list, or is one character repeated.
func isCommon(lower string) bool {
	first, _ := utf8.DecodeRuneInString(lower)
	if strings.Trim(lower, string(first)) == "" {
		return true
	}
	for common := range strings.FieldsSeq(commonPasswords) {
		if common == lower {
			return true
		}
	}
	return false
}
