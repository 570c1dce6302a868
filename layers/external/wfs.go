package external

import (
	"strings"
)

// wfsCapabilities are those of WFS 1.0.0, 1.1.0 and 2.0.0.
type wfsCapabilities struct {
	Version        string `xml:"version,attr"`
	Identification struct {
		Title string `xml:"Title"`
	} `xml:"ServiceIdentification"`
	Service struct {
		Title string `xml:"Title"`
	} `xml:"Service"`
	Provider struct {
		Name string `xml:"ProviderName"`
	} `xml:"ServiceProvider"`
	Operations struct {
		Operation []struct {
			Name      string `xml:"name,attr"`
			Parameter []struct {
				Name    string   `xml:"name,attr"`
				Value   []string `xml:"Value"`
				Allowed []string `xml:"AllowedValues>Value"`
			} `xml:"Parameter"`
		} `xml:"Operation"`
	} `xml:"OperationsMetadata"`
	Types struct {
		Type []struct {
			Name       string   `xml:"Name"`
			Title      string   `xml:"Title"`
			DefaultCRS string   `xml:"DefaultCRS"`
			DefaultSRS string   `xml:"DefaultSRS"`
			SRS        string   `xml:"SRS"`
			OtherCRS   []string `xml:"OtherCRS"`
			OtherSRS   []string `xml:"OtherSRS"`
			Format     []string `xml:"OutputFormats>Format"`
			Box        *struct {
				Lower string `xml:"LowerCorner"`
				Upper string `xml:"UpperCorner"`
			} `xml:"WGS84BoundingBox"`
			LatLon *wmsLatLon `xml:"LatLongBoundingBox"`
		} `xml:"FeatureType"`
	} `xml:"FeatureTypeList"`
}

// featureFormats are those of features that the page reads, the best first; any
// service has GML besides.
var featureFormats = []string{"application/geo+json", "application/json", "application/vnd.geo+json", "geojson", "json", "application/json;subtype=geojson"}

func parseWFS(data []byte) (*Capabilities, error) {
	var w wfsCapabilities
	if err := decode(data, &w); err != nil {
		return nil, err
	}
	c := &Capabilities{Title: w.Identification.Title}
	if c.Title == "" {
		c.Title = w.Service.Title
	}
	c.Attribution = w.Provider.Name
	switch {
	case strings.HasPrefix(w.Version, "2."):
		c.Version = "2.0.0"
	case strings.HasPrefix(w.Version, "1.1"):
		c.Version = "1.1.0"
	default:
		c.Version = "1.0.0"
	}
	var formats []string
	for _, o := range w.Operations.Operation {
		for _, p := range o.Parameter {
			if o.Name == "GetFeature" && p.Name == "outputFormat" {
				formats = append(append(formats, p.Value...), p.Allowed...)
			}
		}
	}
	for _, t := range w.Types.Type {
		l := Layer{Name: strings.TrimSpace(t.Name), Title: titled(t.Title, strings.TrimSpace(t.Name)), Format: formatOf(featureFormats, append(t.Format, formats...))}
		l.CRS, l.Asked = crsOf(append(append([]string{t.DefaultCRS, t.DefaultSRS, strings.TrimSpace(t.SRS)}, t.OtherCRS...), t.OtherSRS...))
		if t.LatLon != nil {
			l.Extent = mercator(t.LatLon.MinX, t.LatLon.MinY, t.LatLon.MaxX, t.LatLon.MaxY)
		}
		if b := t.Box; b != nil {
			if low, high := pair(b.Lower), pair(b.Upper); low != nil && high != nil {
				l.Extent = mercator(low[0], low[1], high[0], high[1])
			}
		}
		if l.CRS == "" {
			l.Unusable = unknownCRS
		}
		c.Layers = append(c.Layers, l)
	}
	return c, nil
}
