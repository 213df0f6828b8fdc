// Package measure runs benchmarks by the processor time that they use, beside a
// yardstick of fixed work.
//
// # How to read what it prints
//
// MB/cpu-s are megabytes for each second of a processor: what others do on the
// machine while the benchmark waits is not counted. What they do while it runs
// still is, since processors share caches, clock and, as hyperthreads, their
// arithmetic; so the same program can give half as much a minute later.
//
// The yardstick is a loop that looks up each byte of a block in a table, which is
// the least that any lexer does. It runs before each round of the benchmark and
// suffers from all the same. yard-MB/cpu-s is how fast it was just then, and
// "yards" is how the benchmark compares: 0.5 means that half as many bytes passed
// through it as through the yardstick in the same time. Of all rounds it is the
// median. Figures of different minutes, and as far as processors are alike those
// of different machines, are compared by their yards; MB/cpu-s tell whether a bar
// is met only where yard-MB/cpu-s is what an idle machine gives.
package measure
