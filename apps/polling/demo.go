package polling

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/twpayne/go-geom"

	"arpent/geo/town"
	"arpent/layers"
)

const (
	srid = 2154
	// wanted is the number of electors of an invented station.
	wanted = 900
)

// LoadTown divides a synthetic town into stations of about 900 electors, made
// of its sections by their direction from the centre, and writes the rules
// that its addresses follow.
func LoadTown(ctx context.Context, service *layers.Service, v layers.Viewer, t *town.Town, _ uint64) error {
	d := &demo{town: t}
	d.divide()
	if err := d.stations(ctx, service, v); err != nil {
		return fmt.Errorf("loading the polling stations of %s: %w", t.Name, err)
	}
	d.streets()
	if _, err := service.Transact(ctx, v, layers.Transaction{Edits: d.edits}); err != nil {
		return fmt.Errorf("loading the polling stations of %s: %w", t.Name, err)
	}
	return nil
}

type demo struct {
	town    *town.Town
	station []int   // by section
	members [][]int // by station: its sections
	edits   []layers.Edit
	created []int // by station: the edit that creates it
}

func (d *demo) add(layer string, shape geom.T, properties map[string]any, refer map[string]int) int {
	if shape != nil {
		layers.SetSRID(shape, srid)
	}
	d.edits = append(d.edits, layers.Edit{Op: layers.Create, Layer: layer, Collectivity: d.town.Code, Geometry: shape, Properties: properties, Refer: refer,
		At: fmt.Sprintf("%s[%d]", layer, len(d.edits))})
	return len(d.edits) - 1
}

// divide goes round the centre and begins another station when one is full.
func (d *demo) divide() {
	electors := make([]int, len(d.town.Sections))
	for _, a := range d.town.Addresses {
		electors[d.town.Parcels[a.Parcel].Section] += a.Electors
	}
	centre := d.town.Boundary.Bound().Center()
	direction := func(i int) float64 {
		c := d.town.Sections[i].Geometry.Bound().Center()
		return math.Atan2(c[1]-centre[1], c[0]-centre[0])
	}
	order := make([]int, len(d.town.Sections))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Or(cmp.Compare(direction(a), direction(b)), cmp.Compare(a, b)) })
	d.station = make([]int, len(d.town.Sections))
	full := wanted
	for _, i := range order {
		if full >= wanted {
			d.members = append(d.members, nil)
			full = 0
		}
		last := len(d.members) - 1
		d.members[last] = append(d.members[last], i)
		d.station[i] = last
		full += electors[i]
	}
}

func (d *demo) stations(ctx context.Context, service *layers.Service, v layers.Viewer) error {
	canton := d.add("polling.cantons", polygon(d.town.Boundary[0]), map[string]any{"code": "01", "name": "Canton de " + d.town.Name, "constituency": "1re"}, nil)
	var places []int
	for i, sections := range d.members {
		at := d.town.Sections[sections[0]].Geometry.Bound().Center()
		for _, a := range d.town.Addresses { // at a door, not in a field
			if d.town.Parcels[a.Parcel].Section == sections[0] {
				at = a.Position
				break
			}
		}
		places = append(places, d.add("polling.places", geom.NewPointFlat(geom.XY, at[:]), map[string]any{"name": fmt.Sprintf("École n° %d", i+1), "accessible": i%5 != 0}, nil))
	}
	for i, sections := range d.members {
		var ids []string
		for _, s := range sections {
			ids = append(ids, d.town.Sections[s].ID)
		}
		// The perimeter is made where shared borders are exact.
		shape, err := service.Gather(ctx, v, "land.sections", ids, layers.Union, srid)
		if err != nil {
			return err
		}
		d.created = append(d.created, d.add("polling.stations", shape, map[string]any{
			"code": fmt.Sprintf("%02d", i+1), "name": fmt.Sprintf("École n° %d", i+1), "centralising": i == 0, "in_force_on": "2024-01-01",
		}, map[string]int{"canton": canton, "place": places[i]}))
	}
	return nil
}

// streets writes the streets, then a rule for each run of numbers of one side
// that vote in one station, then the addresses.
func (d *demo) streets() {
	byStreet := make([][]town.Address, len(d.town.Streets))
	for _, a := range d.town.Addresses {
		byStreet[a.Street] = append(byStreet[a.Street], a)
	}
	created := make([]int, len(byStreet))
	for i := range byStreet {
		if len(byStreet[i]) > 0 {
			created[i] = d.add("polling.streets", nil, map[string]any{"name": d.town.Streets[i].Name}, nil)
		}
	}
	for i, doors := range byStreet {
		d.rules(created[i], doors)
	}
	for i, doors := range byStreet {
		for _, a := range doors {
			properties := map[string]any{
				"label": fmt.Sprintf("%d %s", a.Number, d.town.Streets[i].Name), "number": a.Number, "electors": a.Electors, "score": 0.97, "precision": "housenumber",
			}
			if a.Suffix != "" {
				properties["label"], properties["suffix"] = fmt.Sprintf("%d %s %s", a.Number, a.Suffix, d.town.Streets[i].Name), a.Suffix
			}
			d.add("polling.addresses", geom.NewPointFlat(geom.XY, []float64{a.Position[0], a.Position[1]}), properties, map[string]int{"street": created[i], "station": d.created[d.stationOf(a)]})
		}
	}
}

func (d *demo) stationOf(a town.Address) int { return d.station[d.town.Parcels[a.Parcel].Section] }

func (d *demo) rules(street int, doors []town.Address) {
	if len(doors) == 0 {
		return
	}
	if !slices.ContainsFunc(doors, func(a town.Address) bool { return d.stationOf(a) != d.stationOf(doors[0]) }) {
		d.add("polling.rules", nil, map[string]any{"whole": true}, map[string]int{"street": street, "station": d.created[d.stationOf(doors[0])]})
		return
	}
	for parity, names := range [2][2]string{{"first_even", "last_even"}, {"first_odd", "last_odd"}} {
		side := slices.DeleteFunc(slices.Clone(doors), func(a town.Address) bool { return a.Number%2 != parity })
		slices.SortStableFunc(side, func(a, b town.Address) int { return cmp.Compare(a.Number, b.Number) })
		for len(side) > 0 {
			n := 1
			for n < len(side) && d.stationOf(side[n]) == d.stationOf(side[0]) {
				n++
			}
			d.add("polling.rules", nil, map[string]any{names[0]: side[0].Number, names[1]: side[n-1].Number},
				map[string]int{"street": street, "station": d.created[d.stationOf(side[0])]})
			side = side[n:]
		}
	}
}

func polygon(ring orb.Ring) geom.T {
	flat := make([]float64, 0, 2*len(ring))
	for _, p := range ring {
		flat = append(flat, p[0], p[1])
	}
	return geom.NewMultiPolygonFlat(geom.XY, flat, [][]int{{len(flat)}})
}
