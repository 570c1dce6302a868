package land

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/peterstace/simplefeatures/geom"
	"github.com/peterstace/simplefeatures/rtree"
	gogeom "github.com/twpayne/go-geom"
	"github.com/twpayne/go-geom/encoding/wkb"

	"arpent/layers"
)

// plan is the cadastral plan of a commune, put together from its sheets.
type plan struct {
	code    string
	srid    int
	objects map[string]map[string]*object // by layer, by key

	parcels  map[string]string   // keys of parcels by the identifiers that the cadastre gave them
	related  map[string][]string // objects by object
	leftOut  map[fate]bool
	repaired map[fate]bool
}

// fate is what became of an object that is not taken as it is.
type fate struct{ layer, source, reason string }

// object is one object of the plan.
type object struct {
	dimension  dimension
	parts      map[string]*part // by the identifier that the cadastre gave
	properties map[string]any
	shapes     []geom.Geometry
	shape      geom.Geometry // of all shapes
}

// part is an object of the cadastre. A parcel, say, that stands apart in two
// of them is one of ours.
type part struct {
	updated    float64 // YYYYMMDD
	properties map[string]any
	shapes     []geom.Geometry // different ones
}

// newPlan joins the sheets. An object that several show is taken as the sheet
// has it that was updated last.
func newPlan(code string, sheets []*sheet) (*plan, error) {
	p := &plan{
		code: code, objects: map[string]map[string]*object{}, parcels: map[string]string{}, related: map[string][]string{},
		leftOut: map[fate]bool{}, repaired: map[fate]bool{},
	}
	for _, s := range sheets {
		if p.srid != 0 && s.srid != p.srid {
			return nil, layers.Errorf(layers.Invalid, "%s is in EPSG:%d, %s in EPSG:%d: give sheets in one projection", sheets[0].archive, p.srid, s.archive, s.srid)
		}
		p.srid = s.srid
		maps.Copy(p.related, s.related)
		for _, k := range kinds {
			for _, r := range s.records[k.source] {
				if err := p.add(k, r); err != nil {
					return nil, about(s.archive, err)
				}
			}
		}
	}
	for layer, objects := range p.objects {
		for key, o := range objects {
			if err := o.settle(); err != nil {
				return nil, fmt.Errorf("joining the parts of %s %s: %w", layer, key, err)
			}
		}
	}
	if len(p.objects["land.parcels"]) == 0 {
		return nil, layers.Errorf(layers.Invalid, "the archives hold no parcel: give the sheets of a cadastral plan in EDIGEO")
	}
	return p, nil
}

func (p *plan) add(k kind, r record) error {
	source := sourceID(r.Record)
	key, properties, err := k.read(p.code, r.Record)
	if reason, ok := errors.AsType[leftOut](err); ok {
		p.leftOut[fate{k.layer, source, string(reason)}] = true
		return nil
	}
	if err != nil {
		return err
	}
	if key == "" {
		return layers.Errorf(layers.Invalid, "an object of %s has no identifier (OBJECT_RID)", k.source)
	}
	if !k.holds(r.shape) {
		p.leftOut[fate{k.layer, source, "its shape is missing or cannot be mended"}] = true
		return nil
	}
	if r.repaired {
		p.repaired[fate{k.layer, source, ""}] = true
	}
	if k.layer == "land.parcels" {
		p.parcels[source] = key
	}
	if p.objects[k.layer] == nil {
		p.objects[k.layer] = map[string]*object{}
	}
	o := p.objects[k.layer][key]
	if o == nil {
		o = &object{dimension: k.dimension, parts: map[string]*part{}}
		p.objects[k.layer][key] = o
	}
	updated, _ := r.Properties["UPDATE_DATE"].(float64)
	o.add(source, &part{updated, properties, []geom.Geometry{r.shape}})
	return nil
}

// holds reports whether the shape is one that objects of this kind have.
func (k kind) holds(shape geom.Geometry) bool {
	if shape.IsEmpty() || shape.Dimension() != int(k.dimension) || shape.Type() == geom.TypeGeometryCollection {
		return false
	}
	return k.dimension != line || shape.Length() > 0
}

