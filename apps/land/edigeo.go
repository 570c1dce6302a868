package land

import (
	"context"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"github.com/twpayne/go-geom"

	"arpent/layers"
	"arpent/layers/exchange"
	"arpent/layers/postgis"
)

// Imported counts what became of the objects of an import, by layer.
type Imported struct {
	Layer                       string
	Created, Updated, Unchanged int
}

// ImportEDIGEO stores the sheets of a commune's cadastral plan, archives
// (.tar.bz2) of EDIGEO, in one transaction. Objects keep their identity from
// one import to the next, so that importing again changes only what differs.
// code is the INSEE code of the commune and of its collectivity, which is
// named as the plan names the commune.
func ImportEDIGEO(ctx context.Context, service *layers.Service, store *postgis.Store, v layers.Viewer, code string, archives []string) ([]Imported, error) {
	if !communeCode.MatchString(code) {
		return nil, layers.Errorf(layers.BadRequest, "%q is no INSEE code of a commune: it has five characters", code)
	}
	p := &plan{code: code, objects: map[string]map[string]*object{}}
	for _, archive := range archives {
		if err := p.readSheet(ctx, archive); err != nil {
			return nil, err
		}
	}
	if len(p.objects["land.parcels"]) == 0 {
		return nil, layers.Errorf(layers.Invalid, "the archives hold no parcel: give the sheets of a cadastral plan in EDIGEO")
	}
	p.placeAddresses()
	edits, err := p.edits(ctx, service, v)
	if err != nil {
		return nil, err
	}
	if err := p.putCollectivity(ctx, store); err != nil {
		return nil, err
	}
	result, err := service.Transact(ctx, v, layers.Transaction{Edits: edits})
	if err != nil {
		return nil, fmt.Errorf("importing commune %s: %w", code, err)
	}
	return count(edits, result), nil
}

var communeCode = regexp.MustCompile(`^[0-9][0-9AB][0-9]{3}$`)

// plan is a cadastral plan that is being read.
type plan struct {
	code    string
	objects map[string]map[string]*object // by layer, by key
}

// object is one object of the plan: for some the parts of several sheets.
type object struct {
	properties map[string]any
	polygons   orb.MultiPolygon
	lines      orb.MultiLineString
	point      *orb.Point
}

// readSheet unpacks an archive and reads its objects.
func (p *plan) readSheet(ctx context.Context, archive string) error {
	dir, err := os.MkdirTemp("", "arpent-edigeo-")
	if err != nil {
		return fmt.Errorf("making a folder to unpack in: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if err := exchange.Unpack(archive, dir); err != nil {
		return err
	}
	heads, err := filepath.Glob(filepath.Join(dir, "*.[Tt][Hh][Ff]"))
	if err != nil || len(heads) != 1 {
		return layers.Errorf(layers.Invalid, "%s holds %d .THF files, an EDIGEO exchange has one", archive, len(heads))
	}
	if err := checkProjection(archive, dir); err != nil {
		return err
	}
	present, err := exchange.Layers(ctx, heads[0])
	if err != nil {
		return fmt.Errorf("%s: %w", archive, err)
	}
	for _, name := range slices.Sorted(maps.Keys(readers)) {
		if !slices.ContainsFunc(present, func(l exchange.Layer) bool { return l.Name == name }) {
			continue
		}
		for r, err := range exchange.Records(ctx, heads[0], name) {
			if err == nil {
				err = p.readRecord(readers[name], r)
			}
			if err != nil {
				return fmt.Errorf("%s: %s: %w", archive, name, err)
			}
		}
	}
	return nil
}

var projection = regexp.MustCompile(`(?m)^RELSA\d+:(\S+)`)

// checkProjection finds the CRS in the exchange's file of geodesy.
func checkProjection(archive, dir string) error {
	files, _ := filepath.Glob(filepath.Join(dir, "*.[Gg][Ee][Oo]"))
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return fmt.Errorf("reading the geodesy of %s: %w", archive, err)
		}
		if match := projection.FindSubmatch(content); match != nil && !strings.HasSuffix(string(match[1]), "LAMB93") {
			return layers.Errorf(layers.Invalid, "%s is in the projection %s: get the plan in Lambert-93 (LAMB93)", archive, match[1])
		}
	}
	return nil
}

