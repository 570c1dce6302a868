package memory

import "arpent/tiles/mvt"

// Apply brings features to what they are now: those that the rows give are as
// they say, the others of these identifiers are gone. Readers see all of it at
// once. Where it fails nothing has changed.
//
// A shape that is given is drawn with all its vertices, and so are those that
// neighbours share with it or with what was there before: neighbours still
// meet. Packing the layer finds anew what may be left out.
func (l *Layer) Apply(ids []string, rows Rows) error {
	l.writing.Lock()
	defer l.writing.Unlock()
	// What is read first is not yet seen by anybody.
	news := newStore(l.options.Fields, newTables())
	var shape mvt.Shape
	incoming := &Layer{options: l.options, unreadable: map[string]error{}}
	for row, err := range rows {
		if err != nil {
			return err
		}
		if err := incoming.read(news, row, &shape); err != nil {
			return err
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, id := range ids {
		l.drop([]byte(id))
	}
	row := Row{Values: make([]mvt.Value, l.options.Fields)}
	for i := range uint32(news.len()) {
		row.ID, row.Number, row.Numbered = news.ids.at(i), news.numbers[i], news.kinds[i]&numbered != 0
		row.Owner = []byte(news.tables.owners[news.owners[i]])
		for f := range row.Values {
			row.Values[f] = nil
			if handle := news.values[f][i]; handle != 0 {
				row.Values[f] = news.tables.value(handle)
			}
		}
		owner, ok := l.store.tables.owner(row.Owner)
		if !ok {
			return ErrTooLarge
		}
		l.drop(row.ID)
		news.shape(i, &shape)
		l.insert(&row, owner, &shape)
	}
	for id, err := range incoming.unreadable {
		l.drop([]byte(id))
		l.unreadable[id] = err
	}
	return nil
}

// drop takes a feature out.
func (l *Layer) drop(id []byte) {
	delete(l.unreadable, string(id))
	s := l.store
	i, ok := l.byID.find(&s.ids, id)
	if !ok {
		return
	}
	l.byID.remove(&s.ids, i)
	s.setGone(i)
	l.live--
	var shape mvt.Shape
	s.shape(i, &shape)
	box := shape.Box()
	if i >= l.packed {
		l.fresh.Delete([2]int32{box.MinX, box.MinY}, [2]int32{box.MaxX, box.MaxY}, i)
	}
	l.pin(&shape, box)
}

// insert appends a feature.
func (l *Layer) insert(row *Row, owner uint16, shape *mvt.Shape) {
	s := l.store
	box := shape.Box()
	l.pin(shape, box)
	s.add(row, owner, shape)
	i := uint32(s.len() - 1)
	l.fresh.Insert([2]int32{box.MinX, box.MinY}, [2]int32{box.MaxX, box.MaxY}, i)
	l.byID.put(&s.ids, i)
	l.live++
}

// pin has all features draw the vertices that they share with a shape at every
// zoom.
func (l *Layer) pin(shape *mvt.Shape, box mvt.Box) {
	if shape.Kind == mvt.Points {
		return
	}
	places := make(map[mvt.Point]struct{}, len(shape.Points))
	for _, p := range shape.Points {
		places[p] = struct{}{}
	}
	at := func(i uint32) {
		a, b := l.store.span(i)
		for k := a; k < b; k++ {
			if l.store.zooms[k] == 0 {
				continue
			}
			if _, shared := places[l.store.points[k]]; shared {
				l.store.zooms[k] = 0
			}
		}
	}
	for _, i := range l.tree.search(box, nil) {
		at(i)
	}
	l.fresh.Search([2]int32{box.MinX, box.MinY}, [2]int32{box.MaxX, box.MaxY}, func(_, _ [2]int32, i uint32) bool {
		at(i)
		return true
	})
}

// Worn reports whether so much has changed since the layer was packed that it
// is worth doing again.
func (l *Layer) Worn() bool {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.store.len()-int(l.packed) > max(4096, int(l.packed)/8)
}

// Pack puts the features in order anew and forgets what is gone. Tiles are
// encoded meanwhile; changes wait.
func (l *Layer) Pack() {
	l.writing.Lock()
	defer l.writing.Unlock()
	l.pack(l.store, l.store.tables.fresh())
}
