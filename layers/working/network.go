package working

import (
	"context"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
	"github.com/twpayne/go-geom"

	"arpent/geo/coverage"
	"arpent/geo/network"
	"arpent/layers"
)

// networkModel edits edges that meet at nodes; see package network. The edges
// and their nodes are two layers, or the edges alone are one.
type networkModel struct{}

func (networkModel) form(k Kind) (form, bool) {
	o, known := networkOperations[k]
	return o.form, known || k == Regain
}

func (networkModel) perform(ctx context.Context, t *task) (outcome, error) {
	if err := t.surroundings(ctx); err != nil {
		return outcome{}, err
	}
	net, _, err := buildNetwork(t.sheet, t.shapes()) // what is wrong already stays as it is
	if err != nil {
		return outcome{}, err
	}
	edges, err := t.edges()
	if err != nil {
		return outcome{}, err
	}
	var ch network.Change
	if t.op.Kind == Regain {
		ch, err = t.regainEdgeOrNode(net)
	} else {
		ch, err = networkOperations[t.op.Kind].do(net, &t.op, edges)
	}
	if err != nil {
		return outcome{}, err
	}
	return t.ofNetwork(net, ch), nil
}

// surroundings reads what the operation may touch: what is near what is drawn,
// and all along the edges that begin or end there.
func (t *task) surroundings(ctx context.Context) error {
	pad := closeBy + t.op.Width
	if t.op.Kind == Connect {
		pad = closeBy + orElse(t.op.Width, farLateral)
	}
	near, err := t.around(ctx, pad)
	if err != nil || !near.any {
		return err
	}
	return t.along(ctx, near.Bound)
}

// Lines of a layer of several lines are edges by themselves: that of feature 12
// called 12#2 is its third.
func partOf(id string, part int) network.ID {
	if part == 0 {
		return network.ID(id)
	}
	return network.ID(id + "#" + strconv.Itoa(part))
}

func wholeOf(id network.ID) (string, int) {
	stem, number, parted := strings.Cut(string(id), "#")
	part, err := strconv.Atoi(number)
	if !parted || err != nil {
		return string(id), 0
	}
	return stem, part
}

// buildNetwork makes a network of shapes; those of the nodes' layer are nodes.
func buildNetwork(sh *sheet, shapes map[Ref]geom.T) (*network.Network, []network.Fault, error) {
	var nodes []network.Node
	var edges []network.Edge
	for _, ref := range ordered(shapes) {
		if sh.nodes != nil && ref.Layer == sh.nodes.ID {
			if places := placesOf(shapes[ref]); len(places) == 1 {
				nodes = append(nodes, network.Node{ID: network.ID(ref.ID), At: stored(places[0])})
			}
			continue
		}
		for i, line := range linesOf(shapes[ref]) {
			e := network.Edge{ID: partOf(ref.ID, i)}
			for _, p := range placesOf(line) {
				e.Line = append(e.Line, stored(p))
			}
			edges = append(edges, e)
		}
	}
	return network.Build(nodes, edges, network.Options{Implicit: sh.nodes == nil})
}

// stored is a position as it is stored, where a level of 0 tells nothing.
func stored(p []float64) network.Position {
	q := network.At(orb.Point{p[0], p[1]})
	if len(p) > 2 && p[2] != 0 {
		q[2] = p[2]
	}
	return q
}

func linesOf(g geom.T) []*geom.LineString {
	switch g := g.(type) {
	case *geom.LineString:
		return []*geom.LineString{g}
	case *geom.MultiLineString:
		all := make([]*geom.LineString, g.NumLineStrings())
		for i := range all {
			all[i] = g.LineString(i)
		}
		return all
	}
	return nil
}

// edges are those that the operation names.
func (t *task) edges() ([]network.ID, error) {
	if t.op.Kind == Regain {
		return nil, nil
	}
	var ids []network.ID
	for _, ref := range t.op.refs() {
		lines := linesOf(t.shape(ref))
		if ref.Layer != t.sheet.home.ID || len(lines) == 0 {
			return nil, &Refusal{Kind: string(network.Unknown), Features: []Ref{ref}}
		}
		for i := range lines {
			ids = append(ids, partOf(ref.ID, i))
		}
	}
	if len(ids) > 1 && slices.Contains([]Kind{Reshape, MoveVertex, InsertVertex, RemoveVertex}, t.op.Kind) {
		ids[0] = t.nearest(ids)
	}
	return ids, nil
}

// nearest is the edge of several that what is drawn begins nearest to.
func (t *task) nearest(ids []network.ID) network.ID {
	at := t.op.places()[0]
	best, least := ids[0], math.Inf(1)
	for _, id := range ids {
		of, part := wholeOf(id)
		line := placesOf(linesOf(t.shape(Ref{t.sheet.home.ID, of}))[part])
		for i := 1; i < len(line); i++ {
			if d := distanceTo(line[i-1], line[i], at); d < least {
				best, least = id, d
			}
		}
	}
	return best
}

func distanceTo(a, b, p []float64) float64 {
	dx, dy := b[0]-a[0], b[1]-a[1]
	share := 0.0
	if length := dx*dx + dy*dy; length > 0 {
		share = max(0, min(1, ((p[0]-a[0])*dx+(p[1]-a[1])*dy)/length))
	}
	return math.Hypot(p[0]-a[0]-share*dx, p[1]-a[1]-share*dy)
}

