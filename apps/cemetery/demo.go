package cemetery

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/paulmach/orb"
	"github.com/twpayne/go-geom"

	"arpent/geo/town"
	"arpent/layers"
)

const (
	srid = 2154
	// today is the day on which the invented registers stand, so that they are
	// the same whenever they are loaded.
	today = 2026
)

// LoadTown stores an invented cemetery of a synthetic town, sized to it:
// plots in every state, the dead, the holders and their contracts.
func LoadTown(ctx context.Context, service *layers.Service, v layers.Viewer, t *town.Town, seed uint64) error {
	inhabitants := 0
	for _, a := range t.Addresses {
		inhabitants += a.Inhabitants
	}
	all := town.NewCemeteries(t, inhabitants)
	if len(all) == 0 {
		return nil
	}
	d := &demo{town: t, r: rand.New(rand.NewPCG(seed, 0xce3e)), kinds: map[int]int64{}}
	if err := d.contractKinds(ctx, service, v); err != nil {
		return err
	}
	for _, c := range all {
		d.ground(c)
	}
	if _, err := service.Transact(ctx, v, layers.Transaction{Edits: d.edits}); err != nil {
		return fmt.Errorf("loading the cemetery of %s: %w", t.Name, err)
	}
	return nil
}

type demo struct {
	town  *town.Town
	r     *rand.Rand
	edits []layers.Edit
	kinds map[int]int64 // contract kinds by years, 0 for perpetual
}

// contractKinds finds the kinds that migrations brought.
func (d *demo) contractKinds(ctx context.Context, service *layers.Service, v layers.Viewer) error {
	found, err := service.Features(ctx, v, "cemetery.contract_kinds", layers.Query{ValidOn: fmt.Sprintf("%d-01-01", today)})
	if err != nil {
		return err
	}
	for f, err := range found {
		if err != nil {
			return err
		}
		var id int64
		if _, err := fmt.Sscan(f.ID, &id); err != nil {
			return fmt.Errorf("reading contract kind %s: %w", f.ID, err)
		}
		years, _ := f.Properties["duration"].(int64)
		d.kinds[int(years)] = id
	}
	return nil
}

func (d *demo) add(layer string, shape geom.T, properties map[string]any, refer map[string]int) int {
	if shape != nil {
		layers.SetSRID(shape, srid)
	}
	d.edits = append(d.edits, layers.Edit{Op: layers.Create, Layer: layer, Collectivity: d.town.Code, Geometry: shape, Properties: properties, Refer: refer,
		At: fmt.Sprintf("%s[%d]", layer, len(d.edits))})
	return len(d.edits) - 1
}

func (d *demo) ground(c *town.Cemetery) {
	cemetery := d.add("cemetery.cemeteries", polygon(c.Geometry[0]), map[string]any{"name": c.Name, "address": d.town.Name}, nil)
	var sections, paths, plots []int
	for _, s := range c.Sections {
		sections = append(sections, d.add("cemetery.sections", polygon(s.Geometry[0]), map[string]any{"name": s.Name}, map[string]int{"cemetery": cemetery}))
	}
	for _, p := range c.Paths {
		flat := []float64{p.Geometry[0][0], p.Geometry[0][1], p.Geometry[1][0], p.Geometry[1][1]}
		paths = append(paths, d.add("cemetery.paths", geom.NewMultiLineStringFlat(geom.XY, flat, []int{4}), map[string]any{"name": p.Name}, map[string]int{"section": sections[p.Section]}))
	}
	states := make([]grave, len(c.Plots))
	for i, p := range c.Plots {
		states[i] = d.grave()
		properties := states[i].properties
		properties["number"] = p.Number
		plots = append(plots, d.add("cemetery.plots", polygon(p.Geometry[0]), properties, map[string]int{"path": paths[p.Path]}))
	}
	for i, g := range states {
		for range g.dead {
			d.add("cemetery.deceased", nil, d.deceased(g), map[string]int{"plot": plots[i]})
		}
	}
	holders := make([]int, len(states))
	for i, g := range states {
		if g.family != "" {
			holders[i] = d.add("cemetery.holders", nil, d.holder(g), map[string]int{"plot": plots[i]})
		}
	}
	for i, g := range states {
		if g.family != "" {
			d.add("cemetery.contracts", nil, map[string]any{
				"operation": "purchase", "kind": d.kinds[g.years], "deed_number": g.properties["deed_number"], "signed_on": g.properties["sold_on"],
				"ends_on": g.properties["ends_on"], "amount": 150 * (1 + d.r.IntN(12)),
			}, map[string]int{"plot": plots[i], "holder": holders[i]})
		}
	}
}

