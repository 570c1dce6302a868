package layers

import (
	"cmp"
	"slices"
	"strings"
)

// Catalog holds the layers of a server. It does not change once made; a
// reload makes a new one.
type Catalog struct {
	layers []*Layer
	byID   map[string]*Layer
}

// NewCatalog makes a catalog of described layers. Its error lists all that does
// not fit together: two layers with one identifier, references to a layer that
// is not there, expressions that cannot be.
func NewCatalog(all []*Layer) (*Catalog, error) {
	c := &Catalog{byID: make(map[string]*Layer, len(all))}
	for _, l := range all {
		if other, ok := c.byID[l.ID]; ok {
			return nil, Errorf(Invalid, "%s: layer %s is already defined in %s: give one of them another id", l.File, l.ID, other.File)
		}
		c.byID[l.ID] = l
		c.layers = append(c.layers, l)
	}
	slices.SortStableFunc(c.layers, func(a, b *Layer) int {
		return cmp.Or(cmp.Compare(a.Order, b.Order), strings.Compare(a.ID, b.ID))
	})
	return c, c.resolve()
}

// All are the layers in drawing order, lowest first. The slice is shared.
func (c *Catalog) All() []*Layer { return c.layers }

// Readable are the layers that the viewer may read, in drawing order.
func (c *Catalog) Readable(v Viewer) []*Layer {
	var readable []*Layer
	for _, l := range c.layers {
		if v.MayRead(l) {
			readable = append(readable, l)
		}
	}
	return readable
}

// Get returns the layer if the viewer may read it. Else the error says
// NotFound, Unauthorized (sign in first) or Forbidden.
func (c *Catalog) Get(v Viewer, id string) (*Layer, error) {
	l, ok := c.byID[id]
	switch {
	case !ok:
		return nil, Errorf(NotFound, "there is no layer %q", id)
	case v.MayRead(l):
		return l, nil
	case v.Anonymous():
		return nil, Errorf(Unauthorized, "layer %s is not public: sign in", id)
	default:
		return nil, Errorf(Forbidden, "you have no right to read layer %s: ask an administrator", id)
	}
}

// OfTable are the layers whose rows are in the table.
func (c *Catalog) OfTable(table string) []*Layer {
	var found []*Layer
	for _, l := range c.layers {
		if l.Source.Table == table {
			found = append(found, l)
		}
	}
	return found
}
