package edi

import "bytes"

// Some senders cut their files into lines of equal length, 80 characters as a
// rule, wherever a line happens to end: within values, and within tags. The line
// ends mean nothing then. A Segment of such a file has its elements from a copy
// without them; Raw and Body are what stands in the file.

// wrapped tells whether the interchange at the beginning of w is cut into lines
// of one length.
func wrapped(w []byte, terminator string, whole bool) bool {
	if terminator == "" || terminator == "\n" || terminator == "\r" || terminator == "\r\n" {
		return false
	}
	lines, width, inside := 0, 0, false
	for {
		i := bytes.IndexByte(w, '\n')
		if i < 0 {
			break
		}
		line := bytes.TrimSuffix(w[:i], []byte{'\r'})
		w = w[i+1:]
		if lines > 0 && len(line) != width {
			if len(w) > 0 || len(line) > width || !whole {
				return false
			}
			break // the last one may be shorter
		}
		width = len(line)
		lines++
		inside = inside || !bytes.HasSuffix(line, []byte(terminator))
	}
	return inside && (lines > 1 || width == 80) && width > 20
}

// unwrap makes the elements of s those of a copy without line ends.
func (s *Segment) unwrap() {
	body := s.Body()
	if bytes.IndexByte(body, '\n') < 0 {
		return
	}
	s.text = s.text[:0]
	s.unwrapped = true
	from := 0
	for n, f := range s.fields {
		for _, b := range body[from:f] {
			if b != '\n' && b != '\r' {
				s.text = append(s.text, b)
			}
		}
		s.fields[n] = End(len(s.text))
		from = f.end()
	}
}

// body is what the fields of the segment lie in.
func (s *Segment) body() []byte {
	if s.unwrapped {
		return s.text
	}
	return s.buf[s.gap:s.end]
}

// rawAt is where in the segment's bytes a byte of its body stands.
func (s *Segment) rawAt(at int) int {
	if !s.unwrapped {
		return at
	}
	raw := s.Body()
	for i, b := range raw {
		if b == '\n' || b == '\r' {
			continue
		}
		if at == 0 {
			return i
		}
		at--
	}
	return len(raw)
}