// grave is an invented concession.
type grave struct {
	family     string
	sold       int // year
	years      int // 0: for ever
	dead       int
	properties map[string]any
}

func (d *demo) grave() grave {
	g := grave{properties: map[string]any{"kind": "concession", "width": 1.0, "depth": 2.5, "area": 2.5}}
	if d.r.IntN(8) == 0 { // still free
		return g
	}
	g.family = families[d.r.IntN(len(families))]
	g.years = []int{15, 30, 30, 30, 50, 50, 0}[d.r.IntN(7)]
	g.sold = today - 1 - d.r.IntN(55)
	if g.years > 0 { // most are renewed in time
		for d.r.IntN(10) > 0 && g.sold+g.years < today {
			g.sold += g.years
		}
		g.sold = min(g.sold, today-1)
	}
	places := 1 + d.r.IntN(4)
	g.dead = d.r.IntN(places + 1)
	day := fmt.Sprintf("%02d-%02d", 1+d.r.IntN(12), 1+d.r.IntN(28))
	p := g.properties
	p["family"], p["places"], p["sold_on"], p["deed_on"] = g.family, places, fmt.Sprintf("%d-%s", g.sold, day), fmt.Sprintf("%d-%s", g.sold, day)
	p["deed_number"] = fmt.Sprintf("%d-%03d", g.sold, 1+d.r.IntN(400))
	p["contract_kind"] = d.kinds[g.years]
	p["term"] = "perpetual"
	if g.years > 0 {
		p["term"], p["duration"], p["ends_on"] = "temporary", g.years, fmt.Sprintf("%d-%s", g.sold+g.years, day)
	}
	p["tomb"] = []string{"earth", "vault", "slab", "vault", "chapel"}[d.r.IntN(5)]
	p["monument"] = []string{"good", "good", "fair", "poor", "none"}[d.r.IntN(5)]
	if g.years == 0 && d.r.IntN(4) == 0 {
		p["abandoned"], p["abandoned_on"], p["monument"] = true, "2021-05-04", "ruined"
		if d.r.IntN(2) == 0 {
			p["reclaim"] = []string{"started", "first_report", "reclaimed"}[d.r.IntN(3)]
		}
	}
	return g
}

func (d *demo) deceased(g grave) map[string]any {
	died := g.sold + d.r.IntN(max(1, today-g.sold))
	return map[string]any{
		"name": g.family, "first_names": firstNames[d.r.IntN(len(firstNames))], "born_on": fmt.Sprintf("%d-%02d-%02d", died-40-d.r.IntN(55), 1+d.r.IntN(12), 1+d.r.IntN(28)),
		"died_on": fmt.Sprintf("%d-%02d-10", died, 1+d.r.IntN(12)), "died_at": d.town.Name, "container": "coffin", "size": 1,
	}
}

func (d *demo) holder(g grave) map[string]any {
	return map[string]any{
		"quality": "holder", "name": g.family, "first_names": firstNames[d.r.IntN(len(firstNames))],
		"born_on": fmt.Sprintf("%d-%02d-%02d", g.sold-30-d.r.IntN(40), 1+d.r.IntN(12), 1+d.r.IntN(28)), "deceased": g.sold < today-40,
		"address": fmt.Sprintf("%d rue Fictive", 1+d.r.IntN(90)), "postcode": "00000", "city": d.town.Name, "phone": fmt.Sprintf("01 99 00 %02d %02d", d.r.IntN(100), d.r.IntN(100)),
	}
}

// Invented names: no family is meant.
var (
	families = []string{"Aubrelle", "Bancillon", "Carvoisin", "Delmontaine", "Estrevel", "Fauchemont", "Garancier", "Hautevigne", "Jolibert", "Kerlantec", "Lamoureau", "Malvoisier",
		"Noirmont", "Ormelet", "Pastourel", "Quintrelle", "Rochambart", "Sauvagnat", "Tournelac", "Valmorin", "Verdelet", "Ysambert"}
	firstNames = []string{"Adèle", "Baptiste", "Camille", "Denise", "Édouard", "Fernande", "Gaston", "Hélène", "Irène", "Jules", "Lucienne", "Marcel", "Noémie", "Octave", "Paulette", "René", "Simone", "Théodore", "Yvonne"}
)

func polygon(ring orb.Ring) geom.T {
	flat := make([]float64, 0, 2*len(ring))
	for _, p := range ring {
		flat = append(flat, p[0], p[1])
	}
	return geom.NewMultiPolygonFlat(geom.XY, flat, [][]int{{len(flat)}})
}
