package planning

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"github.com/twpayne/go-geom"

	"arpent/geo/town"
	"arpent/layers"
)

const srid = 2154

// LoadTown stores an invented plan of a synthetic town: zones that tile the
// commune as its sections do, some prescriptions and information.
func LoadTown(ctx context.Context, service *layers.Service, v layers.Viewer, t *town.Town, seed uint64) error {
	d := &demo{town: t, r: rand.New(rand.NewPCG(seed, 0x91a4))}
	d.document()
	d.zones()
	d.prescriptions()
	if _, err := service.Transact(ctx, v, layers.Transaction{Edits: d.edits}); err != nil {
		return fmt.Errorf("loading the plan of %s: %w", t.Name, err)
	}
	return nil
}

type demo struct {
	town  *town.Town
	r     *rand.Rand
	edits []layers.Edit
}

func (d *demo) idurba() string { return d.town.Code + "_PLU_20240115" }

func (d *demo) add(layer string, shape geom.T, properties map[string]any) {
	if shape != nil {
		layers.SetSRID(shape, srid)
		if layer != "planning.easements" {
			properties["idurba"], properties["datvalid"] = d.idurba(), "2024-01-15"
		}
	}
	d.edits = append(d.edits, layers.Edit{Op: layers.Create, Layer: layer, Collectivity: d.town.Code, Geometry: shape, Properties: properties, At: layer})
}

func (d *demo) document() {
	d.add("planning.documents", nil, map[string]any{
		"idurba": d.idurba(), "typedoc": "PLU", "etat": "03", "nomproc": "E", "datappro": "2024-01-15", "typeref": "01", "dateref": "2023-01-01",
		"notes": "Données synthétiques",
	})
}

// zones calls the sections in which most of the land is built on urban, the
// densest of them the core, and the others farmland, natural by the river, or
// to be built on where they touch the town.
func (d *demo) zones() {
	built := make([]float64, len(d.town.Sections))
	for _, p := range d.town.Parcels {
		built[p.Section]++
	}
	density := func(i int) float64 { return built[i] / planar.Area(d.town.Sections[i].Geometry) * 10000 }
	order := make([]int, len(d.town.Sections))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Or(cmp.Compare(density(b), density(a)), cmp.Compare(a, b)) })
	for rank, i := range order {
		share := float64(rank) / float64(len(order))
		zone, kind, long, use := "A", "A", "Zone agricole", "06"
		switch {
		case share < 0.12:
			zone, kind, long, use = "UA", "U", "Centre ancien", "03"
		case share < 0.4:
			zone, kind, long, use = "UB", "U", "Faubourgs", "01"
		case share < 0.65:
			zone, kind, long, use = "UC", "U", "Extensions pavillonnaires", "01"
		case share < 0.72:
			zone, kind, long, use = "1AU", "AUc", "Zone à urbaniser", "01"
		case share < 0.76:
			zone, kind, long, use = "2AU", "AUs", "Zone à urbaniser à terme", "01"
		case share > 0.9:
			zone, kind, long, use = "N", "N", "Zone naturelle", "07"
		}
		d.add("planning.zones", polygon(d.town.Sections[i].Geometry[0]), map[string]any{
			"libelle": zone, "libelong": long, "typezone": kind, "destdomi": use, "nomfic": d.idurba() + "_reglement.pdf", "datappro": "2024-01-15",
		})
	}
}

func (d *demo) prescriptions() {
	for i, p := range d.town.Parcels {
		ring := p.Geometry[0]
		switch n := d.r.IntN(400); {
		case n == 0:
			d.add("planning.prescriptions_surf", polygon(ring), map[string]any{"libelle": fmt.Sprintf("Emplacement réservé n° %d", i), "txt": "Élargissement de voie", "typepsc": "05", "stypepsc": "01"})
		case n == 1 && planar.Area(p.Geometry) > 2000:
			d.add("planning.prescriptions_surf", polygon(ring), map[string]any{"libelle": "Espace boisé classé", "typepsc": "01", "stypepsc": "00"})
		case n == 2:
			d.add("planning.prescriptions_pct", geom.NewMultiPointFlat(geom.XY, []float64{ring[0][0], ring[0][1]}), map[string]any{"libelle": "Élément de patrimoine bâti", "typepsc": "07", "stypepsc": "01"})
		case n == 3:
			d.add("planning.information_surf", polygon(ring), map[string]any{"libelle": "Site archéologique", "typeinf": "16", "stypeinf": "00"})
		}
	}
	for i, s := range d.town.Streets {
		if i%60 == 5 {
			var flat []float64
			for _, p := range s.Geometry {
				flat = append(flat, p[0], p[1])
			}
			d.add("planning.prescriptions_lin", geom.NewMultiLineStringFlat(geom.XY, flat, []int{len(flat)}), map[string]any{
				"libelle": "Linéaire commercial à préserver", "typepsc": "22", "stypepsc": "00"})
		}
	}
	for _, w := range d.town.Watercourses {
		d.add("planning.easements", polygon(w.Geometry[0]), map[string]any{"suptype": "PM1", "nomsup": "Plan de prévention du risque d'inondation", "act_on": "2012-06-04", "manager": "Préfecture"})
	}
}

func polygon(ring orb.Ring) geom.T {
	flat := make([]float64, 0, 2*len(ring))
	for _, p := range ring {
		flat = append(flat, p[0], p[1])
	}
	return geom.NewMultiPolygonFlat(geom.XY, flat, [][]int{{len(flat)}})
}
