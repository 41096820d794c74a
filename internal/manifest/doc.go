// Package manifest is sites as a file: YAML that people keep under version control, with
// where each site is found, its policy, its Trusted Domains and its members.
//
// Promises:
//
//   - What is written is read again as the same, and written again as the same bytes.
//   - There is no secret in it.
//   - Whatever is not understood is a mistake with its line; nothing is passed over.
package manifest

// Version is the version of the format, which a file begins with.
const Version = 1

// MaxSize is the size of a file that is read, in bytes.
const MaxSize = 128 << 20
