package layers

import (
	"iter"
	"time"

	"github.com/twpayne/go-geom"

	"arpent/layers/cql2"
)

// Feature is one row of a layer.
type Feature struct {
	Layer        string
	ID           string
	Version      string // changes whenever the row does; what optimistic locking compares
	Collectivity string // code of the owner, "" when the layer has none
	Properties   map[string]any
	Geometry     geom.T // nil when the row has none; its SRID says its CRS, its layout whether it has Z
	Measures     *Measures
	Label        string            // its title, when it was asked for
	Labels       map[string]string // by reference field: the title of the record it refers to, when asked for
	Cursor       Cursor            // where it stands in a list that is sorted
}

// Measures are taken on the ellipsoid, as on the ground. In the demo town the
// plane of Lambert-93 makes areas 0.17 % smaller.
type Measures struct {
	Area   float64 // m²; 0 for points and lines
	Length float64 // m; the perimeter for areas
}

// Query selects features of a layer.
type Query struct {
	IDs        []string          // only these
	BBox       *BBox             // that meet the box
	Equal      map[string]string // by field: value as text
	Text       string            // words that must all begin a word in one of the layer's search fields, case and accents ignored
	Filter     *cql2.Expr        // that meet this condition; nil for all
	Sort       string            // field name, or "-" and field name for descending; identifiers when empty
	Backward   bool              // from the end of the list towards its beginning
	After      *Cursor           // only what comes after this place, in the direction one goes; nil for all
	Limit      int               // at most so many; 0 for all
	SRID       int               // CRS of the geometry in the answer; 0 for the layer's own
	NoGeometry bool              // leave geometry out
	WithBBox   bool              // fill geometry with its envelope instead
	Measures   bool              // fill Measures
	Labels     bool              // fill Label and Labels
	ValidOn    string            // only records that may be chosen on this day (ISO 8601); "" for all
	At         time.Time         // as it was at that moment; zero for now

	// Others are the layers with whose features the filter compares, by ID;
	// the service fills them in.
	Others map[string]*Layer
}

// Cursor is where a record stands in a list: pages begin after one, so that
// they neither skip nor repeat while others edit, however long the list is.
type Cursor struct {
	ID    string  `json:"id"`
	Value *string `json:"value,omitempty"` // of the field that the list is sorted by, as text; nil for none
}

// BBox is a box in the CRS of an EPSG code, in x, y order (longitude first).
// In EPSG:4326 one whose MinX is above its MaxX crosses the antimeridian.
type BBox struct {
	MinX, MinY, MaxX, MaxY float64
	SRID                   int
}

// World is all of Web Mercator.
var World = BBox{-20037508.342789244, -20037508.342789244, 20037508.342789244, 20037508.342789244, 3857}

// Features is a sequence of features read from the database as one asks for
// them. Reading stops at the first error.
type Features = iter.Seq2[*Feature, error]

// HistoryEntry is one change of a feature.
type HistoryEntry struct {
	ID    int64
	At    time.Time
	Who   string
	Cause string // why, when it was no edit by hand: "import 12", "undo 345"
	Op    string // insert, update, delete
	// Collectivity is the owner of the feature at that time, "" for none.
	Collectivity string
	Old, New     map[string]any
	OldGeometry  geom.T
	NewGeometry  geom.T
	// GeometryChanged reports whether the two shapes differ.
	GeometryChanged bool
}

// Found is one answer of the search box.
type Found struct {
	Layer, ID     string
	Collectivity  string // owner, "" for none
	Label, Detail string
	BBox          *BBox // EPSG:3857; nil without a shape
}

// Change tells that a row was created, changed or deleted, whoever did it.
// Many rows of one table changed at once are told as one Change, a load.
type Change struct {
	Seq          int64
	Relation     string // schema.table
	Feature      string // "" for a load
	Op           string // insert, update, delete, load
	Who          string
	Collectivity string
	Boxes        []BBox // old and new envelope, EPSG:3857
	Position     int64  // of the feed that tells of it: who has reached it knows the change
}
