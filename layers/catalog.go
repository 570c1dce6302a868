package layers

import (
	"cmp"
	"slices"
	"strings"
)

// Catalog holds the layers of a server. It does not change once made; a
// reload makes a new one.
type Catalog struct {
	layers     []*Layer
	byID       map[string]*Layer
	dependents map[string][]*Layer // by table: layers of others that are computed from it
}

// NewCatalog makes a catalog of described layers. An error of type *Misfits
// says what does not fit together: two layers with one identifier, references
// to a layer that is not there, expressions that cannot be.
func NewCatalog(all []*Layer) (*Catalog, error) {
	c := &Catalog{byID: make(map[string]*Layer, len(all))}
	faults := &Misfits{}
	for _, l := range all {
		if other, ok := c.byID[l.ID]; ok {
			faults.fault(l, []string{"id"}, "layer %s is already defined in %s: give one of them another id", l.ID, other.File)
			continue
		}
		c.byID[l.ID] = l
		c.layers = append(c.layers, l)
	}
	slices.SortStableFunc(c.layers, func(a, b *Layer) int {
		return cmp.Or(cmp.Compare(a.Order, b.Order), strings.Compare(a.ID, b.ID))
	})
	if err := c.resolve(faults); err != nil {
		return nil, err
	}
	return c, nil
}

// All are the layers in drawing order, lowest first. The slice is shared.
func (c *Catalog) All() []*Layer { return c.layers }

// Holds reports whether the layer is one of this catalog, and not one of the
// same name from another.
func (c *Catalog) Holds(l *Layer) bool { return c.byID[l.ID] == l }

// Readable are the layers that the viewer may read, in drawing order.
func (c *Catalog) Readable(v Viewer) []*Layer {
	var readable []*Layer
	for _, l := range c.layers {
		if v.May(Read, l, "") {
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
	case v.May(Read, l, ""):
		return l, nil
	case v.Anonymous():
		return nil, Errorf(Unauthorized, "layer %s is not public: sign in", id)
	default:
		return nil, Errorf(Forbidden, "you have no right to read layer %s: ask an administrator", id)
	}
}

// Dependents are the layers of other tables whose computed fields are made of
// rows of the table.
func (c *Catalog) Dependents(table string) []*Layer { return c.dependents[table] }

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
