package ogc

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-spatial/tegola/mapbox/tilejson"

	"arpent/layers"
	"arpent/layers/cql2"
	"arpent/tiles"
	"arpent/web/auth"
	"arpent/web/problem"
)

// TilePrefix is what the paths of tiles begin with.
const TilePrefix = "/tiles/"

// Tiler answers what is under TilePrefix: tiles of WebMercatorQuad at
// LAYERS/Z/X/Y.mvt and their TileJSON at LAYERS.json. It finds its way by itself
// (DESIGN.md).
func (s *Server) Tiler() http.Handler {
	return problem.Handler(func(w http.ResponseWriter, r *http.Request) error {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD, OPTIONS")
			return layers.Errorf(problem.NotAllowed, "tiles can only be read")
		}
		path := strings.TrimPrefix(r.URL.Path, TilePrefix)
		names, place, ok := strings.Cut(path, "/")
		if !ok {
			return s.tileJSON(w, r, path) // layers.json; layers have dots in their names
		}
		place, named := strings.CutSuffix(place, ".mvt")
		if !named || strings.Count(place, "/") != 2 {
			return layers.Errorf(layers.NotFound, "there is nothing at this address: tiles are at "+TilePrefix+"LAYER/Z/X/Y.mvt")
		}
		return s.tile(w, r, names, place)
	})
}

// Headers of tiles, which many answers share: nobody writes to them.
var (
	tileVary    = []string{"Accept-Encoding, Authorization, Cookie"}
	tileType    = []string{"application/vnd.mapbox-vector-tile"}
	tilePublic  = []string{"public, no-cache"}
	tilePrivate = []string{"private, no-cache"}

	tileEncodings = [...][]string{tiles.Gzip: {"gzip"}, tiles.Brotli: {"br"}}
)

