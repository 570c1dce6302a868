// Package basemaps keeps what people may lay under the layers of the town: the
// base maps of maps.yaml, and what administrators switched on and off since.
package basemaps

import (
	_ "embed"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"arpent/layers"
	"arpent/layers/yamlfile"
)

// Schema is the JSON Schema of maps.yaml, published for editors.
//
//go:embed maps.schema.json
var Schema []byte

var fileSchema = yamlfile.MustSchema(Schema)

// Own is the base map that is none: the town's own layers alone.
const Own = "own"

// Config is what maps.yaml says.
type Config struct {
	Default      string    `yaml:"default"`      // identifier of a base map, or Own
	PrivateHosts []string  `yaml:"privateHosts"` // at which external services may be, though their addresses are private
	Maps         []BaseMap `yaml:"maps"`
}

// BaseMap is one map that may lie under all layers. Levels are the service's.
type BaseMap struct {
	ID          string      `json:"id" yaml:"id"`
	Title       layers.Text `json:"title" yaml:"title"`
	Kind        string      `json:"kind" yaml:"kind" enum:"xyz,wmts,wms"`
	URL         string      `json:"url" yaml:"url"`
	Layer       string      `json:"layer,omitempty" yaml:"layer"`
	Style       string      `json:"style,omitempty" yaml:"style"`
	Format      string      `json:"format" yaml:"format"`
	MatrixSet   string      `json:"matrixSet,omitempty" yaml:"matrixSet"`
	CRS         string      `json:"crs" yaml:"crs" enum:"EPSG:3857,EPSG:2154,EPSG:4326"`
	Grid        *Grid       `json:"grid,omitempty" yaml:"grid"`
	MinZoom     int         `json:"minzoom" yaml:"minzoom"`
	MaxZoom     int         `json:"maxzoom" yaml:"maxzoom"`
	Attribution layers.Text `json:"attribution" yaml:"attribution"`
	Link        string      `json:"link,omitempty" yaml:"link"`
	Licence     layers.Text `json:"licence,omitempty" yaml:"licence"`
	CORS        bool        `json:"cors" yaml:"cors" doc:"The page may read its pictures"`
	Enabled     bool        `json:"enabled" yaml:"enabled"`
}

// Grid is a set of tile matrices.
type Grid struct {
	Origin      [2]float64 `json:"origin" yaml:"origin" doc:"Upper left corner in the CRS, easting first"`
	Resolutions []float64  `json:"resolutions" yaml:"resolutions" nullable:"false" doc:"Units of the CRS to the pixel, coarsest first"`
	Matrices    []string   `json:"matrices" yaml:"matrices" nullable:"false" doc:"Name of the matrix of each resolution"`
	TileSize    int        `json:"tileSize" yaml:"tileSize" doc:"Pixels"`
}

// UnmarshalYAML fills in what the file leaves out.
func (b *BaseMap) UnmarshalYAML(read func(any) error) error {
	type plain BaseMap
	filled := plain{Format: "image/png", CRS: "EPSG:3857", MaxZoom: 19, CORS: true, Enabled: true}
	if err := read(&filled); err != nil {
		return err
	}
	*b = BaseMap(filled)
	if g := b.Grid; g != nil {
		if g.TileSize == 0 {
			g.TileSize = 256
		}
		if g.Matrices == nil {
			for i := range g.Resolutions {
				g.Matrices = append(g.Matrices, strconv.Itoa(i))
			}
		}
	}
	return nil
}

// ReadFile reads a maps.yaml. Its error lists everything that is wrong, a line
// each: file, line, key, and what to change. name is for messages.
func ReadFile(name string, data []byte) (*Config, error) {
	c := &Config{}
	if len(strings.TrimSpace(string(data))) == 0 {
		return &Config{Default: Own}, nil
	}
	f, err := fileSchema.Read(name, data, c)
	if err != nil {
		return nil, err
	}
	if c.Default == "" {
		c.Default = Own
	}
	ids := []string{Own}
	for i := range c.Maps {
		at := []string{"maps", strconv.Itoa(i)}
		b := &c.Maps[i]
		for _, other := range ids {
			if other == b.ID {
				f.Fault(append(at, "id"), "there is another base map %s: choose another identifier", b.ID)
			}
		}
		ids = append(ids, b.ID)
		b.check(func(key, format string, args ...any) { f.Fault(append(at, key), format, args...) })
	}
	known := false
	for _, id := range ids {
		known = known || id == c.Default
	}
	if !known {
		f.Fault([]string{"default"}, "there is no base map %s%s", c.Default, yamlfile.Suggest(c.Default, ids))
	}
	return c, f.Err()
}

// check tells what the schema cannot say.
func (b *BaseMap) check(fault func(key, format string, args ...any)) {
	if b.Host() == "" {
		fault("url", "needs a host, such as https://tiles.example/, without a user or password")
	}
	if strings.Contains(b.URL, "{s}") || subdomains.MatchString(b.URL) {
		fault("url", "name one host: browsers need no others since HTTP/2")
	}
	if b.Kind == "xyz" && !(strings.Contains(b.URL, "{z}") && strings.Contains(b.URL, "{x}") && (strings.Contains(b.URL, "{y}") || strings.Contains(b.URL, "{-y}"))) {
		fault("url", "of kind xyz needs {z}, {x} and {y}, such as https://tiles.example/{z}/{x}/{y}.png")
	}
	if b.Kind != "xyz" && b.Layer == "" {
		fault("layer", "is missing: name the layer of the service")
	}
	if b.Kind == "wmts" && b.MatrixSet == "" {
		fault("matrixSet", "is missing: name the tile matrix set, such as PM")
	}
	if b.Kind != "wms" && b.CRS != "EPSG:3857" && b.Grid == nil {
		fault("grid", "is missing: tiles in %s are not those of the web", b.CRS)
	}
	if b.MinZoom > b.MaxZoom {
		fault("minzoom", "is above maxzoom")
	}
	if g := b.Grid; g != nil {
		if len(g.Matrices) != len(g.Resolutions) {
			fault("grid", "names %d matrices for %d resolutions: name one for each", len(g.Matrices), len(g.Resolutions))
		}
		for i := 1; i < len(g.Resolutions); i++ {
			if g.Resolutions[i] >= g.Resolutions[i-1] {
				fault("grid", "resolutions: write them coarsest first, each once")
				break
			}
		}
	}
}

var (
	subdomains = regexp.MustCompile(`\{[0-9a-z]-[0-9a-z]\}`)
	origin     = regexp.MustCompile(`^[0-9A-Za-z.-]+(:[0-9]+)?$`)
)

// Host is scheme, host and port of the service, as a content security policy
// names them; "" where the address has none or more than that.
func (b *BaseMap) Host() string {
	u, err := url.Parse(strings.NewReplacer("{", "", "}", "").Replace(b.URL))
	if err != nil || u.User != nil || !origin.MatchString(u.Host) {
		return ""
	}
	return u.Scheme + "://" + u.Host
}
