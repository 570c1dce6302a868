package working

import (
	"context"
	"maps"
	"math"
	"slices"
	"strconv"

	"github.com/paulmach/orb"
	"github.com/twpayne/go-geom"

	"arpent/geo/grid"
	"arpent/geo/network"
	"arpent/layers"
)

// fields are the nodes that edges name, the levels of their ends and what is
// shared out by length.
func (networkModel) fields(ctx context.Context, w *writing) error {
	parts := w.set.Parts()
	maps.DeleteFunc(parts, func(ref Ref, _ []Share) bool { return ref.Layer != w.sheet.home.ID || w.now[ref] == nil })
	w.levels(parts)
	w.quantities(parts)
	if err := w.branches(ctx, parts); err != nil {
		return err
	}
	if w.sheet.nodes == nil {
		return nil
	}
	return w.ends(ctx)
}

// levels gives edges that were divided, joined or turned round the levels of
// their ends, between those of the edges that they are parts of.
func (w *writing) levels(parts map[Ref][]Share) {
	names := w.sheet.home.Geometry.Levels
	if len(names) != 2 {
		return
	}
	for ref, own := range parts {
		if len(own) == 0 {
			continue
		}
		from, to := w.levelAt(own[0].Of, own[0].From), w.levelAt(own[len(own)-1].Of, own[len(own)-1].To)
		if w.reversed(ref) {
			from, to = to, from
		}
		w.follow(ref, names[0], from)
		w.follow(ref, names[1], to)
	}
}

// levelAt is the level of a stored edge at a share of its length, to the
// millimetre; nil where it is not known.
func (w *writing) levelAt(of Ref, share float64) any {
	names := w.sheet.home.Geometry.Levels
	start, startKnown := number(w.property(of, names[0]))
	end, endKnown := number(w.property(of, names[1]))
	if w.reversed(of) {
		start, startKnown, end, endKnown = end, endKnown, start, startKnown
	}
	switch {
	case share == 0 && startKnown:
		return start
	case share == 1 && endKnown:
		return end
	case startKnown && endKnown:
		return math.Round((start+(end-start)*share)*1000) / 1000
	}
	return nil
}

// reversed tells whether from and to of an edge are against the direction in
// which it is drawn.
func (w *writing) reversed(ref Ref) bool {
	name := w.sheet.home.Geometry.Reversed
	if name == "" {
		return false
	}
	if f := w.current[ref]; f != nil {
		against, _ := f.Properties[name].(bool)
		return against
	}
	for _, of := range append([]Ref{ref}, w.set.lineage(ref)...) {
		if said, given := w.set.Given(of)[name].(bool); given {
			return said
		}
	}
	origin, made := w.set.Origin(ref)
	return made && origin != ref && w.reversed(origin)
}

// quantities shares out by length what is shared.
func (w *writing) quantities(parts map[Ref][]Share) {
	l := w.sheet.home
	for name, rule := range l.Geometry.Divided {
		field := l.Field(name)
		if !rule.Share || field == nil || !w.viewer.MaySee(l, field) {
			continue
		}
		whole := layers.Type(field.Type) == layers.TypeInteger
		heirs, by := map[Ref][]Ref{}, map[Ref][]float64{}
		for _, ref := range ordered(parts) {
			for _, s := range parts[ref] {
				heirs[s.Of] = append(heirs[s.Of], ref)
				by[s.Of] = append(by[s.Of], math.Abs(s.To-s.From))
			}
		}
		sums, unknown := map[Ref]float64{}, map[Ref]bool{}
		for of := range heirs {
			sum, known := number(w.property(of, name))
			total := 0.0
			for _, share := range by[of] {
				total += share
			}
			for i, part := range shared(sum*min(1, total), by[of], whole) {
				n, _ := number(part)
				sums[heirs[of][i]] += n
				unknown[heirs[of][i]] = unknown[heirs[of][i]] || !known
			}
		}
		for ref, sum := range sums {
			switch {
			case unknown[ref]: // nor is the sum
				w.follow(ref, name, nil)
			case whole:
				w.follow(ref, name, int64(math.Round(sum)))
			default:
				w.follow(ref, name, sum)
			}
		}
	}
}

// ends makes edges name the nodes that they end on: those of the set, and others
// that end where a node comes, moves or goes.
func (w *writing) ends(ctx context.Context) error {
	var places [][]float64 // where edges are looked at
	for ref, shape := range w.now {
		was := w.bases[ref].Shape
		if ref.Layer == w.sheet.nodes.ID {
			places = append(places, slices.Concat(placesOf(shape), placesOf(was))...)
			continue
		}
		for _, line := range linesOf(shape) {
			all := placesOf(line)
			places = append(places, all[0], all[len(all)-1])
		}
	}
	found, err := w.around(ctx, places)
	if err != nil {
		return err
	}
	shapes := map[Ref]geom.T{}
	for ref, f := range found {
		shapes[ref] = f.Geometry
		if _, known := w.current[ref]; !known {
			w.current[ref] = f
		}
	}
	maps.Copy(shapes, w.now)
	maps.DeleteFunc(shapes, func(_ Ref, shape geom.T) bool { return shape == nil || shape.Empty() })
	net, _, err := buildNetwork(w.sheet, shapes)
	if err != nil {
		return err
	}
	moved := map[network.ID]bool{} // edges at places of nodes that change
	for ref, shape := range w.now {
		if ref.Layer != w.sheet.nodes.ID {
			moved[network.ID(ref.ID)] = true
			continue
		}
		for _, p := range slices.Concat(placesOf(shape), placesOf(w.bases[ref].Shape)) {
			for _, id := range net.EdgesAt(grid.Snap(orb.Point{p[0], p[1]})) {
				moved[id] = true
			}
		}
	}
	for id := range moved {
		if line := net.Edge(id); len(line) > 0 {
			w.name(net, Ref{w.sheet.home.ID, string(id)}, line)
		}
	}
	w.own(net)
	return nil
}

