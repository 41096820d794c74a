package gate

import "strings"

// OwnPrefix is what the paths of the gate's own resources have before their names.
const OwnPrefix = "/.crossgate/"

// TicketName is the name of the resource that makes tickets.
const TicketName = "ticket"

// OwnName returns the name of the resource of the gate's own that a decoded path may be
// that of, or "". Such a resource is to be had below any path, so that a page that knows
// no more than the address of its API, which may begin with a path, finds that API's.
// The path has nothing else in it that another server could read differently.
func OwnName(path string) string {
	if !strings.HasSuffix(path, "/"+TicketName) && !strings.HasSuffix(path, ".js") {
		return "" // nearly all, and found out cheaply
	}
	i := strings.Index(path, OwnPrefix)
	if i < 0 || strings.Contains(path, "//") || strings.Contains(path, "/./") || strings.Contains(path, "/../") {
		return ""
	}
	return path[i+len(OwnPrefix):]
}
