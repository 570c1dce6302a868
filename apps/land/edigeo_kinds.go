package land

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"arpent/layers"
	"arpent/layers/exchange"
)

// kind is one kind of object of a plan, and how it becomes one of ours.
type kind struct {
	source    string // its layer in the exchange, as GDAL names it
	required  string // the field without which the plan is not one of the cadastre's
	layer     string
	dimension dimension
	// read gives what the object is known by and its properties. The error is
	// a leftOut for an object that the layer cannot hold.
	read func(code string, r exchange.Record) (key string, properties map[string]any, err error)
}

// dimension of the shapes of a layer.
type dimension int

const (
	spot dimension = iota
	line
	area
)

// leftOut says why an object is not imported.
type leftOut string

func (l leftOut) Error() string { return string(l) }

var kinds = []kind{
	{"COMMUNE_id", "IDU", "land.communes", area, readCommune},
	{"SECTION_id", "IDU", "land.sections", area, readSection},
	{"PARCELLE_id", "IDU", "land.parcels", area, readParcel},
	{"BATIMENT_id", "", "land.buildings", area, readBuilding},
	{"LIEUDIT_id", "", "land.place_names", area, readPlaceName},
	{"ZONCOMMUNI_id", "", "land.streets", line, readStreet},
	{"TRONROUTE_id", "", "land.streets", line, readRoadSurface},
	{"TRONFLUV_id", "", "land.watercourses", area, readWater},
	{"NUMVOIE_id", "", "land.addresses", spot, readNumber},
}

var communeCode = regexp.MustCompile(`^[0-9][0-9AB][0-9]{3}$`)

func text(r exchange.Record, name string) string {
	s, _ := r.Properties[name].(string)
	return strings.TrimSpace(s)
}

// sourceID is the identifier that the cadastre gave the object. It is the
// same on every sheet that shows the object.
func sourceID(r exchange.Record) string { return text(r, "OBJECT_RID") }

// words joins the texts of an object: TEX, TEX2, TEX3…
func words(r exchange.Record) string {
	all := []string{text(r, "TEX")}
	for i := 2; i <= 14; i++ {
		all = append(all, text(r, "TEX"+strconv.Itoa(i)))
	}
	return strings.Join(strings.Fields(strings.Join(all, " ")), " ")
}

func wordsOrNull(r exchange.Record) any { return textOrNull(words(r)) }

// identity checks that an IDU (commune within the département, then prefix
// and so on) is of our commune, and completes it with the département.
func identity(code string, r exchange.Record, length int) (string, error) {
	idu := text(r, "IDU")
	if len(idu) != length {
		return "", layers.Errorf(layers.Invalid, "identifier %q of object %s has %d characters, not %d", idu, sourceID(r), len(idu), length)
	}
	if idu[:3] != code[2:] {
		return "", layers.Errorf(layers.Invalid, "object %s belongs to commune %s%s, not to %s: give the code of the commune whose plan this is", idu, code[:2], idu[:3], code)
	}
	return code[:2] + idu, nil
}

func readCommune(code string, r exchange.Record) (string, map[string]any, error) {
	id, err := identity(code, r, 3)
	name := text(r, "TEX2")
	if name == "" {
		name = code
	}
	return id, map[string]any{"name": name}, err
}

// readSection: the section is two characters, a zero before a single letter.
func readSection(code string, r exchange.Record) (string, map[string]any, error) {
	id, err := identity(code, r, 8)
	if err != nil {
		return "", nil, err
	}
	return id, map[string]any{"prefix": id[5:8], "code": strings.TrimLeft(id[8:10], "0")}, nil
}

func readParcel(code string, r exchange.Record) (string, map[string]any, error) {
	id, err := identity(code, r, 12)
	if err != nil {
		return "", nil, err
	}
	number, err := strconv.Atoi(id[10:])
	if err != nil {
		return "", nil, layers.Errorf(layers.Invalid, "parcel %s has no number", id)
	}
	properties := map[string]any{
		"prefix": id[5:8], "section": strings.TrimLeft(id[8:10], "0"), "number": number, "surveyed": nil,
		"created_on": date(r, "CREAT_DATE"), "updated_on": date(r, "UPDATE_DATE"),
	}
	if survey := text(r, "COAR"); survey != "" {
		properties["surveyed"] = survey == "A" // arpentée
	}
	if registered, ok := r.Properties["SUPF"].(float64); ok {
		properties["registered_area"] = int(math.Round(registered))
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

func readBuilding(_ string, r exchange.Record) (string, map[string]any, error) {
	nature := text(r, "DUR")
	if nature != "02" {
		nature = "01"
	}
	return sourceID(r), map[string]any{"kind": nature, "name": wordsOrNull(r)}, nil
}

func readPlaceName(_ string, r exchange.Record) (string, map[string]any, error) {
	name := words(r)
	if name == "" {
		return "", nil, leftOut("it has no name")
	}
	return sourceID(r), map[string]any{"name": name}, nil
}

// streetClasses are the classes of streets by the first word of their names,
// else residential.
var streetClasses = map[string]string{
	"autoroute": "primary", "nationale": "primary", "rn": "primary",
	"route": "secondary", "départementale": "secondary", "rd": "secondary", "r.d.": "secondary", "(r.d.": "secondary",
	"chemin": "path", "sentier": "path", "sente": "path",
}

func readStreet(_ string, r exchange.Record) (string, map[string]any, error) {
	name := words(r)
	if name == "" {
		return "", nil, leftOut("it has no name")
	}
	first, _, _ := strings.Cut(strings.ToLower(name), " ")
	class := streetClasses[first]
	if class == "" {
		class = "residential"
	}
	return sourceID(r), map[string]any{"name": name, "class": class}, nil
}

func readRoadSurface(string, exchange.Record) (string, map[string]any, error) {
	return "", nil, leftOut("it is the surface of a road, the layer holds centrelines")
}

func readWater(_ string, r exchange.Record) (string, map[string]any, error) {
	return sourceID(r), map[string]any{"name": wordsOrNull(r)}, nil
}

var numberText = regexp.MustCompile(`^(\d{1,5})\s*(.{0,20})$`)

func readNumber(_ string, r exchange.Record) (string, map[string]any, error) {
	match := numberText.FindStringSubmatch(words(r))
	if match == nil {
		return "", nil, leftOut("its text is no number")
	}
	number, err := strconv.Atoi(match[1])
	if err != nil {
		return "", nil, err
	}
	return sourceID(r), map[string]any{"number": number, "suffix": textOrNull(strings.ToLower(match[2])), "parcel_id": nil}, nil
}
