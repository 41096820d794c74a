package main

import (
	"crypto/sha256"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// tick is the unit of the times in /proc/PID/stat (USER_HZ, which is 100 on every
// architecture that Go runs Linux on).
const tick = 10 * time.Millisecond

// ownCPU returns the CPU time that this process has used, garbage collection included.
func ownCPU() time.Duration { return usage(unix.RUSAGE_SELF) }

func usage(who int) time.Duration {
	var used unix.Rusage
	if err := unix.Getrusage(who, &used); err != nil {
		panic(err) // it cannot fail with these arguments
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// cpuOf returns the CPU time that another process has used (proc(5), fields utime and stime).
func cpuOf(pid int) (time.Duration, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	// The second field, the program's name, may hold anything and ends with the last ")".
	_, rest, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(rest)
	const utime, stime = 14 - 3, 15 - 3 // counted from the third field
	if len(fields) <= stime {
		return 0, fmt.Errorf("cannot read the CPU time of process %d", pid)
	}
	user, err := strconv.Atoi(fields[utime])
	if err != nil {
		return 0, err
	}
	system, err := strconv.Atoi(fields[stime])
	if err != nil {
		return 0, err
	}
	return time.Duration(user+system) * tick, nil
}

// calibrate returns the CPU time of a fixed piece of work. Divided by it, a figure no
// longer depends on the clock rate that the machine happened to run at meanwhile.
func calibrate() time.Duration {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	block := make([]byte, 1<<20)
	start := usage(unix.RUSAGE_THREAD)
	for range 20 {
		sha256.Sum256(block)
	}
	return usage(unix.RUSAGE_THREAD) - start
}

// pinned calls start on one CPU, so that the processes that it starts stay there.
// Where the system has no such CPU, or forbids it, they run anywhere.
func pinned(cpu int, start func() error) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var before, one unix.CPUSet
	if unix.SchedGetaffinity(0, &before) != nil {
		return start()
	}
	one.Set(cpu)
	if unix.SchedSetaffinity(0, &one) == nil {
		defer unix.SchedSetaffinity(0, &before)
	}
	return start()
}

// keepOff moves this process, all threads of it, away from one CPU, which is then for
// the engines alone. A machine with a single CPU is shared.
func keepOff(cpu int) error {
	threads, err := os.ReadDir("/proc/self/task")
	if err != nil {
		return err
	}
	var others unix.CPUSet
	if err := unix.SchedGetaffinity(0, &others); err != nil {
		return err
	}
	others.Clear(cpu)
	if others.Count() == 0 {
		return nil
	}
	for _, thread := range threads {
		id, err := strconv.Atoi(thread.Name())
		if err != nil {
			return err
		}
		if err := unix.SchedSetaffinity(id, &others); err != nil {
			return err
		}
	}
	runtime.GOMAXPROCS(others.Count())
	return nil
}
