package external

import (
	"cmp"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"arpent/layers"
	"arpent/layers/basemaps"
)

// wmtsCapabilities are those of WMTS 1.0.0.
type wmtsCapabilities struct {
	Identification struct {
		Title string `xml:"Title"`
	} `xml:"ServiceIdentification"`
	Provider struct {
		Name string `xml:"ProviderName"`
	} `xml:"ServiceProvider"`
	Operations struct {
		Operation []struct {
			Name string `xml:"name,attr"`
			Get  []link `xml:"DCP>HTTP>Get"`
		} `xml:"Operation"`
	} `xml:"OperationsMetadata"`
	Contents struct {
		Layer     []wmtsLayer     `xml:"Layer"`
		MatrixSet []wmtsMatrixSet `xml:"TileMatrixSet"`
	} `xml:"Contents"`
}

type wmtsLayer struct {
	Identifier string   `xml:"Identifier"`
	Title      string   `xml:"Title"`
	Format     []string `xml:"Format"`
	Box        *struct {
		Lower string `xml:"LowerCorner"`
		Upper string `xml:"UpperCorner"`
	} `xml:"WGS84BoundingBox"`
	Style []struct {
		Default    bool   `xml:"isDefault,attr"`
		Identifier string `xml:"Identifier"`
		Title      string `xml:"Title"`
		Legend     []link `xml:"LegendURL"`
	} `xml:"Style"`
	Link []struct {
		MatrixSet string `xml:"TileMatrixSet"`
		Limits    []struct {
			Matrix string `xml:"TileMatrix"`
		} `xml:"TileMatrixSetLimits>TileMatrixLimits"`
	} `xml:"TileMatrixSetLink"`
	Resource []struct {
		Format   string `xml:"format,attr"`
		Type     string `xml:"resourceType,attr"`
		Template string `xml:"template,attr"`
	} `xml:"ResourceURL"`
}

type wmtsMatrixSet struct {
	Identifier string       `xml:"Identifier"`
	CRS        string       `xml:"SupportedCRS"`
	Matrix     []wmtsMatrix `xml:"TileMatrix"`
}

type wmtsMatrix struct {
	Identifier string  `xml:"Identifier"`
	Scale      float64 `xml:"ScaleDenominator"`
	Corner     string  `xml:"TopLeftCorner"`
	Width      int     `xml:"TileWidth"`
	Height     int     `xml:"TileHeight"`
}

// pixel is that of the standard, in metres; degree is how long one of the
// equator is.
const (
	pixel  = 0.00028
	degree = 111319.49079327358
)

func parseWMTS(data []byte) (*Capabilities, error) {
	var w wmtsCapabilities
	if err := decode(data, &w); err != nil {
		return nil, err
	}
	c := &Capabilities{Title: w.Identification.Title}
	c.Version, c.Attribution = "1.0.0", w.Provider.Name
	parameters := false // it answers requests by parameters, not only by templates
	for _, o := range w.Operations.Operation {
		parameters = parameters || o.Name == "GetTile" && len(o.Get) > 0
	}
	for i := range w.Contents.Layer {
		c.Layers = append(c.Layers, w.layer(&w.Contents.Layer[i], parameters))
	}
	return c, nil
}

func (w *wmtsCapabilities) layer(from *wmtsLayer, parameters bool) Layer {
	l := Layer{Name: from.Identifier, Title: titled(from.Title, from.Identifier), Format: formatOf(pictureFormats, from.Format)}
	for _, s := range from.Style {
		style := Style{Name: s.Identifier, Title: tidy(s.Title)}
		for _, legend := range s.Legend {
			style.Legend = legend.address()
		}
		if s.Default {
			l.Styles = slices.Insert(l.Styles, 0, style)
		} else {
			l.Styles = append(l.Styles, style)
		}
	}
	if len(l.Styles) > 0 {
		l.Style, l.Legend = l.Styles[0].Name, l.Styles[0].Legend
	}
	if b := from.Box; b != nil {
		if low, high := pair(b.Lower), pair(b.Upper); low != nil && high != nil {
			l.Extent = mercator(low[0], low[1], high[0], high[1])
		}
	}
	if !parameters {
		for _, r := range from.Resource {
			if r.Type == "tile" && r.Format == l.Format && strings.Contains(r.Template, "{TileMatrix}") && !strings.Contains(r.Template, "{Time}") {
				l.Template = r.Template
			}
		}
	}
	w.chooseMatrixSet(from, &l)
	switch {
	case l.Grid == nil:
		l.Unusable = unknownCRS
	case l.Format == "":
		l.Unusable = layers.Text{"fr": "aucun format d’image connu", "en": "no format of pictures that is known"}
	case !parameters && l.Template == "":
		l.Unusable = layers.Text{"fr": "ses tuiles n’ont pas d’adresse", "en": "its tiles have no address"}
	}
	return l
}

