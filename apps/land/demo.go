package land

import (
	"context"
	"fmt"

	"github.com/paulmach/orb"
	"github.com/twpayne/go-geom"

	"arpent/geo/town"
	"arpent/layers"
)

// srid of the land tables: Lambert-93.
const srid = 2154

// LoadTown stores a synthetic town as the collectivity of its code, which must
// exist and have no land records yet: its cadastre in one transaction, then
// owners and permits.
func LoadTown(ctx context.Context, service *layers.Service, v layers.Viewer, t *town.Town, seed uint64) error {
	var tx layers.Transaction
	add := func(layer, id string, shape geom.T, properties map[string]any) {
		layers.SetSRID(shape, srid)
		tx.Edits = append(tx.Edits, layers.Edit{
			Op: layers.Create, Layer: layer, ID: id, Collectivity: t.Code, Geometry: shape, Properties: properties, At: layer,
		})
	}

	add("land.communes", t.Code, multiPolygon(t.Boundary), map[string]any{"id": t.Code, "name": t.Name})
	for _, w := range t.Watercourses {
		add("land.watercourses", "", multiPolygon(w.Geometry), map[string]any{"name": w.Name})
	}
	for _, p := range t.PlaceNames {
		add("land.place_names", "", multiPolygon(p.Geometry), map[string]any{"name": p.Name})
	}
	for _, s := range t.Sections {
		add("land.sections", s.ID, multiPolygon(s.Geometry), map[string]any{"id": s.ID, "prefix": s.Prefix, "code": s.Code})
	}
	for _, b := range t.Blocks {
		add("land.blocks", "", multiPolygon(b.Geometry), map[string]any{"number": b.ID + 1, "section": t.Sections[b.Section].ID})
	}
	addresses := parcelAddresses(t)
	for i, p := range t.Parcels {
		s := t.Sections[p.Section]
		add("land.parcels", p.ID, multiPolygon(p.Geometry), map[string]any{
			"id": p.ID, "prefix": s.Prefix, "section": s.Code, "number": p.Number, "registered_area": p.RegisteredArea, "address": addresses[i],
		})
	}
	for _, b := range t.Buildings {
		add("land.buildings", "", multiPolygon(b.Geometry), map[string]any{"kind": b.Kind, "name": textOrNull(b.Name), "levels": b.Levels})
	}
	for _, s := range t.Streets {
		add("land.streets", "", multiLineString(s.Geometry), map[string]any{"name": s.Name, "class": s.Class})
	}
	for _, a := range t.Addresses {
		add("land.addresses", "", point(a.Position), map[string]any{
			"number": a.Number, "suffix": textOrNull(a.Suffix), "street": t.Streets[a.Street].Name, "parcel_id": t.Parcels[a.Parcel].ID,
			"inhabitants": a.Inhabitants, "electors": a.Electors,
		})
	}
	if _, err := service.Transact(ctx, v, tx); err != nil {
		return fmt.Errorf("loading the town %s: %w", t.Name, err)
	}
	if err := loadOwners(ctx, service, v, t, seed); err != nil {
		return err
	}
	return loadPermits(ctx, service, v, t, seed)
}

// parcelAddresses are the addresses of parcels as one text, by index of the
// parcel; nil where there is none, the first where there are several.
func parcelAddresses(t *town.Town) map[int]any {
	texts := map[int]any{}
	for _, a := range t.Addresses {
		if texts[a.Parcel] != nil {
			continue
		}
		suffix := a.Suffix
		if suffix != "" {
			suffix = " " + suffix
		}
		texts[a.Parcel] = fmt.Sprintf("%d%s %s", a.Number, suffix, t.Streets[a.Street].Name)
	}
	return texts
}

func textOrNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func flatten(flat []float64, ring []orb.Point) []float64 {
	for _, p := range ring {
		flat = append(flat, p[0], p[1])
	}
	return flat
}

func multiPolygon(p orb.Polygon) *geom.MultiPolygon {
	var flat []float64
	var ends []int
	for _, ring := range p {
		flat = flatten(flat, ring)
		ends = append(ends, len(flat))
	}
	return geom.NewMultiPolygonFlat(geom.XY, flat, [][]int{ends})
}

func multiLineString(line orb.LineString) *geom.MultiLineString {
	flat := flatten(nil, line)
	return geom.NewMultiLineStringFlat(geom.XY, flat, []int{len(flat)})
}

func point(p orb.Point) *geom.Point { return geom.NewPointFlat(geom.XY, p[:]) }
