// Package control is the control plane: what an administrator may ask. Records,
// rules, audit, and the Store interface that it needs.
//
// Promises:
//
//   - A change, its audit row, and the new revision are written in one
//     transaction, or not at all.
//   - A call that made a change returns when this node decides by it.
//   - No secret is kept: passwords as argon2id, all others as SHA-256.
package control

// DefaultSite is the name of the site that is always there.
const DefaultSite = "default"

// DefaultSiteID is the identifier of [DefaultSite] in every store.
const DefaultSiteID int64 = 1