// reader says how a kind of object is read.
type reader struct {
	layer string
	// read gives the object's key and properties; an empty key leaves it out.
	read func(p *plan, r exchange.Record) (key string, properties map[string]any, err error)
}

var readers = map[string]reader{
	"COMMUNE_id":    {"land.communes", readCommune},
	"SECTION_id":    {"land.sections", readSection},
	"PARCELLE_id":   {"land.parcels", readParcel},
	"BATIMENT_id":   {"land.buildings", readBuilding},
	"LIEUDIT_id":    {"land.place_names", readNamed},
	"ZONCOMMUNI_id": {"land.streets", readStreet},
	"TRONFLUV_id":   {"land.watercourses", readWater},
	"NUMVOIE_id":    {"land.addresses", readNumber},
}

func (p *plan) readRecord(as reader, r exchange.Record) error {
	key, properties, err := as.read(p, r)
	if err != nil || key == "" {
		return err
	}
	if p.objects[as.layer] == nil {
		p.objects[as.layer] = map[string]*object{}
	}
	o := p.objects[as.layer][key]
	if o == nil {
		o = &object{properties: properties}
		p.objects[as.layer][key] = o
	}
	switch g := r.Geometry.(type) {
	case *geom.Polygon:
		o.addPolygon(polygonOf(g))
	case *geom.MultiPolygon:
		for i := range g.NumPolygons() {
			o.addPolygon(polygonOf(g.Polygon(i)))
		}
	case *geom.LineString:
		o.addLine(lineOf(g.Coords()))
	case *geom.MultiLineString:
		for i := range g.NumLineStrings() {
			o.addLine(lineOf(g.LineString(i).Coords()))
		}
	case *geom.Point:
		o.point = &orb.Point{g.X(), g.Y()}
	default:
		return layers.Errorf(layers.Invalid, "object %s has no shape that can be read", key)
	}
	return nil
}

func lineOf(positions []geom.Coord) orb.LineString {
	line := make(orb.LineString, len(positions))
	for i, c := range positions {
		line[i] = orb.Point{c.X(), c.Y()}
	}
	return line
}

func polygonOf(g *geom.Polygon) orb.Polygon {
	var polygon orb.Polygon
	for i := range g.NumLinearRings() {
		polygon = append(polygon, orb.Ring(lineOf(g.LinearRing(i).Coords())))
	}
	return polygon
}

// addPolygon adds a part unless an earlier sheet gave it already.
func (o *object) addPolygon(part orb.Polygon) {
	if !slices.ContainsFunc(o.polygons, func(q orb.Polygon) bool { return orb.Equal(q, part) }) {
		o.polygons = append(o.polygons, part)
	}
}

func (o *object) addLine(part orb.LineString) {
	if !slices.ContainsFunc(o.lines, func(q orb.LineString) bool { return orb.Equal(q, part) }) {
		o.lines = append(o.lines, part)
	}
}

func text(r exchange.Record, name string) string {
	s, _ := r.Properties[name].(string)
	return strings.TrimSpace(s)
}

// sourceID is the identifier that the cadastre gave the object.
func sourceID(r exchange.Record) string { return text(r, "OBJECT_RID") }

// words joins the texts of an object: TEX, TEX2, TEX3…
func words(r exchange.Record) string {
	all := []string{text(r, "TEX")}
	for i := 2; i <= 14; i++ {
		all = append(all, text(r, "TEX"+strconv.Itoa(i)))
	}
	return strings.Join(strings.Fields(strings.Join(all, " ")), " ")
}

// identity checks that an IDU (commune within the département, then prefix
// and so on) is of our commune, and completes it with the département.
func (p *plan) identity(r exchange.Record, length int) (string, error) {
	idu := text(r, "IDU")
	if len(idu) != length {
		return "", layers.Errorf(layers.Invalid, "identifier %q has %d characters, not %d", idu, len(idu), length)
	}
	if idu[:3] != p.code[2:] {
		return "", layers.Errorf(layers.Invalid, "object %s belongs to commune %s%s, not to %s: give the code of the commune whose plan this is", idu, p.code[:2], idu[:3], p.code)
	}
	return p.code[:2] + idu, nil
}

