package land

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/peterstace/simplefeatures/geom"

	"arpent/layers"
	"arpent/layers/exchange"
)

// drawn is a record of an object with a shape.
func drawn(t *testing.T, wkt string, properties map[string]any) record {
	t.Helper()
	shape, err := geom.UnmarshalWKT(wkt)
	if err != nil {
		t.Fatal(err)
	}
	return record{Record: exchange.Record{Properties: properties}, shape: shape}
}

// planOf is the plan of sheets that each hold one parcel and one other object.
func planOf(t *testing.T, source string, records ...record) *plan {
	t.Helper()
	var sheets []*sheet
	for _, r := range records {
		sheets = append(sheets, &sheet{srid: 2154, records: map[string][]record{
			"PARCELLE_id": {drawn(t, "POLYGON((0 0,9 0,9 9,0 9,0 0))", map[string]any{"OBJECT_RID": "p", "IDU": "354000AB0001"})},
			source:        {r},
		}})
	}
	p, err := newPlan("25354", sheets)
	if err != nil {
		t.Fatal(err)
	}
	p.placeAddresses(p.objects["land.streets"])
	return p
}

func TestPartsOfASectionOnTwoSheetsAreOneSection(t *testing.T) {
	p := planOf(t, "SECTION_id",
		drawn(t, "POLYGON((0 0,9 0,9 9,0 9,0 0))", map[string]any{"OBJECT_RID": "a", "IDU": "3540000B"}),
		drawn(t, "POLYGON((9 0,18 0,18 9,9 9,9 0))", map[string]any{"OBJECT_RID": "b", "IDU": "3540000B"}))
	s := p.objects["land.sections"]["253540000B"]
	if s == nil || s.shape.Area() != 162 || s.shape.Type() != geom.TypePolygon || s.properties["code"] != "B" {
		t.Errorf("the section is %+v", s)
	}
}

func TestAnObjectOnTwoSheetsIsTakenFromTheNewer(t *testing.T) {
	older := drawn(t, "POLYGON((0 0,9 0,9 9,0 9,0 0))", map[string]any{"OBJECT_RID": "a", "UPDATE_DATE": 20140303., "TEX": "Church"})
	newer := drawn(t, "POLYGON((0 0,5 0,5 5,0 5,0 0))", map[string]any{"OBJECT_RID": "a", "UPDATE_DATE": 20180628., "TEX": "Chapel"})
	for _, records := range [][]record{{older, newer}, {newer, older}} {
		b := planOf(t, "BATIMENT_id", records...).objects["land.buildings"]["a"]
		if b == nil || b.shape.Area() != 25 || b.properties["name"] != "Chapel" {
			t.Errorf("the building is %+v", b)
		}
	}
}

func TestWhatCannotBeTakenIsCountedOnce(t *testing.T) {
	for reason, c := range map[string]struct {
		source string
		record record
	}{
		"it has no name":                                           {"LIEUDIT_id", drawn(t, "POLYGON((0 0,9 0,9 9,0 9,0 0))", map[string]any{"OBJECT_RID": "a"})},
		"its text is no number":                                    {"NUMVOIE_id", drawn(t, "POINT(1 1)", map[string]any{"OBJECT_RID": "a", "TEX": "bis"})},
		"no street is within 150 m of it":                          {"NUMVOIE_id", drawn(t, "POINT(1 1)", map[string]any{"OBJECT_RID": "a", "TEX": "12"})},
		"its shape is missing or cannot be mended":                 {"BATIMENT_id", drawn(t, "POLYGON EMPTY", map[string]any{"OBJECT_RID": "a"})},
		"it is the surface of a road, the layer holds centrelines": {"TRONROUTE_id", drawn(t, "POLYGON((0 0,9 0,9 9,0 9,0 0))", map[string]any{"OBJECT_RID": "a"})},
	} {
		t.Run(reason, func(t *testing.T) {
			p := planOf(t, c.source, c.record, c.record)
			total, counted := 0, 0
			for _, n := range p.report(nil, &layers.Result{}) {
				total += n.LeftOut[reason]
				for _, count := range n.LeftOut {
					counted += count
				}
			}
			if total != 1 || counted != 1 {
				t.Errorf("left out: %v", p.leftOut)
			}
		})
	}
}

