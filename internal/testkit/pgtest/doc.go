// Package pgtest starts real PostgreSQL clusters for tests, and breaks them: killed,
// hung, restarted, failed over to a standby, cut off from those who use them.
//
// A cluster lives in a temporary folder, listens on a free port of 127.0.0.1, asks for
// a random password, and ends with its test, or with the test's process, whatever
// becomes of that. PostgreSQL refuses to run as root: there it runs as the user
// postgres or nobody.
//
// A package whose tests need no faults shares one cluster and takes a database of it
// for each test:
//
//	func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }
//	func TestX(t *testing.T)    { url := pgtest.NewDatabase(t) }
package pgtest