func readCommune(p *plan, r exchange.Record) (string, map[string]any, error) {
	id, err := p.identity(r, 3)
	return id, map[string]any{"name": text(r, "TEX2")}, err
}

// readSection: the section is two characters, a zero before a single letter.
func readSection(p *plan, r exchange.Record) (string, map[string]any, error) {
	id, err := p.identity(r, 8)
	if err != nil {
		return "", nil, err
	}
	return id, map[string]any{"prefix": id[5:8], "code": strings.TrimLeft(id[8:10], "0")}, nil
}

func readParcel(p *plan, r exchange.Record) (string, map[string]any, error) {
	id, err := p.identity(r, 12)
	if err != nil {
		return "", nil, err
	}
	number, err := strconv.Atoi(id[10:])
	if err != nil {
		return "", nil, layers.Errorf(layers.Invalid, "parcel %s has no number", id)
	}
	properties := map[string]any{
		"prefix": id[5:8], "section": strings.TrimLeft(id[8:10], "0"), "number": number,
		"created_on": date(r, "CREAT_DATE"), "updated_on": date(r, "UPDATE_DATE"),
	}
	if area, ok := r.Properties["SUPF"].(float64); ok {
		properties["registered_area"] = int(math.Round(area))
	}
	return id, properties, nil
}

// date reads YYYYMMDD; nil when there is none.
func date(r exchange.Record, name string) any {
	n, ok := r.Properties[name].(float64)
	if !ok || n < 1e7 {
		return nil
	}
	return fmt.Sprintf("%04d-%02d-%02d", int(n)/10000, int(n)/100%100, int(n)%100)
}

func readBuilding(_ *plan, r exchange.Record) (string, map[string]any, error) {
	kind := text(r, "DUR")
	if kind != "02" {
		kind = "01"
	}
	var name any
	if w := words(r); w != "" {
		name = w
	}
	return sourceID(r), map[string]any{"kind": kind, "name": name}, nil
}

func readNamed(_ *plan, r exchange.Record) (string, map[string]any, error) {
	name := words(r)
	if name == "" {
		return "", nil, nil
	}
	return sourceID(r), map[string]any{"name": name}, nil
}

func readStreet(_ *plan, r exchange.Record) (string, map[string]any, error) {
	name := words(r)
	if name == "" {
		return "", nil, nil
	}
	class := "residential"
	switch first, _, _ := strings.Cut(strings.ToLower(name), " "); first {
	case "chemin", "sentier":
		class = "path"
	case "route", "rd", "rn", "départementale", "nationale":
		class = "secondary"
	}
	return sourceID(r), map[string]any{"name": name, "class": class}, nil
}

func readWater(_ *plan, r exchange.Record) (string, map[string]any, error) {
	var name any
	if w := words(r); w != "" {
		name = w
	}
	return sourceID(r), map[string]any{"name": name}, nil
}

var numberText = regexp.MustCompile(`^(\d{1,5})\s*(.*)$`)

func readNumber(_ *plan, r exchange.Record) (string, map[string]any, error) {
	match := numberText.FindStringSubmatch(words(r))
	if match == nil {
		return "", nil, nil
	}
	number, err := strconv.Atoi(match[1])
	if err != nil {
		return "", nil, err
	}
	properties := map[string]any{"number": number, "suffix": nil}
	if match[2] != "" {
		properties["suffix"] = strings.ToLower(match[2])
	}
	return sourceID(r), properties, nil
}

// streetReach is how far a number may be from the street it is in, metres.
const streetReach = 150

