//go:build !amd64 || purego

package edi

// canChart tells that charts cannot be drawn, so that segments are read byte by byte.
const canChart = false

func survey(*[mapCount][mapSize]byte, *byte, int, *palette) {}

func sight(*byte, int, *gaze) int { return 0 }

func outline(*[mapCount][mapSize]byte, *byte, int, *[256]bool, *heard, *trap, *[spotCount]spot, *[endCount + dash]End) uint {
	return 0
}