func TestACommuneWithoutOutlineIsTheUnionOfItsSections(t *testing.T) {
	commune := &object{dimension: area, shapes: []geom.Geometry{
		drawn(t, "POLYGON((0 0,9 0,9 9,0 9,0 0))", nil).shape, drawn(t, "POLYGON((9 0,18 0,18 9,9 9,9 0))", nil).shape,
	}}
	if err := commune.join(); err != nil || commune.shape.Area() != 162 {
		t.Errorf("it covers %v (%v)", commune.shape.Area(), err)
	}
}

func TestShapesThatCrossThemselvesAreMendedAndCounted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "plan.geojson")
	if err := os.WriteFile(path, []byte(`{"type": "FeatureCollection", "features": [
		{"type": "Feature", "properties": {"OBJECT_RID": "whole"}, "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [2, 0], [2, 2], [0, 0]]]}},
		{"type": "Feature", "properties": {"OBJECT_RID": "bow tie"}, "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]}},
		{"type": "Feature", "properties": {"OBJECT_RID": "line"}, "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [0, 0], [0, 0]]]}}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	all, err := readRecords(t.Context(), path, "plan")
	if err != nil || len(all) != 3 {
		t.Fatalf("%d records (%v)", len(all), err)
	}
	k := kinds[slices.IndexFunc(kinds, func(k kind) bool { return k.source == "BATIMENT_id" })]
	if all[0].repaired || !k.holds(all[0].shape) {
		t.Errorf("a shape that is right became %+v", all[0])
	}
	if !all[1].repaired || !k.holds(all[1].shape) || all[1].shape.Area() != 2 {
		t.Errorf("a bow tie became %s", all[1].shape.AsText())
	}
	if k.holds(all[2].shape) {
		t.Errorf("an area without surface became %s", all[2].shape.AsText())
	}
}

func TestNumbersAreReadWithTheirSuffix(t *testing.T) {
	for text, want := range map[string]struct {
		number int
		suffix any
	}{"12": {12, nil}, "12 bis": {12, "bis"}, "12B": {12, "b"}, "0": {0, nil}} {
		_, properties, err := readNumber("25354", exchange.Record{Properties: map[string]any{"OBJECT_RID": "a", "TEX": text}})
		if err != nil || properties["number"] != want.number || properties["suffix"] != want.suffix {
			t.Errorf("%q is read as %v (%v)", text, properties, err)
		}
	}
}

func TestRelationsAreReadBothWays(t *testing.T) {
	related := map[string][]string{}
	parseRelations([]byte("RTYSA03:LNK\r\nRIDSA03:Rel\r\nSCPCP32:EDAK01;SeSD;ASS;NUMVOIE_PARCELLE\r\nFTPCP32:EDAK01;SeTOP_1;FEA;Objet_1\r\nFTPCP32:EDAK01;SeSPA_1;FEA;Objet_2\r\n"+
		"RTYSA03:LNK\r\nSCPCP32:EDAK01;SeSD;ASS;BORNE_PARCELLE\r\nFTPCP32:EDAK01;SeTOP_1;FEA;Objet_1\r\nFTPCP32:EDAK01;SeSPA_1;FEA;Objet_3\r\n"), related)
	if len(related) != 2 || !slices.Equal(related["Objet_1"], []string{"Objet_2"}) || !slices.Equal(related["Objet_2"], []string{"Objet_1"}) {
		t.Errorf("relations are %v", related)
	}
}

func FuzzParseRelations(f *testing.F) {
	f.Add([]byte("RTYSA03:LNK\nSCPCP32:EDAK01;SeSD;ASS;NUMVOIE_PARCELLE\nFTPCP32:a;b;FEA;Objet_1\nFTPCP32:a;b;FEA;Objet_2"))
	f.Fuzz(func(t *testing.T, content []byte) {
		related := map[string][]string{}
		parseRelations(content, related)
		for a, others := range related {
			for _, b := range others {
				if !slices.Contains(related[b], a) {
					t.Errorf("%q is related to %q, which is not to it", a, b)
				}
			}
		}
	})
}