// placeAddresses gives numbers the nearest street, and the parcel they lie
// in. The plan itself says neither in what GDAL reads of it.
func (p *plan) placeAddresses() {
	streets, parcels := p.objects["land.streets"], p.objects["land.parcels"]
	for key, a := range p.objects["land.addresses"] {
		if a.point == nil {
			continue
		}
		best := math.Inf(1)
		for _, id := range slices.Sorted(maps.Keys(streets)) {
			if d := planar.DistanceFrom(streets[id].lines, *a.point); d < best {
				best = d
				a.properties["street"] = streets[id].properties["name"]
			}
		}
		if best > streetReach {
			delete(p.objects["land.addresses"], key)
			continue
		}
		for _, id := range slices.Sorted(maps.Keys(parcels)) {
			if b := parcels[id].polygons.Bound(); b.Contains(*a.point) && planar.MultiPolygonContains(parcels[id].polygons, *a.point) {
				a.properties["parcel_id"] = id
				break
			}
		}
	}
}

// edits are the upserts that bring the database to the plan. Objects whose
// identifiers the server gives are found again by their source_id.
func (p *plan) edits(ctx context.Context, service *layers.Service, v layers.Viewer) ([]layers.Edit, error) {
	var edits []layers.Edit
	for _, layer := range []string{"land.communes", "land.sections", "land.parcels", "land.buildings", "land.place_names", "land.streets", "land.watercourses", "land.addresses"} {
		known, err := p.known(ctx, service, v, layer)
		if err != nil {
			return nil, err
		}
		objects := p.objects[layer]
		for _, key := range slices.Sorted(maps.Keys(objects)) {
			o := objects[key]
			e := layers.Edit{Op: layers.Upsert, Layer: layer, ID: key, Collectivity: p.code, Properties: o.properties, Geometry: o.shape(), At: layer + " " + key}
			if known != nil {
				o.properties["source_id"] = key
				e.ID = known[key]
				if e.ID == "" {
					e.Op = layers.Create
				}
			}
			edits = append(edits, e)
		}
	}
	return edits, nil
}

// putCollectivity makes the collectivity if there is none of the code.
func (p *plan) putCollectivity(ctx context.Context, store *postgis.Store) error {
	all, err := store.Collectivities(ctx)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(all, func(c postgis.Collectivity) bool { return c.Code == p.code }) {
		return nil
	}
	name := p.code
	if commune := p.objects["land.communes"][p.code]; commune != nil {
		name, _ = commune.properties["name"].(string)
	}
	return store.PutCollectivity(ctx, p.code, name, srid)
}

// known are the identifiers of objects imported before, by source_id; nil for
// layers whose identifiers come from the plan.
func (p *plan) known(ctx context.Context, service *layers.Service, v layers.Viewer, layer string) (map[string]string, error) {
	l, err := service.Catalog().Get(v, layer)
	if err != nil {
		return nil, err
	}
	if l.Field("source_id") == nil {
		return nil, nil
	}
	features, err := service.Features(ctx, v, layer, layers.Query{Equal: map[string]string{"collectivity": p.code}, NoGeometry: true})
	if err != nil {
		return nil, err
	}
	ids := map[string]string{}
	for f, err := range features {
		if err != nil {
			return nil, err
		}
		if source, ok := f.Properties["source_id"].(string); ok {
			ids[source] = f.ID
		}
	}
	return ids, nil
}

func (o *object) shape() geom.T {
	var g geom.T
	switch {
	case o.point != nil:
		g = point(*o.point)
	case o.lines != nil:
		var flat []float64
		var ends []int
		for _, line := range o.lines {
			flat = flatten(flat, line)
			ends = append(ends, len(flat))
		}
		g = geom.NewMultiLineStringFlat(geom.XY, flat, ends)
	default:
		g = multiPolygon(o.polygons...)
	}
	layers.SetSRID(g, srid)
	return g
}

func count(edits []layers.Edit, result *layers.Result) []Imported {
	var all []Imported
	for i, e := range edits {
		if len(all) == 0 || all[len(all)-1].Layer != e.Layer {
			all = append(all, Imported{Layer: e.Layer})
		}
		n := &all[len(all)-1]
		switch r := result.Edits[i]; {
		case r.Unchanged:
			n.Unchanged++
		case r.Created:
			n.Created++
		default:
			n.Updated++
		}
	}
	return all
}