// tile answers a vector tile of WebMercatorQuad.
func (s *Server) tile(w http.ResponseWriter, r *http.Request, names, place string) error {
	var q layers.Query
	if r.URL.RawQuery != "" {
		if err := onlyParameters(r, "datetime", "fields", "text", "filter", "q", "valid", "after"); err != nil {
			return err
		}
		var err error
		if q, err = narrowed(r); err != nil {
			return err
		}
	}
	at, err := tilePlace(place)
	if err != nil {
		return err
	}
	if err := s.await(r); err != nil {
		return err
	}
	v := auth.Viewer(r.Context())
	t, err := s.tileOf(r, v, strings.Split(names, ","), at, q)
	if err != nil {
		return err
	}
	h := w.Header()
	h["Vary"] = tileVary
	h["Cache-Control"] = caching(v)
	if t.Made != "" {
		h["Server-Timing"] = []string{"made;desc=" + string(t.Made)} // for who wonders why it took so long
	}
	if t.Share.Reduced() {
		h.Set("Arpent-Tile-Reduced", fmt.Sprintf("%d of %d", t.Share.Kept, t.Share.Of)) // features that are there, of those that would be by no rule
	}
	encoding, known := encodingOf(r, t)
	h["Etag"] = []string{t.Tag(encoding)}
	if known {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	if t.Empty() {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	if encoding != tiles.Identity {
		h["Content-Encoding"] = tileEncodings[encoding]
	}
	body := t.In(encoding)
	h["Content-Type"] = tileType
	h["Content-Length"] = []string{strconv.Itoa(len(body))}
	if r.Method != http.MethodHead {
		_, err = w.Write(body)
	}
	return err
}

// tilePlace reads Z/X/Y.
func tilePlace(place string) (at [3]int, err error) {
	rest := place
	for i, name := range []string{"z", "x", "y"} {
		var text string
		text, rest, _ = strings.Cut(rest, "/")
		if at[i], err = strconv.Atoi(text); err != nil {
			return at, layers.BadParameter(name, text, "is no whole number")
		}
	}
	return at, nil
}

// tileOf is the tile that is asked for: of one layer, narrowed or with the
// attributes of a style, or of several as their files say.
func (s *Server) tileOf(r *http.Request, v layers.Viewer, ids []string, at [3]int, q layers.Query) (*tiles.Tile, error) {
	if r.URL.RawQuery == "" {
		return s.Tiles.TileAt(r.Context(), v, ids, at[0], at[1], at[2], q.At)
	}
	fields, text := extraOf(r)
	switch extra := len(fields) > 0 || text != ""; {
	case !extra && !q.Narrows():
		return s.Tiles.TileAt(r.Context(), v, ids, at[0], at[1], at[2], q.At)
	case len(ids) == 1:
		return s.Tiles.TileWith(r.Context(), v, ids[0], at[0], at[1], at[2], q, fields, text)
	case extra:
		return nil, layers.BadParameter("fields", nil, "attributes can be asked for of one layer at a time")
	}
	return nil, layers.BadParameter("filter", nil, "one layer can be narrowed at a time")
}

// maxWords is how long the words of a search may be, in bytes.
const maxWords = 200

// narrowed is which features are asked for, by the parameters of a list.
func narrowed(r *http.Request) (q layers.Query, err error) {
	p := r.URL.Query()
	if q.At, err = momentOf(p); err != nil {
		return q, err
	}
	if q.Text = p.Get("q"); len(q.Text) > maxWords {
		return q, layers.BadParameter("q", nil, "has more than %d letters", maxWords)
	}
	if filter := p.Get("filter"); filter != "" {
		if q.Filter, err = cql2.ParseJSON([]byte(filter)); err != nil {
			return q, layers.BadParameter("filter", nil, "%v", err)
		}
	}
	switch valid := p.Get("valid"); valid {
	case "", "false":
	case "true":
		q.ValidOn = time.Now().Format(time.DateOnly)
	default:
		return q, layers.BadParameter("valid", valid, "is neither true nor false")
	}
	return q, nil
}

// extraOf are the attributes that a style asks tiles to carry.
func extraOf(r *http.Request) (fields []string, text string) {
	q := r.URL.Query()
	if names := q.Get("fields"); names != "" {
		fields = strings.Split(names, ",")
	}
	return fields, q.Get("text")
}

// caching is the header Cache-Control of tiles and what describes them.
func caching(v layers.Viewer) []string {
	if v.Anonymous() {
		return tilePublic
	}
	return tilePrivate
}

type tileJSON2 = tilejson.TileJSON

// tileJSON3 is TileJSON 3.0: the 2.1 of the library with what came since.
type tileJSON3 struct {
	tileJSON2
	TileJSON     string              `json:"tilejson"`
	Grids        []string            `json:"grids,omitempty"`
	Data         []string            `json:"data,omitempty"`
	Template     *string             `json:"template,omitempty"`
	Legend       *string             `json:"legend,omitempty"`
	Description  *string             `json:"description,omitempty"`
	Attribution  *string             `json:"attribution,omitempty"`
	Format       string              `json:"format"`
	VectorLayers []tiles.VectorLayer `json:"vector_layers"`
	// JSON is the same list as text: what GDAL reads from a metadata file.
	JSON string `json:"json"`
}

// tileJSON describes the tiles of one layer or a composite.
func (s *Server) tileJSON(w http.ResponseWriter, r *http.Request, document string) error {
	if err := onlyParameters(r, "fields", "text"); err != nil {
		return err
	}
	v := auth.Viewer(r.Context())
	names, ok := strings.CutSuffix(document, ".json")
	if !ok {
		return layers.Errorf(layers.NotFound, "there is nothing at this address: TileJSON is at /tiles/LAYER.json")
	}
	v.Language = language(r)
	fields, text := extraOf(r)
	d, err := s.Tiles.Describe(r.Context(), v, strings.Split(names, ","), fields, text)
	if err != nil {
		return err
	}
	doc := tileJSON3{TileJSON: "3.0.0", Format: "pbf", VectorLayers: d.Layers}
	doc.Version, doc.Scheme, doc.Name = "1.0.0", "xyz", &d.Title
	doc.Tiles = []string{baseURL(r) + "/tiles/" + names + "/{z}/{x}/{y}.mvt"}
	if r.URL.RawQuery != "" {
		doc.Tiles[0] += "?" + r.URL.RawQuery
	}
	doc.MinZoom, doc.MaxZoom = uint(d.MinZoom), uint(d.MaxZoom)
	doc.Bounds = d.Bounds
	at, zoom := d.Center()
	doc.Center = [3]float64{at[0], at[1], float64(zoom)}
	list, err := json.Marshal(map[string]any{"vector_layers": doc.VectorLayers})
	if err != nil {
		return err
	}
	doc.JSON = string(list)
	w.Header()["Cache-Control"] = caching(v)
	return writeJSON(w, r, mediaJSON, doc)
}
