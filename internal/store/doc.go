// Package store keeps control's records in SQL: at present in an SQLite file.
//
// Promises:
//
//   - What was acknowledged is on the disk (write-ahead log, synchronous=FULL).
//   - The file and its companions (-wal, -shm) are readable by their owner alone.
//   - A file that is not Crossgate's is never changed, and one that is damaged,
//     emptied or exchanged under a running process is reported, not read on.
//
// The statements are written for SQLite and PostgreSQL alike: $1 placeholders,
// RETURNING, ON CONFLICT, and no function that only one of them has.
package store
