//go:build amd64 && !purego

package edi

import "golang.org/x/sys/cpu"

// canChart tells whether the processor can draw charts.
var canChart = cpu.X86.HasAVX2 && cpu.X86.HasBMI1 && cpu.X86.HasBMI2 && cpu.X86.HasPOPCNT

// survey draws the maps of so many strips from src on.
//
//go:noescape
func survey(maps *[mapCount][mapSize]byte, src *byte, strips int, p *palette)

// sight is how far behind src what is searched for is first seen, or how many bytes so many
// strips have. It looks at a byte before src and one behind the strips.
//
//go:noescape
func sight(src *byte, strips int, what *gaze) int

// outline lists the segments that begin at src and not behind byte last, as far
// as the maps show their ends, and returns how many there are.
//
//go:noescape
func outline(maps *[mapCount][mapSize]byte, src *byte, last int, gaps *[256]bool, leads *heard, t *trap, spots *[spotCount]spot, ends *[endCount + dash]End) (count uint)
