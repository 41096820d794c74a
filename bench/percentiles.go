package main

import (
	"fmt"
	"slices"
	"time"
)

// percentiles are the cells of some times: median, 99 %, most, and how many there are.
func percentiles(times []time.Duration) []string {
	if len(times) == 0 {
		return []string{"–", "–", "–", "0"}
	}
	slices.Sort(times)
	at := func(part float64) string { return millis(times[min(len(times)-1, int(part*float64(len(times))))]) }
	return []string{at(0.5), at(0.99), millis(times[len(times)-1]), fmt.Sprint(len(times))}
}

func millis(d time.Duration) string {
	return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
}
