package main

import (
	"fmt"
	"os"
	"runtime/pprof"
	"syscall"
)

func init() {
	if p := os.Getenv("ZZ"); p != "" {
		f, _ := os.Create(p)
		pprof.StartCPUProfile(f)
	}
}

func zzStop() {
	pprof.StopCPUProfile()
	var s, c syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &s)
	syscall.Getrusage(syscall.RUSAGE_CHILDREN, &c)
	fmt.Fprintln(os.Stderr, "self", s.Utime.Usec/1000+s.Utime.Sec*1000, s.Stime.Usec/1000+s.Stime.Sec*1000, "children", c.Utime.Usec/1000+c.Utime.Sec*1000, c.Stime.Usec/1000+c.Stime.Sec*1000)
}
