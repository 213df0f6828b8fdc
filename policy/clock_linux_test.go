package policy

import (
	"time"

	"golang.org/x/sys/unix"
)

// cpuClock tells how long the thread has worked. What others do on the machine
// meanwhile does not count.
func cpuClock() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t); err != nil {
		panic(err)
	}
	return time.Duration(t.Nano())
}
