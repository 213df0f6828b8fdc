package edi

import "encoding/binary"

// chart says of each byte in a stretch of the input, by one bit in a map of each
// kind, what it is to the lexer, and lists the segments that it found by them.
// The maps are drawn for the whole stretch at a time, many bytes at once.
//
// A chart is drawn only from where a segment begins: what a release character
// protects depends on where one begins to read. It is told by offsets in the
// input, so that it stays right when the buffer moves.
type chart struct {
	palette palette
	from    int64 // offset of the first byte
	size    int   // bytes that it covers
	reach   int   // bytes that the next one may cover
	next    uint  // of the spots
	count   uint  // of them
	left    uint  // where the spots were left, if something else has found segments since
	trap    trap
	maps    [mapCount][mapSize]byte
	spots   [spotCount]spot
	ends    [endCount + dash]End // where the elements end in the segments of all spots
}

// spot is where a segment lies in a chart.
type spot struct {
	at          uint16 // in the chart, its gap included
	gap, end    uint16 // where gap and segment end, counted from there
	first, last uint16 // where its ends stand: that of the tag is the first, that of the segment the one before the last
	care        uint8  // zero if nothing needs a closer look
	flags       uint8  // what its classes depend on
	tag         Tag
}

// trap tells which segments may hold a header: those of more than so many
// elements and tag, and those that have such a letter eight bytes before their end.
type trap struct {
	most   uint64
	letter byte
}

// What has to be taken care of in a segment, beside its lead, which stands in the
// lowest bits.
const (
	careLead = 1<<2 - 1
	careFar  = 1 << 2 // it is so long that its elements are not listed
	careTrap = 1 << 3 // it may hold a header
	careOdd  = 1 << 4 // some of its bytes are odd
)

// What the classes of a segment depend on.
const (
	hasComponents = 1 << iota
	hasSymbols
)

// The maps of a chart, in the order in which survey draws them.
const (
	mapElements   = iota // element separators
	mapEnds              // terminators
	mapComponents        // component separators
	mapReleases          // release characters, those that are released themselves as well
	mapSymbols           // characters of the classes Basic and Extended
	mapOdd               // what has to be looked at: control characters, high and foreign bytes, repetitions, releases
	mapCount
)

const (
	// surveyed is how many bytes a chart covers at most: they, the maps and the
	// table of marks stay in the cache next to the processor.
	surveyed = 2048
	// reachFirst is how many the first one of an interchange covers, which may be
	// short. Each further one covers twice as many.
	reachFirst = 256
	// spotCount and endCount are how many segments and elements it has room for, more
	// than nearly all files have in a stretch. It ends where there is no more room.
	spotCount = 128
	endCount  = 1024
	// strip is how many bytes are surveyed at a time.
	strip = 64
	// glimpsed is how many bits at least are seen when a map is looked at.
	glimpsed = 56
	// farthest is how long a segment may be to have its elements listed.
	farthest = dash - dash%glimpsed
	// mapSize has room for the bits that are seen behind the last byte.
	mapSize = surveyed/8 + 8
)

// palette is what the bytes of a chart are held against. A set of characters
// below 0x80 is a row of sixteen bytes: bit h of byte l stands for the
// character whose upper half is h and whose lower half is l.
type palette struct {
	element, terminator, component, release byte

	nibble  byte // 0x0f
	_       [11]byte
	odd     [16]byte
	symbols [16]byte
	bit     [16]byte // 1<<h for h below eight, else zero
}

// paint makes the palette for delimiters and the table of marks that belongs to
// them. Where two are the same byte, the table has decided what it is.
func (p *palette) paint(d Delimiters, m *marks) {
	*p = palette{element: d.Element, terminator: d.Terminator[0], component: d.Component, nibble: 0x0f}
	if d.Component == 0 || m[d.Component] != uint64(Composed)<<classShift {
		p.component = p.terminator // which no segment has
	}
	if d.Release != 0 && m[d.Release] == markRelease {
		p.release = d.Release
	}
	for h := range 8 {
		p.bit[h] = 1 << h
		for l := range p.odd {
			b := m[h<<4|l]
			c := Class(b >> classShift & uint64(allClasses))
			if b == markRelease || b&(markEnd|markElement) == 0 && c&^usualClasses != 0 {
				p.odd[l] |= 1 << h
			}
			if b&(markEnd|markElement) == 0 && c&(Basic|Extended) != 0 {
				p.symbols[l] |= 1 << h
			}
		}
	}
}

// plainly are the classes that any segment is taken to have, and usualClasses
// those that are no reason to look closer.
const (
	plainly      = Digit | Upper | Lower | Space | Minus | Dot
	usualClasses = plainly | Basic | Extended | Composed
)

// begin forgets what was drawn for other delimiters.
func (c *chart) begin(std Standard, d Delimiters) {
	c.size, c.next, c.count, c.left, c.reach = 0, 0, 0, 0, reachFirst
	if c.trap = (trap{most: 16}); std == EDIFACT {
		c.trap = trap{most: 4, letter: 'U'}
	} else if d.Terminator != "" {
		c.trap.letter = d.Terminator[0] // which no segment has
	}
}

// draw makes the chart of the beginning of w, with which a segment begins. False
// means that there is no whole segment in sight.
func (r *Reader) draw(w []byte) bool {
	c := &r.chart
	strips := min(len(w), c.reach) / strip
	c.from, c.size, c.next, c.count, c.left = r.offset, strips*strip, 0, 0, 0
	if strips == 0 {
		return false
	}
	c.reach = min(2*c.reach, surveyed)
	r.work += int64(c.size)
	survey(&c.maps, &w[0], strips, &c.palette)
	if c.palette.release != 0 {
		c.protect(strips)
	}
	binary.LittleEndian.PutUint64(c.maps[mapEnds][c.size/8:], 0)
	c.count = outline(&c.maps, &w[0], c.size-4, &r.isGap, &r.leads, &c.trap, &c.spots, &c.ends)
	c.left = c.count
	return c.count > 0
}

// protect takes the bytes that stand behind release characters out of the maps
// of delimiters.
func (c *chart) protect(strips int) {
	over := uint64(0) // the first byte of the next strip is protected
	for i := 0; i < 8*strips; i += 8 {
		releases := binary.LittleEndian.Uint64(c.maps[mapReleases][i:]) &^ over
		protected := over
		for over = 0; releases != 0; {
			r := releases & -releases
			protected |= r << 1
			over |= r >> 63
			releases &^= r | r<<1
		}
		if protected == 0 {
			continue
		}
		for _, m := range [...]*[mapSize]byte{&c.maps[mapElements], &c.maps[mapEnds], &c.maps[mapComponents]} {
			binary.LittleEndian.PutUint64(m[i:], binary.LittleEndian.Uint64(m[i:])&^protected)
		}
	}
}
