package store

import (
	"context"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

const (
	connectTimeout = 5 * time.Second // for each host, unless the address says otherwise

	// A peer that answers nothing is given up after about this long, by either end: so
	// a node that was cut off does not keep others from writing.
	peerIdle     = 10 * time.Second // before it is asked whether it is there
	peerInterval = 3 * time.Second  // between two such questions
	peerProbes   = 3                // questions
	peerSilence  = 20 * time.Second // for which what was sent may stay unacknowledged

	// maxIdleTransaction is how long a transaction may wait for its node in between.
	maxIdleTransaction = 30 * time.Second
)

// minServer is the oldest PostgreSQL that will do, as server_version_num. It has
// everything that the schema asks for, and is not maintained any more itself.
const minServer = 130000

// parseServer reads the address of a database as libpq and its kin do, and adds what
// it leaves open. The parser's own errors are not passed on: they quote what they could
// not read, and that may hold a password.
func parseServer(dsn string, wait time.Duration) (*pgx.ConnConfig, error) {
	config, err := pgx.ParseConfig(dsn)
	if err != nil || isMisread(dsn) {
		return nil, fault(CodeUnsupported, nil, "the address of the PostgreSQL database cannot be read; it looks like %s, with special characters of the password written as %%40 for @, and several hosts as HOST:PORT,HOST:PORT", "postgres://USER:PASSWORD@HOST:5432/DATABASE?sslmode=verify-full")
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectTimeout
	}
	dialer := &net.Dialer{
		Timeout:         config.ConnectTimeout,
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: peerIdle, Interval: peerInterval, Count: peerProbes},
		Control:         limitSilence,
	}
	config.DialFunc = dialer.DialContext
	if !asksForTarget(dsn) {
		config.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsReadWrite
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "crossgate"
	}
	config.AfterConnect = sessionSettings(config, wait)
	return config, nil
}

// isMisread reports whether an address has an @, a # or a slash in it that nobody has
// escaped, mostly of a password: what stands behind would be taken for the name of a host
// or of a database, and be told to whoever reads the log.
func isMisread(dsn string) bool {
	_, rest, _ := strings.Cut(dsn, "://")
	rest, query, _ := strings.Cut(rest, "?")
	authority, path, _ := strings.Cut(rest, "/")
	users := strings.Count(authority, "@")
	return users > 1 || strings.Contains(path, "@") || users == 0 && strings.Contains(query, "@") || strings.Contains(dsn, "#")
}

// asksForTarget reports whether an address says which of several servers is meant.
func asksForTarget(dsn string) bool {
	_, query, _ := strings.Cut(dsn, "?")
	values, _ := url.ParseQuery(query)
	return values.Has("target_session_attrs") || values.Has("service")
}

// sessionSettings makes each new connection what the promises rest on. What a person
// set in the address stays.
func sessionSettings(config *pgx.ConnConfig, wait time.Duration) func(context.Context, *pgconn.PgConn) error {
	settings := map[string]string{
		"lock_timeout":                        milliseconds(wait),
		"statement_timeout":                   milliseconds(maxTransaction),
		"idle_in_transaction_session_timeout": milliseconds(maxIdleTransaction),
		"jit":                                 "off", // takes longer than what it saves
		"tcp_keepalives_idle":                 seconds(peerIdle),
		"tcp_keepalives_interval":             seconds(peerInterval),
		"tcp_keepalives_count":                strconv.Itoa(peerProbes),
		"tcp_user_timeout":                    milliseconds(peerSilence),
	}
	var values []string
	for name, value := range settings {
		if _, given := config.RuntimeParams[name]; !given {
			values = append(values, "('"+name+"', '"+value+"')")
		}
	}
	// A server that does not know a setting does without. An acknowledged change is on
	// the disk, whatever the server's or the role's default is.
	statement := `
		SELECT set_config(s.name, v.value, false) FROM pg_settings s
		JOIN (VALUES ` + strings.Join(append(values, "('', '')"), ", ") + `) AS v (name, value) ON v.name = s.name;
		SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off';
		SELECT current_setting('server_version_num')`
	return func(ctx context.Context, conn *pgconn.PgConn) error {
		ctx, cancel := context.WithTimeout(ctx, config.ConnectTimeout)
		defer cancel()
		results, err := conn.Exec(ctx, statement).ReadAll()
		if err != nil {
			return err
		}
		return newEnough(string(results[len(results)-1].Rows[0][0]), conn.ParameterStatus("server_version"))
	}
}

func milliseconds(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

func seconds(d time.Duration) string { return strconv.Itoa(int(d / time.Second)) }

// newEnough refuses a server that is too old.
func newEnough(number, version string) error {
	if n, err := strconv.Atoi(number); err == nil && n < minServer {
		return fault(CodeUnsupported, nil, "the server is PostgreSQL %s, which is too old; use version %d or later", version, minServer/10000)
	}
	return nil
}

// where is the database's address for people: without a password.
func where(config *pgx.ConnConfig) string {
	return "postgres://" + hosts(config) + "/" + config.Database
}

// hosts are the servers that an address names, each once.
func hosts(config *pgx.ConnConfig) string {
	list := []string{hostPort(config.Host, config.Port)}
	for _, other := range config.Fallbacks { // with and without TLS: each host may be there twice
		if next := hostPort(other.Host, other.Port); next != list[len(list)-1] {
			list = append(list, next)
		}
	}
	return strings.Join(list, ",")
}

func hostPort(host string, port uint16) string {
	return net.JoinHostPort(host, strconv.Itoa(int(port)))
}

// toolURL is the address for PostgreSQL's own tools, which ask for the password.
func toolURL(config *pgx.ConnConfig) string {
	u := url.URL{Scheme: "postgres", User: url.User(config.User), Host: hosts(config), Path: "/" + config.Database}
	return u.String()
}
