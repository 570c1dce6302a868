package town

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// Bounds of Options.Inhabitants.
const (
	MinInhabitants = 1
	MaxInhabitants = 5_000_000
)

// Options say which town to invent. Only Inhabitants is required.
type Options struct {
	Seed        uint64
	Inhabitants int       // from MinInhabitants to MaxInhabitants
	Center      orb.Point // church square, EPSG:2154 metres, rounded to the millimetre; zero means 900000, 6690000
	Code        string    // commune code, 5 characters; empty means "00001", which no French commune bears
	Name        string    // empty means a name drawn from the seed
}

// Town is everything Generate invents. References between its slices are indexes.
// Every polygon is a single closed counter-clockwise ring.
type Town struct {
	Code, Name   string
	Boundary     orb.Polygon
	Sections     []Section
	Blocks       []Block
	Parcels      []Parcel
	Buildings    []Building
	Streets      []Street
	Addresses    []Address
	PlaceNames   []PlaceName
	Watercourses []Watercourse
}

// Section is a sheet of the cadastre. The sections tile the commune.
type Section struct {
	ID       string // commune code, prefix, code: 10 characters
	Prefix   string // "000", then "101", "102"… when the two-letter codes run out
	Code     string // two letters
	Geometry orb.Polygon
}

// Block (îlot) is land bounded by public ground and tiled by its parcels.
type Block struct {
	ID       int // its index in Town.Blocks
	Section  int
	Geometry orb.Polygon
}

// Parcel is a cadastral parcel.
type Parcel struct {
	ID             string // commune code, prefix, section, number: 14 characters
	Section        int
	Block          int
	Number         int // 1 to 9999, unique in the section
	RegisteredArea int // contenance, whole m²; differs a little from the drawn area for some
	Geometry       orb.Polygon
}

// Kinds of building in the cadastre.
const (
	Hard  = "01" // bâti dur
	Light = "02" // bâti léger
)

// Building lies in one parcel, whose walls it may share.
type Building struct {
	Parcel   int
	Kind     string // Hard or Light
	Name     string // empty but for church, town hall and the like
	Geometry orb.Polygon
	Levels   int
}

// Classes of street, from the widest to the narrowest.
const (
	Primary     = "primary"
	Secondary   = "secondary"
	Residential = "residential"
	Service     = "service"
	Path        = "path"
)

// Street is the centreline of a way, drawn from its end nearest the town centre.
type Street struct {
	ID       int    // its index in Town.Streets
	Name     string // unique in the town
	Class    string
	Geometry orb.LineString
}

// Address is a door on the street. Odd numbers are on the left of the street's line and
// even ones on the right; on each side (Number, Suffix) grows along the line.
type Address struct {
	Street      int
	Parcel      int
	Number      int
	Suffix      string    // "", "bis", "ter"
	Position    orb.Point // within 5 mm of the parcel's street front, inside the parcel
	Inhabitants int       // they add up to Options.Inhabitants
	Electors    int       // not more than Inhabitants, about 70 % of them overall
}

// PlaceName (lieu-dit) is a named part of the countryside around the town.
type PlaceName struct {
	Name     string
	Geometry orb.Polygon
}

// Watercourse is the surface of a river between its banks. No parcel touches it.
type Watercourse struct {
	Name     string
	Geometry orb.Polygon
}

// Generate invents the town that the options describe. It fails when the options are out
// of bounds, with an error that says which one and what it may be.
func Generate(o Options) (*Town, error) {
	if o.Inhabitants < MinInhabitants || o.Inhabitants > MaxInhabitants {
		return nil, fmt.Errorf("town: Inhabitants is %d; give a number from %d to %d", o.Inhabitants, MinInhabitants, MaxInhabitants)
	}
	if o.Code == "" {
		o.Code = "00001"
	}
	if len(o.Code) != 5 {
		return nil, fmt.Errorf("town: Code is %q; give a commune code of exactly 5 characters, such as \"00001\"", o.Code)
	}
	if o.Center == (orb.Point{}) {
		o.Center = orb.Point{900_000, 6_690_000}
	}
	for _, v := range o.Center {
		if math.IsNaN(v) || math.Abs(v) > 1e8 {
			return nil, fmt.Errorf("town: Center is %v; give EPSG:2154 metres, such as 900000, 6690000", o.Center)
		}
	}
	g := newGenerator(o)
	g.layRiverAndRoads()
	g.divideIntoBlocks()
	g.assembleStreets()
	g.fillRiver()
	g.fillBlocks()
	g.raiseTownHall()
	g.drawSections()
	g.numberAddresses()
	g.settle(o.Inhabitants)
	g.nameTheCountryside()
	return g.town, nil
}
