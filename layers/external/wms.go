package external

import (
	"encoding/xml"
	"strings"

	"arpent/layers"
)

// wmsCapabilities are those of WMS 1.1.1 and 1.3.0.
type wmsCapabilities struct {
	Version string `xml:"version,attr"`
	Service struct {
		Title string `xml:"Title"`
	} `xml:"Service"`
	Capability struct {
		Request struct {
			GetMap           wmsOperation `xml:"GetMap"`
			GetFeatureInfo   wmsOperation `xml:"GetFeatureInfo"`
			GetLegendGraphic wmsOperation `xml:"GetLegendGraphic"`
		} `xml:"Request"`
		Layer wmsLayer `xml:"Layer"`
	} `xml:"Capability"`
}

type wmsOperation struct {
	Format []string `xml:"Format"`
}

type wmsLayer struct {
	Queryable   string     `xml:"queryable,attr"`
	Name        string     `xml:"Name"`
	Title       string     `xml:"Title"`
	CRS         []string   `xml:"CRS"`
	SRS         []string   `xml:"SRS"`
	Geographic  *wmsBox    `xml:"EX_GeographicBoundingBox"`
	LatLon      *wmsLatLon `xml:"LatLonBoundingBox"`
	Attribution struct {
		Title string `xml:"Title"`
	} `xml:"Attribution"`
	Style []struct {
		Name   string `xml:"Name"`
		Title  string `xml:"Title"`
		Legend []struct {
			Resource link `xml:"OnlineResource"`
		} `xml:"LegendURL"`
	} `xml:"Style"`
	MinScale float64    `xml:"MinScaleDenominator"`
	MaxScale float64    `xml:"MaxScaleDenominator"`
	Layer    []wmsLayer `xml:"Layer"`
}

type wmsBox struct {
	West  float64 `xml:"westBoundLongitude"`
	East  float64 `xml:"eastBoundLongitude"`
	South float64 `xml:"southBoundLatitude"`
	North float64 `xml:"northBoundLatitude"`
}

type wmsLatLon struct {
	MinX float64 `xml:"minx,attr"`
	MinY float64 `xml:"miny,attr"`
	MaxX float64 `xml:"maxx,attr"`
	MaxY float64 `xml:"maxy,attr"`
}

// link is an XLink, of which only the address counts.
type link struct {
	Attributes []xml.Attr `xml:",any,attr"`
}

func (l link) address() string {
	for _, a := range l.Attributes {
		if a.Name.Local == "href" {
			return a.Value
		}
	}
	return ""
}

// infoFormats are those of GetFeatureInfo that the page reads, the best first.
var infoFormats = []string{
	"application/json", "application/geo+json", "application/vnd.geo+json", "geojson", "application/vnd.ogc.gml", "text/plain", "text/html",
}

func parseWMS(data []byte) (*Capabilities, error) {
	var w wmsCapabilities
	if err := decode(data, &w); err != nil {
		return nil, err
	}
	c := &Capabilities{Title: w.Service.Title}
	c.Version = "1.1.1"
	if strings.HasPrefix(w.Version, "1.3") {
		c.Version = "1.3.0"
	}
	r := w.Capability.Request
	top := Layer{Format: formatOf(pictureFormats, r.GetMap.Format), InfoFormat: formatOf(infoFormats, r.GetFeatureInfo.Format)}
	graphic := len(r.GetLegendGraphic.Format) > 0
	c.walk(&w.Capability.Layer, top, nil, graphic)
	return c, nil
}

// walk takes a layer and those below it, which inherit from it.
func (c *Capabilities) walk(w *wmsLayer, above Layer, offered []string, graphic bool) {
	l := above
	offered = append(append(offered[:len(offered):len(offered)], w.CRS...), w.SRS...)
	for _, each := range w.SRS { // 1.1.0 lists them in one element
		offered = append(offered, strings.Fields(each)...)
	}
	if c.Attribution == "" {
		c.Attribution = w.Attribution.Title
	}
	switch {
	case w.Geographic != nil:
		l.Extent = mercator(w.Geographic.West, w.Geographic.South, w.Geographic.East, w.Geographic.North)
	case w.LatLon != nil:
		l.Extent = mercator(w.LatLon.MinX, w.LatLon.MinY, w.LatLon.MaxX, w.LatLon.MaxY)
	}
	if w.MinScale > 0 {
		l.MinScale = w.MinScale
	}
	if w.MaxScale > 0 {
		l.MaxScale = w.MaxScale
	}
	var styles []Style
	for _, s := range w.Style {
		style := Style{Name: s.Name, Title: tidy(s.Title)}
		for _, legend := range s.Legend {
			if style.Legend = legend.Resource.address(); graphic || strings.Contains(strings.ToLower(style.Legend), "request=getlegendgraphic") {
				style.Legend = GraphicLegend
			}
		}
		if graphic && style.Legend == "" {
			style.Legend = GraphicLegend
		}
		styles = append(styles, style)
	}
	l.Styles = append(styles, above.Styles...)
	if w.Name != "" && len(c.Layers) < maxLayers {
		chosen := l
		chosen.Name, chosen.Title = w.Name, titled(w.Title, w.Name)
		chosen.CRS, chosen.Asked = crsOf(offered)
		if w.Queryable != "1" && w.Queryable != "true" {
			chosen.InfoFormat = ""
		}
		if graphic {
			chosen.Legend = GraphicLegend
		}
		if len(chosen.Styles) > 0 { // the one drawn by default comes first
			chosen.Legend = chosen.Styles[0].Legend
		}
		switch {
		case chosen.CRS == "":
			chosen.Unusable = unknownCRS
		case chosen.Format == "":
			chosen.Unusable = layers.Text{"fr": "aucun format d’image connu", "en": "no format of pictures that is known"}
		}
		c.Layers = append(c.Layers, chosen)
	}
	for i := range w.Layer {
		c.walk(&w.Layer[i], l, offered, graphic)
	}
}
