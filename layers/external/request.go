package external

import (
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"arpent/layers"
)

// Picture is the part of a map that is asked for: a box in the CRS of the layer,
// easting or longitude first, and its size in pixels.
type Picture struct {
	Box           [4]float64
	Width, Height int
}

// maxSide is how wide or high a picture may be, in pixels.
const maxSide = 4096

func (p Picture) check() error {
	if err := checkBox(p.Box); err != nil {
		return err
	}
	if p.Width < 1 || p.Height < 1 || p.Width > maxSide || p.Height > maxSide {
		return layers.Errorf(layers.BadRequest, "width and height are from 1 to %d pixels", maxSide)
	}
	return nil
}

func checkBox(b [4]float64) error {
	for _, c := range b {
		if math.IsNaN(c) || math.IsInf(c, 0) {
			return layers.Errorf(layers.BadRequest, "bbox is four numbers")
		}
	}
	if b[0] >= b[2] || b[1] >= b[3] {
		return layers.Errorf(layers.BadRequest, "bbox is its lower left corner, then its upper right")
	}
	return nil
}

// at is the address of a request: the registered one with these parameters and
// no others of the client's.
func (s *Service) at(parameters map[string]string) (string, error) {
	u, err := url.Parse(s.URL)
	if err != nil {
		return "", layers.Errorf(layers.Unavailable, "the address of service %s is wrong: register it again", s.ID)
	}
	q := u.Query()
	for name, value := range parameters {
		q.Set(name, value)
	}
	u.RawQuery = q.Encode()
	return u.String(), nil
}

// CapabilitiesURL is where a service of a kind tells what it offers.
func CapabilitiesURL(address string, kind Kind) (string, error) {
	parameters := map[string]string{"SERVICE": strings.ToUpper(string(kind)), "REQUEST": "GetCapabilities"}
	if kind == WMTS {
		parameters["VERSION"] = "1.0.0"
	}
	return (&Service{URL: address}).at(parameters)
}

// Map is the address of a picture of a layer of a WMS.
func (s *Service) Map(l *Layer, p Picture) (string, error) {
	if s.Kind != WMS {
		return "", layers.Errorf(layers.NotFound, "service %s draws no maps", s.ID)
	}
	if err := p.check(); err != nil {
		return "", err
	}
	return s.at(s.picture(l, p))
}

func (s *Service) picture(l *Layer, p Picture) map[string]string {
	q := map[string]string{
		"SERVICE": "WMS", "VERSION": s.Version, "REQUEST": "GetMap", "LAYERS": l.Name, "STYLES": l.Style, "FORMAT": l.Format, "TRANSPARENT": "TRUE",
		"WIDTH": strconv.Itoa(p.Width), "HEIGHT": strconv.Itoa(p.Height),
	}
	crs, corners := "SRS", p.Box
	if s.Version == "1.3.0" {
		crs = "CRS"
		if l.Asked == "EPSG:4326" { // since 1.3.0 its latitude comes first
			corners = [4]float64{p.Box[1], p.Box[0], p.Box[3], p.Box[2]}
		}
	}
	q[crs], q["BBOX"] = l.Asked, numbers(corners[:]...)
	return q
}

// maxFeatures is how many features a service is asked for at a place.
const maxFeatures = 10

// Info is the address at which a WMS tells of the features at a pixel of a
// picture.
func (s *Service) Info(l *Layer, p Picture, x, y int) (string, error) {
	if s.Kind != WMS || l.InfoFormat == "" {
		return "", layers.Errorf(layers.NotFound, "layer %s of service %s tells nothing of places", l.Name, s.ID)
	}
	if err := p.check(); err != nil {
		return "", err
	}
	if x < 0 || y < 0 || x >= p.Width || y >= p.Height {
		return "", layers.Errorf(layers.BadRequest, "x and y are a pixel of the picture")
	}
	q := s.picture(l, p)
	q["REQUEST"], q["QUERY_LAYERS"], q["INFO_FORMAT"], q["FEATURE_COUNT"] = "GetFeatureInfo", l.Name, l.InfoFormat, strconv.Itoa(maxFeatures)
	if s.Version == "1.3.0" {
		q["I"], q["J"] = strconv.Itoa(x), strconv.Itoa(y)
	} else {
		q["X"], q["Y"] = strconv.Itoa(x), strconv.Itoa(y)
	}
	return s.at(q)
}