// around reads the nodes and edges near places, square by square.
func (w *writing) around(ctx context.Context, places [][]float64) (map[Ref]*layers.Feature, error) {
	const square = 1000 // m
	found, seen := map[Ref]*layers.Feature{}, map[[2]float64]*extent{}
	for _, p := range places {
		key := [2]float64{math.Floor(p[0] / square), math.Floor(p[1] / square)}
		if seen[key] == nil {
			seen[key] = &extent{}
		}
		seen[key].add(orb.Point{p[0], p[1]}.Bound().Pad(1))
	}
	for _, e := range seen {
		for _, l := range w.sheet.layers() {
			box := &layers.BBox{MinX: e.Min[0], MinY: e.Min[1], MaxX: e.Max[0], MaxY: e.Max[1], SRID: l.Source.SRID}
			if err := w.service.readInto(ctx, w.viewer, l.ID, layers.Query{BBox: box}, found); err != nil {
				return nil, err
			}
		}
	}
	return found, nil
}

// name makes an edge name the nodes at its ends. Where there is none it names
// none that goes.
func (w *writing) name(net *network.Network, ref Ref, line network.Line) {
	g := w.sheet.home.Geometry
	fields := []string{g.From, g.To}
	if w.reversed(ref) {
		fields = []string{g.To, g.From}
	}
	for i, v := range []network.Vertex{line[0], line[len(line)-1]} {
		name := fields[i]
		if name == "" {
			continue
		}
		now := ""
		if f := w.current[ref]; f != nil {
			now = textOf(f.Properties[name])
		}
		at := net.NodesAt(v)
		switch {
		case slices.Contains(at, network.ID(now)):
		case len(at) > 0:
			w.refer(ref, name, Ref{w.sheet.nodes.ID, string(at[0])})
		case now != "":
			if shape, touched := w.now[Ref{w.sheet.nodes.ID, now}]; touched && shape == nil {
				w.follow(ref, name, nil)
			}
		}
	}
}

// refer makes a field of an edge name a node, or another edge.
func (w *writing) refer(ref Ref, name string, node Ref) {
	if _, stored := w.current[node]; !stored {
		if w.refers[ref] == nil {
			w.refers[ref] = map[string]Ref{}
		}
		w.refers[ref][name] = node
		return
	}
	if layers.Type(w.sheet.home.Field(name).Type) == layers.TypeInteger {
		if n, err := strconv.ParseInt(node.ID, 10, 64); err == nil {
			w.follow(ref, name, n)
			return
		}
	}
	w.follow(ref, name, node.ID)
}

// own says whose the nodes and edges are that were drawn: whose what they join.
func (w *writing) own(net *network.Network) {
	owner := func(ref Ref) string {
		if f := w.current[ref]; f != nil {
			return f.Collectivity
		}
		if origin, made := w.set.Origin(ref); made {
			return w.bases[origin].Collectivity
		}
		return orText(w.givenOwner(ref), w.owners[ref])
	}
	edge := func(id network.ID) Ref { return Ref{w.sheet.home.ID, string(id)} }
	node := func(id network.ID) Ref { return Ref{w.sheet.nodes.ID, string(id)} }
	for range 3 { // from what is stored to the edge, to its other node, to what else was drawn from there
		for ref, shape := range w.now {
			if shape == nil || owner(ref) != "" {
				continue
			}
			if ref.Layer == w.sheet.nodes.ID {
				if v, stands := net.Node(network.ID(ref.ID)); stands {
					for _, id := range net.EdgesAt(v.Point) {
						w.owners[ref] = orText(w.owners[ref], owner(edge(id)))
					}
				}
				continue
			}
			if line := net.Edge(network.ID(ref.ID)); len(line) > 0 {
				for _, v := range []network.Vertex{line[0], line[len(line)-1]} {
					for _, id := range net.NodesAt(v) {
						w.owners[ref] = orText(w.owners[ref], owner(node(id)))
					}
					for _, id := range net.EdgesAt(v.Point) {
						w.owners[ref] = orText(w.owners[ref], owner(edge(id)))
					}
				}
			}
		}
	}
}

func orText(a, b string) string {
	if a == "" {
		return b
	}
	return a
}