// chooseMatrixSet takes the set whose CRS the page draws best.
func (w *wmtsCapabilities) chooseMatrixSet(from *wmtsLayer, l *Layer) {
	sets, offered := []*wmtsMatrixSet{}, []string{}
	limited := map[string][]string{}
	for _, link := range from.Link {
		i := slices.IndexFunc(w.Contents.MatrixSet, func(s wmtsMatrixSet) bool { return s.Identifier == link.MatrixSet })
		if i < 0 {
			continue
		}
		sets, offered = append(sets, &w.Contents.MatrixSet[i]), append(offered, w.Contents.MatrixSet[i].CRS)
		for _, limit := range link.Limits {
			limited[link.MatrixSet] = append(limited[link.MatrixSet], limit.Matrix)
		}
	}
	name, asked := crsOf(offered)
	if name == "" {
		return
	}
	set := sets[slices.Index(offered, asked)]
	if g := gridOf(set, name, limited[set.Identifier]); g != nil {
		l.CRS, l.Asked, l.MatrixSet, l.Grid = name, asked, set.Identifier, g
		l.MaxScale = g.Resolutions[0] / pixel * 2
		if name == "EPSG:4326" {
			l.MaxScale *= degree
		}
	}
}

// gridOf is the grid of a set, of the matrices named, or of all; nil for one
// whose matrices have several corners or sizes.
func gridOf(set *wmtsMatrixSet, crs string, named []string) *basemaps.Grid {
	unit, swapped := 1.0, false
	if crs == "EPSG:4326" {
		unit = degree
		swapped = !strings.HasSuffix(set.CRS, "84")
	}
	var g *basemaps.Grid
	matrices := slices.Clone(set.Matrix)
	slices.SortStableFunc(matrices, func(a, b wmtsMatrix) int { return cmp.Compare(b.Scale, a.Scale) })
	for _, m := range matrices {
		if len(named) > 0 && !slices.Contains(named, m.Identifier) {
			continue
		}
		corner := pair(m.Corner)
		if corner == nil || !(m.Scale > 0) || m.Width <= 0 || m.Width != m.Height || m.Width > maxSide {
			return nil
		}
		if swapped {
			corner[0], corner[1] = corner[1], corner[0]
		}
		if g == nil {
			g = &basemaps.Grid{Origin: *corner, TileSize: m.Width}
		}
		if math.Abs(corner[0]-g.Origin[0])*unit > 1 || math.Abs(corner[1]-g.Origin[1])*unit > 1 || m.Width != g.TileSize {
			return nil
		}
		g.Matrices = append(g.Matrices, m.Identifier)
		g.Resolutions = append(g.Resolutions, m.Scale*pixel/unit)
	}
	return g
}

// pair is two numbers of a text; nil for anything else.
func pair(s string) *[2]float64 {
	parts := strings.Fields(s)
	if len(parts) != 2 {
		return nil
	}
	a, err := strconv.ParseFloat(parts[0], 64)
	if err != nil {
		return nil
	}
	b, err := strconv.ParseFloat(parts[1], 64)
	if err != nil {
		return nil
	}
	return &[2]float64{a, b}
}

// Keep forgets the addresses that a definition names at other hosts than the
// service's own: only the registered one is asked. A layer that has no other
// address is an error.
func (d *Definition) Keep(service string) error {
	u, err := url.Parse(service)
	if err != nil {
		return err
	}
	foreign := func(address string) bool {
		a, err := url.Parse(strings.NewReplacer("{", "", "}", "").Replace(address))
		return err != nil || a.Scheme != u.Scheme || a.Host != u.Host || a.User != nil
	}
	for i := range d.Layers {
		l := &d.Layers[i]
		if l.Legend != GraphicLegend && foreign(l.Legend) {
			l.Legend = ""
		}
		if l.Template != "" && foreign(l.Template) {
			return refuse("layers", "layers: the tiles of layer %s are at another host than the service: register the address %s", l.Name, l.Template)
		}
	}
	return nil
}
