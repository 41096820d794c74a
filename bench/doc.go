// Bench compares Crossgate with its peers on the machine at hand, and prints tables of
// ratios: the gateway with a tuned httputil.ReverseProxy, the library with other CORS
// libraries, and requests that are unwrapped with the ordinary ones that they stand for.
// Run it with make bench; nothing here is part of the tests.
//
// Both sides of a ratio are measured in one run, in turn, many times, and medians are
// taken, because absolute figures mean little on another machine. What is measured is
// CPU time, which other programs disturb less than the clock on the wall.
//
// The Inspector is measured in two gateways of one process, of which one has it: CPU time per
// request, and the memory that is held after a flood of a million invented origins.
//
// Of a body of 1 GB, the memory of the gateway's process at most is told as well.
//
// The dashboard has no peer: the pages of its long lists are timed from the request to
// the end of the answer, over loopback, and stand beside the goals that they are to meet.
//
// Three parts are measured only where they are named. -part propagation starts 3 and 8
// nodes as processes on a PostgreSQL of their own, with 10,000 and 1,000,000 Trusted
// Domains, and times each change from its acknowledgement until every node has answered
// by it, under load: as it is, right after faults, and without notifications. -part fleet
// has 1,000 nodes in one process, and says what they cost PostgreSQL.
// -part size tells what lists of up to a million cost by themselves, in memory and in the
// time to make, to change and to look up in them, and then a node that starts with one.
package main
