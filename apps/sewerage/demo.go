package sewerage

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/paulmach/orb"
	"github.com/tidwall/rtree"
	"github.com/twpayne/go-geom"

	"arpent/geo/town"
	"arpent/layers"
)

const srid = 2154

// LoadTown stores a foul network below the streets of a synthetic town, with
// invented records: materials by their time, connections of parcels, some
// inspections and repairs.
func LoadTown(ctx context.Context, service *layers.Service, v layers.Viewer, t *town.Town, seed uint64) error {
	d := &demo{town: t, network: town.NewSewers(t, seed), r: rand.New(rand.NewPCG(seed, 0x5e3e))}
	d.nodes()
	d.pipes()
	d.connections()
	d.upkeep()
	if len(d.edits) == 0 {
		return nil
	}
	if _, err := service.Transact(ctx, v, layers.Transaction{Edits: d.edits}); err != nil {
		return fmt.Errorf("loading the sewers of %s: %w", t.Name, err)
	}
	return nil
}

type demo struct {
	town    *town.Town
	network *town.Sewers
	r       *rand.Rand
	edits   []layers.Edit
	node    []int // by manhole: the edit that creates it
	pipe    []int // by pipe: the edit that creates it
}

func (d *demo) add(layer string, shape geom.T, properties map[string]any, refer map[string]int) int {
	if shape != nil {
		layers.SetSRID(shape, srid)
	}
	d.edits = append(d.edits, layers.Edit{
		Op: layers.Create, Layer: layer, Collectivity: d.town.Code, Geometry: shape, Properties: properties, Refer: refer,
		At: fmt.Sprintf("%s[%d]", layer, len(d.edits)),
	})
	return len(d.edits) - 1
}

func (d *demo) nodes() {
	for i, m := range d.network.Manholes {
		kind := "06"
		if m.Plant {
			kind = "02"
		}
		properties := map[string]any{
			"reference": fmt.Sprintf("R%05d", i), "kind": kind, "network": "02", "owner": d.town.Name, "operator": "Régie des eaux (fictive)",
			"cover_level": m.CoverLevel, "invert_level": m.InvertLevel, "xy_quality": d.quality(), "z_quality": d.quality(),
			"source": "Données synthétiques",
		}
		if d.r.Float64() < 0.04 { // levels that nobody has measured are missing
			properties["cover_level"], properties["invert_level"] = nil, nil
		}
		d.node = append(d.node, d.add("sewerage.nodes", geom.NewPointFlat(geom.XYZ, []float64{m.Position[0], m.Position[1], m.CoverLevel}), properties, nil))
	}
}

func (d *demo) quality() string { return []string{"01", "01", "02", "02", "02", "03"}[d.r.IntN(6)] }

// eras are what sewers were made of, and until when.
var eras = []struct {
	until    int
	material string
}{{1950, "13"}, {1970, "02"}, {1985, "04"}, {2000, "24"}, {2024, "27"}}

func (d *demo) pipes() {
	for i, p := range d.network.Pipes {
		year := 1935 + d.r.IntN(88)
		material := ""
		for _, era := range eras {
			if material == "" && year <= era.until {
				material = era.material
			}
		}
		up, down := d.network.Manholes[p.Upstream], d.network.Manholes[p.Downstream]
		d.pipe = append(d.pipe, d.add("sewerage.pipes", lineZ(p.Geometry, up.InvertLevel, down.InvertLevel), map[string]any{
			"reference": fmt.Sprintf("C%05d", i), "network": "02", "content": "02", "function": "02", "flow_mode": "01", "shape": "circular",
			"owner": d.town.Name, "operator": "Régie des eaux (fictive)", "material": material, "diameter": p.Diameter,
			"invert_up": up.InvertLevel, "invert_down": down.InvertLevel, "laid_from": year - d.r.IntN(6), "laid_until": year,
			"year_quality": []string{"01", "02", "03"}[d.r.IntN(3)], "xy_quality": d.quality(), "z_quality": d.quality(),
			"condition": 1 + min(4, (2024-year)/22), "source": "Données synthétiques",
		}, map[string]int{"upstream": d.node[p.Upstream], "downstream": d.node[p.Downstream]}))
	}
}

// lineZ gives a line heights that go evenly from one end to the other.
func lineZ(line orb.LineString, from, to float64) *geom.LineString {
	flat := make([]float64, 0, 3*len(line))
	for i, p := range line {
		share := float64(i) / float64(len(line)-1)
		flat = append(flat, p[0], p[1], from+share*(to-from))
	}
	return geom.NewLineStringFlat(geom.XYZ, flat)
}

// connections join the parcels that have an address to the nearest pipe.
func (d *demo) connections() {
	var pipes rtree.RTreeG[int]
	for i, p := range d.network.Pipes {
		b := p.Geometry.Bound()
		pipes.Insert(b.Min, b.Max, i)
	}
	served := map[int]bool{}
	for _, a := range d.town.Addresses {
		if served[a.Parcel] {
			continue
		}
		served[a.Parcel] = true
		pipes.Nearby(rtree.BoxDist[float64, int](a.Position, a.Position, nil), func(_, _ [2]float64, i int, _ float64) bool {
			level := d.network.Manholes[d.network.Pipes[i].Downstream].CoverLevel
			d.add("sewerage.appliances", geom.NewPointFlat(geom.XYZ, []float64{a.Position[0], a.Position[1], level}), map[string]any{
				"kind": "01", "network": "02", "parcel": d.town.Parcels[a.Parcel].ID, "diameter": 160,
			}, map[string]int{"pipe": d.pipe[i]})
			return false
		})
	}
}

// upkeep invents interventions, inspections with what they saw, and repairs.
func (d *demo) upkeep() {
	day := func() string { return fmt.Sprintf("%d-%02d-%02d", 2019+d.r.IntN(6), 1+d.r.IntN(12), 1+d.r.IntN(28)) }
	for i, p := range d.network.Pipes {
		on := map[string]int{"pipe": d.pipe[i]}
		switch n := d.r.IntN(40); {
		case n == 0:
			inspection := d.add("sewerage.inspections", nil, map[string]any{"inspected_on": day(), "operator": "Vidéo Réseau (fictive)", "length": 60, "grade": 1 + d.r.IntN(5)}, on)
			for _, code := range []string{"BCD", "BAB", "BBA", "BCE"} {
				d.add("sewerage.observations", nil, map[string]any{"distance": 0.5 * float64(d.r.IntN(100)), "code": code, "clock": 1 + d.r.IntN(12), "grade": 1 + d.r.IntN(5)}, map[string]int{"inspection": inspection})
			}
		case n == 1:
			middle := p.Geometry[len(p.Geometry)/2]
			d.add("sewerage.repairs", geom.NewPointFlat(geom.XY, []float64{middle[0], middle[1]}), map[string]any{
				"defect": []string{"01", "02", "03", "04", "05"}[d.r.IntN(5)], "repaired_on": day(), "company": "Travaux Publics du Val (fictive)", "cost": 500 + 100*d.r.IntN(40),
			}, on)
		case n < 5:
			d.add("sewerage.interventions", nil, map[string]any{"kind": []string{"jetting", "maintenance", "camera"}[d.r.IntN(3)], "done_on": day(), "company": "Régie des eaux (fictive)"}, on)
		}
	}
}
