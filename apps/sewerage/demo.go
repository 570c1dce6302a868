package sewerage

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"github.com/twpayne/go-geom"

	"arpent/geo/town"
	"arpent/layers"
)

const (
	srid = 2154
	// present is the year in which the invented records stand, so that they are
	// the same whenever they are loaded.
	present = 2026
)

// LoadTown stores the sewers of a synthetic town, with invented records:
// materials by their time, connections of parcels, some inspections and
// repairs.
func LoadTown(ctx context.Context, service *layers.Service, v layers.Viewer, t *town.Town, seed uint64) error {
	d := &demo{town: t, sewers: town.NewSewers(t, seed), seed: seed, r: rand.New(rand.NewPCG(seed, 0x5e3e))}
	if len(d.sewers.Pipes) == 0 {
		return nil
	}
	d.organisations()
	d.nodes()
	d.pipes()
	d.connections()
	d.upkeep()
	if _, err := service.Transact(ctx, v, layers.Transaction{Edits: d.edits}); err != nil {
		return fmt.Errorf("loading the sewers of %s: %w", t.Name, err)
	}
	return nil
}

// demo is the network being written. Nodes and pipes are known by the edits
// that create them.
type demo struct {
	town   *town.Town
	sewers *town.Sewers
	seed   uint64
	r      *rand.Rand
	edits  []layers.Edit

	owner, operator int
	node            []int  // by manhole
	levelled        []bool // by manhole: its levels were measured
	pipe            []int  // by pipe
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

// run adds who owns and who runs an object to what it refers to.
func (d *demo) run(refer map[string]int) map[string]int {
	refer["owner"], refer["operator"] = d.owner, d.operator
	return refer
}

func (d *demo) organisations() {
	d.owner = d.add("sewerage.organisations", nil, map[string]any{"name": "Commune de " + d.town.Name + " (fictive)", "role": "owner"}, nil)
	d.operator = d.add("sewerage.organisations", nil, map[string]any{"name": "Régie des eaux (fictive)", "role": "operator", "phone": "01 99 00 10 20"}, nil)
	d.add("sewerage.organisations", nil, map[string]any{"name": "Syndicat des rivières (fictif)", "role": "both", "valid_until": "2009-12-31"}, nil)
}

// RAEPA codes of what the town invents.
var (
	networks = map[string]string{town.Storm: "01", town.Foul: "02"}
	kinds    = map[string]string{town.Pump: "01", town.Plant: "02", town.Outfall: "05", town.Inspection: "06"}
	letters  = map[string]string{town.Storm: "EP", town.Foul: "EU"}
)

func (d *demo) nodes() {
	for i, m := range d.sewers.Manholes {
		year := d.year(m.Position)
		// Levels that nobody has measured are missing.
		levelled := m.Kind != town.Inspection || d.r.Float64() > 0.04
		d.levelled = append(d.levelled, levelled)
		properties := d.survey(year, map[string]any{
			"reference": fmt.Sprintf("R-%s-%05d", letters[m.Network], i+1), "kind": kinds[m.Kind], "network": networks[m.Network],
			"condition": d.condition(year),
		})
		z := 0.0
		if levelled {
			properties["invert_level"] = m.InvertLevel
			z = m.InvertLevel
			if m.Kind != town.Outfall {
				properties["cover_level"] = m.CoverLevel
				z = m.CoverLevel
			}
		}
		if m.Kind == town.Inspection {
			properties["access"] = []string{"Chaussée", "Chaussée", "Trottoir", "Accotement"}[d.r.IntN(4)]
		}
		d.node = append(d.node, d.add("sewerage.nodes", geom.NewPointFlat(geom.XYZ, []float64{m.Position[0], m.Position[1], z}), properties, d.run(map[string]int{})))
	}
}

// year is when the sewers of a place were laid: quarter by quarter, from the
// centre outwards.
func (d *demo) year(at orb.Point) int {
	const quarter = 320
	b := d.town.Boundary.Bound()
	x, y := int64(at[0]/quarter), int64(at[1]/quarter)
	r := rand.New(rand.NewPCG(d.seed, uint64(x)*0x9e3779b97f4a7c15^uint64(y)))
	far := planar.Distance(at, b.Center()) / (0.25 * (b.Max[0] - b.Min[0]))
	return min(present-2, 1935+int(35*min(2, far))+r.IntN(32))
}

// survey gives an object laid in a year the words and classes of its position.
func (d *demo) survey(year int, p map[string]any) map[string]any {
	class := min(2, (present-year)/30+d.r.IntN(2))
	p["xy_quality"] = []string{"01", "02", "03"}[class]
	p["z_quality"] = []string{"01", "02", "03"}[min(2, class+d.r.IntN(2))]
	p["surveyed_on"] = fmt.Sprintf("%d-%02d-%02d", min(present-1, max(year, 1998+d.r.IntN(26))), 1+d.r.IntN(12), 1+d.r.IntN(28))
	p["survey_source"] = []string{"Géomètre (fictif)", "Plan de récolement", "Ancien plan papier"}[class]
	p["updated_on"], p["update_source"] = fmt.Sprintf("%d-01-15", present-1), "Données synthétiques"
	certain := d.r.IntN(6)
	p["year_quality"] = fmt.Sprintf("%02d", certain)
	p["laid_until"] = year
	p["laid_from"] = year
	if certain == 4 || certain == 5 || certain == 0 {
		p["laid_from"] = year - d.r.IntN(12)
	}
	return p
}

// condition is a class from 1, good, to 5, that worsens with the years.
func (d *demo) condition(year int) int {
	return max(1, min(5, 1+(present-year)/24+d.r.IntN(3)-1))
}

// eras are what sewers were made of, and until when.
var eras = []struct {
	until     int
	materials []string
}{
	{1955, []string{"13", "14", "06"}}, {1972, []string{"02", "06", "13"}}, {1985, []string{"04", "24", "02"}}, {2002, []string{"27", "11", "04"}}, {math.MaxInt, []string{"27", "21", "11"}},
}

func (d *demo) material(year int, p town.Sewer) string {
	switch {
	case d.r.IntN(50) == 0:
		return "00"
	case p.Forced:
		return "18"
	case p.Diameter >= 500:
		return "04"
	}
	for _, era := range eras {
		if year <= era.until {
			return era.materials[d.r.IntN(len(era.materials))]
		}
	}
	return "00"
}

func (d *demo) pipes() {
	branches := make([]int, len(d.sewers.Pipes))
	for _, c := range d.sewers.Connections {
		branches[c.Pipe]++
	}
	for i, p := range d.sewers.Pipes {
		year := d.year(p.Geometry[0])
		properties := d.survey(year, map[string]any{
			"reference": fmt.Sprintf("C-%s-%05d", letters[p.Network], i+1), "network": networks[p.Network], "content": networks[p.Network],
			"function": "02", "flow_mode": "01", "shape": "circular", "material": d.material(year, p), "diameter": p.Diameter,
			"branches": branches[i], "condition": d.condition(year),
		})
		if p.Upstreams > 250 || p.Forced {
			properties["function"] = "01"
		}
		if p.Forced {
			properties["flow_mode"] = "02"
		}
		up, down := 0.0, 0.0
		if d.levelled[p.Upstream] && d.levelled[p.Downstream] {
			up, down = p.InvertUp, p.InvertDown
			properties["invert_up"], properties["invert_down"] = up, down
		}
		d.pipe = append(d.pipe, d.add("sewerage.pipes", lineZ(p.Geometry, up, down), properties,
			d.run(map[string]int{"upstream": d.node[p.Upstream], "downstream": d.node[p.Downstream]})))
	}
}

// lineZ gives a line heights that go evenly from one end to the other.
func lineZ(line orb.LineString, from, to float64) *geom.LineString {
	flat := make([]float64, 0, 3*len(line))
	whole, at := planar.Length(line), 0.0
	for i, p := range line {
		if i > 0 {
			at += planar.Distance(line[i-1], p)
		}
		flat = append(flat, p[0], p[1], math.Round((from+at/whole*(to-from))*1000)/1000)
	}
	return geom.NewLineStringFlat(geom.XYZ, flat)
}

func (d *demo) connections() {
	for i, c := range d.sewers.Connections {
		year := d.year(c.Position)
		d.add("sewerage.appliances", geom.NewPointFlat(geom.XYZ, []float64{c.Position[0], c.Position[1], 0}), d.survey(year, map[string]any{
			"reference": fmt.Sprintf("B-%05d", i+1), "kind": "01", "network": "02", "parcel": d.town.Parcels[c.Parcel].ID, "diameter": []int{125, 160, 160, 200}[d.r.IntN(4)],
		}), d.run(map[string]int{"pipe": d.pipe[c.Pipe]}))
	}
}

// upkeep invents interventions, inspections with what they saw, and repairs.
func (d *demo) upkeep() {
	for i, p := range d.sewers.Pipes {
		on := map[string]int{"pipe": d.pipe[i]}
		switch n := d.r.IntN(40); {
		case n == 0 && !p.Forced:
			d.inspect(p, on)
		case n == 1:
			middle := p.Geometry[len(p.Geometry)/2]
			d.add("sewerage.repairs", geom.NewPointFlat(geom.XY, []float64{middle[0], middle[1]}), map[string]any{
				"reference": fmt.Sprintf("I-%05d", i+1), "defect": []string{"01", "02", "03", "04", "05", "06"}[d.r.IntN(6)], "repaired_on": d.day(6),
				"company": "Travaux Publics du Val (fictive)", "cost": 500 + 100*d.r.IntN(40),
			}, map[string]int{"pipe": d.pipe[i], "owner": d.owner})
		case n < 5:
			properties := map[string]any{"kind": []string{"jetting", "jetting", "maintenance", "camera"}[d.r.IntN(4)], "done_on": d.day(4), "company": "Régie des eaux (fictive)"}
			if d.r.IntN(4) == 0 {
				properties["done_on"], properties["planned_on"] = nil, fmt.Sprintf("%d-%02d-%02d", present+1, 1+d.r.IntN(12), 1+d.r.IntN(28))
			}
			d.add("sewerage.interventions", nil, properties, on)
		}
	}
}

// day is one of the last years.
func (d *demo) day(years int) string {
	return fmt.Sprintf("%d-%02d-%02d", present-1-d.r.IntN(years), 1+d.r.IntN(12), 1+d.r.IntN(28))
}

// seen are observations with their grades.
var seen = []struct {
	code, characterisation string
	grade                  int
}{
	{"BAB", "BA", 2}, {"BAB", "CB", 4}, {"BAJ", "A", 2}, {"BAJ", "B", 3}, {"BBA", "A", 3}, {"BBA", "B", 4}, {"BBC", "A", 2}, {"BBF", "B", 4},
	{"BAC", "A", 5}, {"BAG", "", 3}, {"BAF", "A", 2}, {"BCA", "A", 1}, {"BDD", "A", 1},
}

// inspect runs a camera from the upstream manhole to the downstream one.
func (d *demo) inspect(p town.Sewer, on map[string]int) {
	length := math.Floor(planar.Length(p.Geometry)*10) / 10
	worst := 1
	type sight struct {
		distance float64
		what     int
	}
	var sights []sight
	for range d.r.IntN(6) {
		s := sight{math.Floor(length*d.r.Float64()*10) / 10, d.r.IntN(len(seen))}
		worst = max(worst, seen[s.what].grade)
		sights = append(sights, s)
	}
	inspection := d.add("sewerage.inspections", nil, map[string]any{
		"reference": fmt.Sprintf("ITV-%05d", len(d.edits)), "inspected_on": d.day(5), "operator": "Vidéo Réseau (fictive)", "length": length, "grade": worst, "cleaned": d.r.IntN(3) > 0,
	}, on)
	observe := func(distance float64, code string, properties map[string]any) {
		properties["distance"], properties["code"] = distance, code
		d.add("sewerage.observations", nil, properties, map[string]int{"inspection": inspection})
	}
	observe(0, "BCD", map[string]any{})
	for _, s := range sights {
		what := seen[s.what]
		properties := map[string]any{"grade": what.grade, "clock": 1 + d.r.IntN(12)}
		if what.characterisation != "" {
			properties["characterisation"] = what.characterisation
		}
		observe(s.distance, what.code, properties)
	}
	observe(length, "BCE", map[string]any{})
}
