package layers

import (
	"maps"
	"slices"
	"strconv"

	"arpent/layers/yamlfile"
)

// network notes what in the description of a network refers to nothing, as far
// as the file of its edges tells.
func (r *fileReader) network(l *Layer, known func(name string, at ...string)) {
	g := &l.Geometry
	field := func(name, key string, at ...string) {
		if name == "" {
			return
		}
		at = append([]string{"geometry", key}, at...)
		if g.Model != "network" {
			r.Fault(at, "belongs to a network: say model: network, or leave it out")
			return
		}
		known(name, at...)
		if f := l.Field(name); f != nil && f.ReadOnly && key != "shared" {
			r.Fault(at, "field %s is read-only, but follows from the map: name one that can be written", name)
		}
	}
	field(g.From, "from")
	field(g.To, "to")
	field(g.Reversed, "reversed")
	field(g.Joins, "joins")
	for i, name := range g.Levels {
		field(name, "levels", strconv.Itoa(i))
	}
	for i, name := range g.Shared {
		field(name, "shared", strconv.Itoa(i))
	}
	switch {
	case g.Nodes != "" && g.Model != "network":
		r.Fault([]string{"geometry", "nodes"}, "belongs to a network: say model: network, or leave it out")
	case (g.From == "") != (g.To == ""):
		r.Fault([]string{"geometry"}, "from and to go together: name the fields of both ends, or of none")
	case g.Nodes == "" && g.From != "":
		r.Fault([]string{"geometry"}, "nodes is missing: name the layer to whose records from and to refer")
	case g.Nodes == "" && g.Shared != nil:
		r.Fault([]string{"geometry", "shared"}, "nodes is missing: without a layer of nodes nothing is shared with them")
	}
	if f := l.Field(g.Reversed); f != nil && f.Type != "" && Type(f.Type) != TypeBoolean {
		r.Fault([]string{"geometry", "reversed"}, "field %s is neither true nor false: name one of type boolean", g.Reversed)
	}
	if f := l.Field(g.Joins); f != nil && (f.Reference == nil || f.Reference.Layer != l.ID) {
		r.Fault([]string{"geometry", "joins"}, "field %s refers to no edge: name one with reference: {layer: %s}", g.Joins, l.ID)
	}
	for i, name := range g.Levels {
		if f := l.Field(name); f != nil && f.Type != "" && Type(f.Type) != TypeNumber {
			r.Fault([]string{"geometry", "levels", strconv.Itoa(i)}, "field %s holds no level: name one of type number", name)
		}
	}
}

// joinNetworks joins the edges of networks to their nodes.
func (c *Catalog) joinNetworks(faults *Misfits) {
	for _, l := range c.layers {
		l.Geometry.NodeLayer, l.Geometry.Edges = nil, nil
	}
	for _, l := range c.layers {
		g := &l.Geometry
		if g.Nodes == "" {
			continue
		}
		nodes, at := c.byID[g.Nodes], []string{"geometry", "nodes"}
		switch {
		case nodes == nil:
			faults.fault(l, at, "there is no layer %s%s", g.Nodes, yamlfile.Suggest(g.Nodes, slices.Collect(maps.Keys(c.byID))))
			continue
		case nodes.Geometry.Type != "" && nodes.Geometry.Type != "Point":
			faults.fault(l, at, "layer %s holds %s: nodes are points", nodes.ID, nodes.Geometry.Type)
		case nodes.Geometry.Model != "network":
			faults.fault(l, at, "layer %s is no part of a network: its file must say geometry: {model: network}", nodes.ID)
		case l.Geometry.Type != "" && l.Geometry.Type != "LineString":
			faults.fault(l, at, "this layer holds %s: edges that name their nodes are single lines", l.Geometry.Type)
		case nodes.Source.SRID != l.Source.SRID:
			faults.fault(l, at, "layer %s is in EPSG:%d, the edges in EPSG:%d: nodes are in the coordinate reference system of their edges", nodes.ID, nodes.Source.SRID, l.Source.SRID)
		case nodes.Geometry.Edges != nil:
			faults.fault(l, at, "layer %s has the nodes of %s already: those of one network are those of no other", nodes.ID, nodes.Geometry.Edges.ID)
		default:
			g.NodeLayer, nodes.Geometry.Edges = nodes, l
		}
		for key, name := range map[string]string{"from": g.From, "to": g.To} {
			if f := l.Field(name); f != nil && (f.Reference == nil || f.Reference.Layer != g.Nodes) {
				faults.fault(l, []string{"geometry", key}, "field %s does not refer to layer %s: give it reference: {layer: %s}", name, g.Nodes, g.Nodes)
			}
		}
		for i, name := range g.Shared {
			if nodes.Field(name) == nil {
				faults.fault(l, []string{"geometry", "shared", strconv.Itoa(i)}, "layer %s has no field %s", nodes.ID, name)
			}
		}
	}
}
