package mapping

import "slices"

// row writes values that stand side by side in as many segments as they need.
// Values that are the same stay as they are written.
func (w *putter) row(at *round, scope, r *rule, values []string) error {
	there := r.place.matches(at)
	var was []string
	for _, s := range there {
		for n := range r.place.row() {
			if !s.has(n, 0) {
				continue
			}
			v, err := r.convert.decode(nil, []byte(s.text(n, 0)))
			if err != nil {
				return err
			}
			was = append(was, string(v))
		}
	}
	if slices.Equal(was, values) {
		return nil
	}
	for i := 0; len(values) > 0 || i < len(there); i++ {
		if i == len(there) {
			s, err := w.another(at, scope, r, there)
			if err != nil {
				return err
			}
			there = append(there, s)
		}
		var err error
		if values, err = w.fillRow(r, there[i], values); err != nil {
			return err
		}
		if !r.place.rowsIn(scope, there[i]) {
			at.remove(there[i], nil)
		}
	}
	return nil
}

// fillRow puts values into a segment, and gives those for which there is no
// room in it.
func (w *putter) fillRow(r *rule, s *segment, values []string) ([]string, error) {
	for n := range r.place.row() {
		written := []byte(nil)
		if len(values) > 0 {
			var err error
			if written, err = r.convert.encode(nil, []byte(values[0])); err != nil {
				return nil, err
			}
			values = values[1:]
		} else if !s.has(n, 0) {
			continue
		}
		if err := s.set(n, 0, string(written), &w.d.delims); err != nil {
			return nil, err
		}
	}
	return values, nil
}

// another makes one more segment for a row, which says beside it what the first
// one says.
func (w *putter) another(at *round, scope, r *rule, there []*segment) (*segment, error) {
	s, err := w.insert(at, scope, r)
	if err != nil || len(there) == 0 {
		return s, err
	}
	for n := 1; n < r.place.element; n++ {
		if v := there[0].text(n, 0); v != "" && s.text(n, 0) == "" {
			if err := s.set(n, 0, v, &w.d.delims); err != nil {
				return nil, err
			}
		}
	}
	return s, nil
}

// rowsIn tells whether any row of a scope has a value in a segment.
func (p *place) rowsIn(scope *rule, s *segment) bool {
	return slices.ContainsFunc(scope.rules, func(r *rule) bool {
		return r.loop == nil && r.place.spread.last > 0 && r.place.path == p.path && r.place.value(s) > 0
	})
}
