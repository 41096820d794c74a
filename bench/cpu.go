package main

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// ownCPU returns the CPU time that this process has used, garbage collection included.
func ownCPU() time.Duration { return usage(unix.RUSAGE_SELF) }

func usage(who int) time.Duration {
	var used unix.Rusage
	if err := unix.Getrusage(who, &used); err != nil {
		panic(err) // it cannot fail with these arguments
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// cpuOf returns the CPU time that all threads of another process have used
// (/proc/PID/task/TID/schedstat, first field, in nanoseconds).
func cpuOf(pid int) (time.Duration, error) {
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	if err != nil {
		return 0, err
	}
	var total time.Duration
	for _, thread := range threads {
		var used time.Duration
		text, err := os.ReadFile(thread)
		if err != nil {
			return 0, err
		}
		if _, err := fmt.Sscan(string(text), &used); err != nil {
			return 0, fmt.Errorf("%s: %w", thread, err)
		}
		total += used
	}
	return total, nil
}

// calibrate returns the CPU time of a fixed piece of work on the engines' CPU. Divided
// by it, a figure no longer depends on how fast that CPU happened to be meanwhile.
func calibrate() (unit time.Duration) {
	block := make([]byte, 1<<20)
	_ = pinned(cpuOfEngines, func() error { // never fails: the work does not
		start := usage(unix.RUSAGE_THREAD)
		for range 20 {
			sha256.Sum256(block)
		}
		unit = usage(unix.RUSAGE_THREAD) - start
		return nil
	})
	return unit
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
