package edi

// Tag is a segment's identifier, up to four bytes packed into a number so that
// comparing, switching and looking up cost nothing. The zero Tag belongs to no
// segment: an empty or overlong identifier has it, and Segment.TagBytes shows
// what really stood there.
type Tag uint32

// TagOf packs name. It returns zero when name is empty or longer than four bytes.
func TagOf(name string) Tag {
	if len(name) > 4 {
		return 0
	}
	var t Tag
	for i := range len(name) {
		t = t<<8 | Tag(name[i])
	}
	return t
}

func tagOfBytes(b []byte) Tag {
	switch len(b) {
	case 3:
		return Tag(b[0])<<16 | Tag(b[1])<<8 | Tag(b[2])
	case 2:
		return Tag(b[0])<<8 | Tag(b[1])
	case 1:
		return Tag(b[0])
	case 4:
		return Tag(b[0])<<24 | Tag(b[1])<<16 | Tag(b[2])<<8 | Tag(b[3])
	}
	return 0
}

// String unpacks the tag.
func (t Tag) String() string {
	var b [4]byte
	n := 4
	for t != 0 {
		n--
		b[n] = byte(t)
		t >>= 8
	}
	return string(b[n:])
}

// The tags of the envelopes.
const (
	ISA Tag = 'I'<<16 | 'S'<<8 | 'A'
	IEA Tag = 'I'<<16 | 'E'<<8 | 'A'
	GS  Tag = 'G'<<8 | 'S'
	GE  Tag = 'G'<<8 | 'E'
	ST  Tag = 'S'<<8 | 'T'
	SE  Tag = 'S'<<8 | 'E'
	TA1 Tag = 'T'<<16 | 'A'<<8 | '1'
	TA3 Tag = 'T'<<16 | 'A'<<8 | '3'
	ISB Tag = 'I'<<16 | 'S'<<8 | 'B'
	ISE Tag = 'I'<<16 | 'S'<<8 | 'E'
	ISX Tag = 'I'<<16 | 'S'<<8 | 'X'
	UNA Tag = 'U'<<16 | 'N'<<8 | 'A'
	UNB Tag = 'U'<<16 | 'N'<<8 | 'B'
	UNG Tag = 'U'<<16 | 'N'<<8 | 'G'
	UNH Tag = 'U'<<16 | 'N'<<8 | 'H'
	UNT Tag = 'U'<<16 | 'N'<<8 | 'T'
	UNE Tag = 'U'<<16 | 'N'<<8 | 'E'
	UNZ Tag = 'U'<<16 | 'N'<<8 | 'Z'
	UIB Tag = 'U'<<16 | 'I'<<8 | 'B'
	UIH Tag = 'U'<<16 | 'I'<<8 | 'H'
	UIT Tag = 'U'<<16 | 'I'<<8 | 'T'
	UIZ Tag = 'U'<<16 | 'I'<<8 | 'Z'
	STX Tag = 'S'<<16 | 'T'<<8 | 'X'
	END Tag = 'E'<<16 | 'N'<<8 | 'D'
	BAT Tag = 'B'<<16 | 'A'<<8 | 'T'
	EOB Tag = 'E'<<16 | 'O'<<8 | 'B'
	MHD Tag = 'M'<<16 | 'H'<<8 | 'D'
	MTR Tag = 'M'<<16 | 'T'<<8 | 'R'
	BIN Tag = 'B'<<16 | 'I'<<8 | 'N'
	BDS Tag = 'B'<<16 | 'D'<<8 | 'S'
)