// Tile is the address of a tile of a WMTS. z counts the resolutions of its grid.
func (s *Service) Tile(l *Layer, z, x, y int) (string, error) {
	if s.Kind != WMTS || l.Grid == nil {
		return "", layers.Errorf(layers.NotFound, "service %s has no tiles", s.ID)
	}
	if z < 0 || z >= len(l.Grid.Matrices) || x < 0 || y < 0 {
		return "", layers.Errorf(layers.NotFound, "there is no such tile")
	}
	matrix, row, column := l.Grid.Matrices[z], strconv.Itoa(y), strconv.Itoa(x)
	if l.Template != "" {
		return strings.NewReplacer(
			"{TileMatrixSet}", url.PathEscape(l.MatrixSet), "{TileMatrix}", url.PathEscape(matrix),
			"{TileRow}", row, "{TileCol}", column, "{Style}", url.PathEscape(l.Style), "{style}", url.PathEscape(l.Style),
		).Replace(l.Template), nil
	}
	return s.at(map[string]string{
		"SERVICE": "WMTS", "VERSION": "1.0.0", "REQUEST": "GetTile", "LAYER": l.Name, "STYLE": l.Style, "FORMAT": l.Format,
		"TILEMATRIXSET": l.MatrixSet, "TILEMATRIX": matrix, "TILEROW": row, "TILECOL": column,
	})
}

// LegendURL is the address of the legend of a layer.
func (s *Service) LegendURL(l *Layer) (string, error) {
	switch l.Legend {
	case "":
		return "", layers.Errorf(layers.NotFound, "layer %s of service %s has no legend", l.Name, s.ID)
	case GraphicLegend:
		return s.at(map[string]string{
			"SERVICE": "WMS", "VERSION": s.Version, "REQUEST": "GetLegendGraphic", "SLD_VERSION": "1.1.0", "LAYER": l.Name, "STYLE": l.Style, "FORMAT": "image/png",
		})
	}
	return l.Legend, nil
}

// PageSize is how many features of a WFS are asked for at once.
const PageSize = 1000

// Features is the address of the features of a WFS within a box, from the start-th
// on.
func (s *Service) Features(l *Layer, box [4]float64, start int) (string, error) {
	if s.Kind != WFS {
		return "", layers.Errorf(layers.NotFound, "service %s has no features", s.ID)
	}
	if err := checkBox(box); err != nil {
		return "", err
	}
	if start < 0 || start%PageSize != 0 {
		return "", layers.Errorf(layers.BadRequest, "start is a multiple of %d", PageSize)
	}
	corners := box
	if strings.HasPrefix(l.Asked, "urn:") && strings.HasSuffix(l.Asked, ":4326") { // its latitude comes first
		corners = [4]float64{box[1], box[0], box[3], box[2]}
	}
	q := map[string]string{
		"SERVICE": "WFS", "VERSION": s.Version, "REQUEST": "GetFeature", "SRSNAME": l.Asked, "BBOX": numbers(corners[:]...) + "," + l.Asked,
	}
	if l.Format != "" {
		q["OUTPUTFORMAT"] = l.Format
	}
	if s.Version == "2.0.0" {
		q["TYPENAMES"], q["COUNT"], q["STARTINDEX"] = l.Name, strconv.Itoa(PageSize), strconv.Itoa(start)
		return s.at(q)
	}
	if start > 0 { // older versions know no paging
		return "", layers.Errorf(layers.NotFound, "service %s gives its features in one part", s.ID)
	}
	q["TYPENAME"], q["MAXFEATURES"] = l.Name, strconv.Itoa(PageSize)
	if s.Version == "1.0.0" {
		q["BBOX"] = numbers(box[:]...)
	}
	return s.at(q)
}

func numbers(values ...float64) string {
	var parts []string
	for _, v := range values {
		parts = append(parts, strconv.FormatFloat(v, 'f', -1, 64))
	}
	return strings.Join(parts, ",")
}

// crsOf tells which of the CRSs that the page draws are offered, the best first:
// our name and that of the service. Both are "" for none.
func crsOf(offered []string) (name, asked string) {
	for _, c := range []struct {
		name string
		ends []string
	}{
		{"EPSG:3857", []string{"3857", "900913", "102100"}},
		{"EPSG:2154", []string{"2154"}},
		{"EPSG:4326", []string{"4326", "CRS84", "CRS:84"}},
	} {
		for _, end := range c.ends {
			i := slices.IndexFunc(offered, func(o string) bool {
				return strings.HasSuffix(o, ":"+end) || strings.HasSuffix(o, "/"+end) || strings.HasSuffix(o, "#"+end)
			})
			if i >= 0 {
				return c.name, offered[i]
			}
		}
	}
	return "", ""
}
