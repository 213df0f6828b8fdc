//go:build !linux

package policy

import "time"

var clockStart = time.Now()

// cpuClock is the time of day where there is no clock of a thread's work.
func cpuClock() time.Duration { return time.Since(clockStart) }
