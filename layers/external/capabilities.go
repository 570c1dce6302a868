package external

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/project"
	"golang.org/x/net/html/charset"

	"arpent/layers"
)

// Capabilities are what a service offers.
type Capabilities struct {
	Kind  Kind
	Title string
	Definition
}

// maxLayers is how many layers of a service are read.
const maxLayers = 5000

// ParseCapabilities reads what a service of a kind answered when it was asked
// for its capabilities.
func ParseCapabilities(kind Kind, data []byte) (*Capabilities, error) {
	root, err := rootOf(data)
	if err != nil {
		return nil, refuse("noCapabilities", "the answer is no XML: is this the address of a %s?", strings.ToUpper(string(kind)))
	}
	if text := exceptionOf(root, data); text != "" {
		return nil, refuse("exception", "the service says: %s", text)
	}
	var c *Capabilities
	switch {
	case kind == WMS && (root == "WMS_Capabilities" || root == "WMT_MS_Capabilities"):
		c, err = parseWMS(data)
	case kind == WFS && root == "WFS_Capabilities":
		c, err = parseWFS(data)
	case kind == WMTS && root == "Capabilities":
		c, err = parseWMTS(data)
	default:
		return nil, refuse("noCapabilities", "the answer, %s, is not what a %s offers: is this its address?", root, strings.ToUpper(string(kind)))
	}
	if err != nil {
		return nil, refuse("noCapabilities", "what the service says it offers cannot be read: %v", err)
	}
	if len(c.Layers) == 0 {
		return nil, refuse("noLayers", "the service offers no layers")
	}
	c.Kind = kind
	c.Title, c.Attribution = tidy(c.Title), tidy(c.Attribution)
	if len(c.Layers) > maxLayers {
		c.Layers = c.Layers[:maxLayers]
	}
	return c, nil
}

// Choice is a layer that an administrator chose, in the words of the page.
type Choice struct {
	Name  string
	Style string // "" for the first
	Title layers.Text
}

// Choose makes the definition of a service with these of its layers.
func (c *Capabilities) Choose(choices []Choice) (Definition, error) {
	d := Definition{Version: c.Version, Attribution: c.Attribution}
	for _, choice := range choices {
		i := slices.IndexFunc(c.Layers, func(l Layer) bool { return l.Name == choice.Name })
		if i < 0 {
			return d, refuse("layers", "layers: the service offers no layer %s", choice.Name)
		}
		l := c.Layers[i]
		if l.Unusable != nil {
			return d, refuse("layers", "layers: layer %s cannot be shown: %s", l.Name, l.Unusable.In("en"))
		}
		if choice.Style != "" {
			k := slices.IndexFunc(l.Styles, func(s Style) bool { return s.Name == choice.Style })
			if k < 0 {
				return d, refuse("layers", "layers: layer %s has no style %s", l.Name, choice.Style)
			}
			l.Style, l.Legend = l.Styles[k].Name, l.Styles[k].Legend
		}
		if choice.Title.In("") != "" {
			l.Title = choice.Title
		}
		l.Styles = nil
		d.Layers = append(d.Layers, l)
	}
	return d, nil
}

// decode reads XML. Entities that a document declares itself are not known to
// the decoder, so that none can grow.
func decode(data []byte, into any) error {
	return decoder(data).Decode(into)
}

func decoder(data []byte) *xml.Decoder {
	d := xml.NewDecoder(bytes.NewReader(data))
	d.CharsetReader = charset.NewReaderLabel
	return d
}

// rootOf is the local name of the outermost element.
func rootOf(data []byte) (string, error) {
	d := decoder(data)
	for {
		token, err := d.Token()
		if err != nil {
			return "", err
		}
		if e, ok := token.(xml.StartElement); ok {
			return e.Name.Local, nil
		}
	}
}

// exceptionOf is what a service says is wrong, in a report of exceptions; ""
// where the answer is none.
func exceptionOf(root string, data []byte) string {
	if root != "ServiceExceptionReport" && root != "ExceptionReport" {
		return ""
	}
	var said []string
	d := decoder(data)
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) || err != nil {
			break
		}
		if text, ok := token.(xml.CharData); ok && len(bytes.TrimSpace(text)) > 0 {
			said = append(said, string(text))
		}
	}
	return tidy(strings.Join(said, " ")) + " "
}

// Exception is what a service says is wrong in the place of what it was asked
// for; "" where the answer is none.
func Exception(data []byte) string {
	root, err := rootOf(data)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(exceptionOf(root, data))
}

// tidy is a text of a service on one line, and not endless.
func tidy(s string) string {
	const most = 300
	s = strings.Join(strings.Fields(s), " ")
	if runes := []rune(s); len(runes) > most {
		s = string(runes[:most-1]) + "…"
	}
	return s
}

// titled is the title of a layer, in both languages as the service has it.
func titled(title, name string) layers.Text {
	if title = tidy(title); title == "" {
		title = name
	}
	return layers.Text{"fr": title, "en": title}
}

// mercator turns a box in degrees, longitude first, into EPSG:3857; nil for one
// that is none.
func mercator(west, south, east, north float64) *[4]float64 {
	const edge = 85.05
	south, north = max(south, -edge), min(north, edge)
	if !(west < east && south < north) || math.Abs(west) > 360 || math.Abs(east) > 360 {
		return nil
	}
	west, east = max(west, -180), min(east, 180)
	low, high := project.WGS84.ToMercator(orb.Point{west, south}), project.WGS84.ToMercator(orb.Point{east, north})
	return &[4]float64{low[0], low[1], high[0], high[1]}
}

// unknownCRS is why a layer in other coordinates cannot be chosen.
var unknownCRS = layers.Text{
	"fr": "ni Web Mercator, ni Lambert-93, ni WGS 84",
	"en": "neither Web Mercator, nor Lambert-93, nor WGS 84",
}

// pictureFormats are those that a page shows, the best first.
var pictureFormats = []string{"image/png", "image/png8", "image/webp", "image/jpeg", "image/gif"}

// formatOf is the best of those offered; "" for none.
func formatOf(wanted, offered []string) string {
	for _, w := range wanted {
		for _, o := range offered {
			if strings.EqualFold(strings.ReplaceAll(o, " ", ""), w) {
				return o
			}
		}
	}
	return ""
}
