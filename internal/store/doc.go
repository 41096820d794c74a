// Package store keeps control's records in SQL: in an SQLite file, or in a PostgreSQL
// database that several nodes share.
//
// Promises:
//
//   - What was acknowledged is on the disk (SQLite: write-ahead log, synchronous=FULL;
//     PostgreSQL: synchronous_commit is never off).
//   - The file and its companions (-wal, -shm) are readable by their owner alone. A
//     server's password is in no error and no log.
//   - A database that is not Crossgate's is never changed, and one that is damaged,
//     emptied or exchanged under a running process is reported, not read on.
//   - A server that is away, hung or failed over is an error that says so, within the
//     caller's deadline, and is used again when it is back.
//
// The statements are the same for both: $1 placeholders, RETURNING, ON CONFLICT, truths
// as 0 and 1, and no function that only one of them has. What differs is beside them:
// sqlite*.go and file.go for the one, postgres.go and pg*.go for the other.
package store