// add takes what a sheet says of a part: instead of older word, beside word
// of the same day that gives it another shape.
func (o *object) add(source string, p *part) {
	known := o.parts[source]
	switch {
	case known == nil || p.updated > known.updated:
		o.parts[source] = p
	case p.updated == known.updated && !slices.ContainsFunc(known.shapes, func(g geom.Geometry) bool { return geom.ExactEquals(g, p.shapes[0]) }):
		known.shapes = append(known.shapes, p.shapes...)
	}
}

// settle makes the parts one object, with the properties of the newest.
func (o *object) settle() error {
	newest := -1.0
	for _, source := range slices.Sorted(maps.Keys(o.parts)) {
		p := o.parts[source]
		if p.updated > newest {
			newest, o.properties = p.updated, p.properties
		}
		o.shapes = append(o.shapes, p.shapes...)
	}
	return o.join()
}

// join makes the shapes one.
func (o *object) join() (err error) {
	switch {
	case len(o.shapes) == 1, o.dimension == spot:
		o.shape = o.shapes[0]
	case o.dimension == area:
		o.shape, err = geom.UnionMany(o.shapes)
	default: // a union would cut lines where they meet
		var lines []geom.LineString
		for _, shape := range o.shapes {
			for _, single := range shape.Dump() {
				lines = append(lines, single.MustAsLineString())
			}
		}
		o.shape = geom.NewMultiLineString(lines).AsGeometry()
	}
	return err
}

// toLayer makes a shape one that can be stored.
func toLayer(shape geom.Geometry, srid int) (gogeom.T, error) {
	g, err := wkb.Unmarshal(shape.AsBinary())
	if err != nil {
		return nil, err
	}
	layers.SetSRID(g, srid)
	return g, nil
}

// streetReach is how far a number may be from the street it is in, metres.
const streetReach = 150

// placeAddresses gives numbers the street that is nearest of all, as the plan
// says none, and the parcel to which the plan relates them, else in which they lie.
func (p *plan) placeAddresses(all map[string]*object) {
	streets, parcels := newIndex(all), newIndex(p.objects["land.parcels"])
	addresses := p.objects["land.addresses"]
	for _, key := range slices.Sorted(maps.Keys(addresses)) {
		a := addresses[key]
		street, distance := streets.nearest(a.shape, nil)
		if distance > streetReach {
			p.leftOut[fate{"land.addresses", key, fmt.Sprintf("no street is within %d m of it", streetReach)}] = true
			delete(addresses, key)
			continue
		}
		a.properties["street"] = all[street].properties["name"]
		var related []string
		for _, source := range p.related[key] {
			if parcel, ok := p.parcels[source]; ok {
				related = append(related, parcel)
			}
		}
		if parcel, distance := parcels.nearest(a.shape, related); len(related) > 0 || distance == 0 {
			a.properties["parcel_id"] = parcel
		}
	}
}

// index finds objects by place.
type index struct {
	keys    []string
	objects map[string]*object
	tree    *rtree.RTree
}

func newIndex(objects map[string]*object) *index {
	ix := &index{keys: slices.Sorted(maps.Keys(objects)), objects: objects}
	var items []rtree.BulkItem
	for i, key := range ix.keys {
		if box, ok := objects[key].shape.Envelope().AsBox(); ok {
			items = append(items, rtree.BulkItem{Box: box, RecordID: i})
		}
	}
	ix.tree = rtree.BulkLoad(items)
	return ix
}

// nearest finds the object nearest to the point and its distance, among those
// of the keys, or among all; the first by key of those at one distance.
func (ix *index) nearest(point geom.Geometry, among []string) (key string, distance float64) {
	distance = math.Inf(1)
	try := func(candidate string) {
		d, ok := geom.Distance(point, ix.objects[candidate].shape)
		if ok && (d < distance || d == distance && candidate < key) {
			key, distance = candidate, d
		}
	}
	if len(among) > 0 {
		for _, candidate := range among {
			try(candidate)
		}
		return key, distance
	}
	box, ok := point.Envelope().AsBox()
	if !ok {
		return key, distance
	}
	_ = ix.tree.PrioritySearch(box, func(i int) error { // boxes come nearest first
		if d, ok := point.Envelope().Distance(ix.objects[ix.keys[i]].shape.Envelope()); ok && d > distance {
			return rtree.Stop
		}
		try(ix.keys[i])
		return nil
	})
	return key, distance
}