// ofNetwork is a change in the words of the layers.
func (t *task) ofNetwork(net *network.Network, ch network.Change) outcome {
	out := newOutcome()
	if t.sheet.nodes != nil {
		for _, id := range ch.Nodes.IDs() {
			ref := Ref{t.sheet.nodes.ID, string(id)}
			out.after[ref] = nil
			if v, stays := ch.Nodes.After[id]; stays {
				out.after[ref] = shapeOf(t.sheet.nodes, [][]network.Position{{net.Position(v)}})
			}
		}
		for _, id := range ch.Nodes.Created() {
			ref := Ref{t.sheet.nodes.ID, string(id)}
			out.new[ref] = true
			if on, put := ch.On[id]; put {
				of, _ := wholeOf(on.Of)
				out.from[ref] = []Share{{Of: Ref{t.sheet.home.ID, of}, From: on.At, To: on.At}}
			}
		}
	}
	parts := map[Ref]map[int]network.Line{} // of features that were there
	for _, id := range ch.Edges.IDs() {
		of, part := wholeOf(id)
		ref := Ref{t.sheet.home.ID, of}
		line, stays := ch.Edges.After[id]
		if _, stood := ch.Edges.Before[id]; !stood {
			ref.ID = string(id)
			out.after[ref], out.new[ref] = shapeOf(t.sheet.home, [][]network.Position{net.Positions(line)}), true
			out.from[ref] = t.sharesOf(ch.From[id])
			continue
		}
		if parts[ref] == nil {
			parts[ref] = map[int]network.Line{}
		}
		if stays {
			parts[ref][part] = line
		} else {
			parts[ref][part] = nil
		}
		if from, changed := ch.From[id]; changed {
			out.from[ref] = append(out.from[ref], t.sharesOf(from)...)
		}
	}
	for ref, changed := range parts {
		var lines [][]network.Position
		for i := range linesOf(t.shape(ref)) {
			line, touched := changed[i]
			if !touched {
				line = net.Edge(partOf(ref.ID, i))
			}
			if len(line) > 0 {
				lines = append(lines, net.Positions(line))
			}
		}
		out.after[ref] = nil
		if len(lines) > 0 {
			out.after[ref] = shapeOf(t.sheet.home, lines)
		}
	}
	return out
}

// sharesOf are parts of edges as those of features.
func (t *task) sharesOf(parts []network.Part) []Share {
	var all []Share
	for _, p := range parts {
		of, _ := wholeOf(p.Of)
		all = append(all, Share{Ref{t.sheet.home.ID, of}, p.From, p.To, p.Start, p.End})
	}
	return all
}

// shapeOf is a shape of positions as the layer holds it.
func shapeOf(l *layers.Layer, lines [][]network.Position) geom.T {
	layout := geom.XY
	if l.Geometry.Z {
		layout = geom.XYZ
	}
	var flat []float64
	var ends []int
	for _, line := range lines {
		for _, p := range line {
			flat = append(flat, p[0], p[1])
			if l.Geometry.Z && math.IsNaN(p[2]) {
				flat = append(flat, 0)
			} else if l.Geometry.Z {
				flat = append(flat, p[2])
			}
		}
		ends = append(ends, len(flat))
	}
	switch l.Geometry.Type {
	case "Point":
		return geom.NewPointFlat(layout, flat).SetSRID(l.Source.SRID)
	case "MultiLineString":
		return geom.NewMultiLineStringFlat(layout, flat, ends).SetSRID(l.Source.SRID)
	}
	return geom.NewLineStringFlat(layout, flat).SetSRID(l.Source.SRID)
}

// regainEdgeOrNode gives an edge or a node the shape again that it had.
func (t *task) regainEdgeOrNode(net *network.Network) (network.Change, error) {
	ref := t.op.refs()[0]
	if t.sheet.nodes != nil && ref.Layer == t.sheet.nodes.ID {
		now, stands := net.Node(network.ID(ref.ID))
		places := placesOf(t.op.Shapes[0])
		if !stands || len(places) == 0 {
			return network.Change{}, &Refusal{Kind: string(coverage.Unknown), Features: []Ref{ref}}
		}
		return net.MoveNode(now.Orb(), stored(places[0]))
	}
	all := network.Change{}
	for i, line := range linesOf(t.op.Shapes[0]) {
		var course []network.Position
		for _, p := range placesOf(line) {
			course = append(course, stored(p))
		}
		ch, err := net.Reroute(partOf(ref.ID, i), course)
		switch fault, _ := err.(*network.Fault); {
		case fault != nil && fault.Kind == network.Unchanged:
			continue
		case err != nil:
			return network.Change{}, err
		}
		if err := net.Apply(ch); err != nil {
			return network.Change{}, err
		}
		all = all.Then(ch)
	}
	if all.Empty() {
		return all, &coverage.Fault{Kind: coverage.Unchanged}
	}
	return all, nil
}

// networkRefusal is a fault in the words of the layers.
func networkRefusal(sh *sheet, fault *network.Fault) *Refusal {
	r := &Refusal{Kind: string(fault.Kind), Where: fault.Where, Distance: fault.Distance, cause: fault}
	for _, id := range fault.Edges {
		of, _ := wholeOf(id)
		r.Features = append(r.Features, Ref{sh.home.ID, of})
	}
	if sh.nodes != nil {
		for _, id := range fault.Nodes {
			r.Features = append(r.Features, Ref{sh.nodes.ID, string(id)})
		}
	}
	return r
}
