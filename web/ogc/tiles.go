package ogc

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-spatial/tegola/mapbox/tilejson"

	"arpent/layers"
	"arpent/layers/cql2"
	"arpent/tiles"
	"arpent/web/auth"
	"arpent/web/problem"
)

// TileRoutes are the routes of XYZ tiles, to be mounted at /tiles.
func (s *Server) TileRoutes() chi.Router {
	r := chi.NewRouter()
	r.Get("/{document}", problem.Handler(s.tileJSON)) // layers.json; layers have dots in their names
	r.Get("/{layers}/{z}/{x}/{y}.mvt", problem.Handler(s.tile))
	return r
}

// tile answers a vector tile of WebMercatorQuad.
func (s *Server) tile(w http.ResponseWriter, r *http.Request) error {
	if err := onlyParameters(r, "datetime", "fields", "text", "filter", "q", "valid"); err != nil {
		return err
	}
	q, err := narrowed(r)
	if err != nil {
		return err
	}
	var at [3]int
	for i, name := range []string{"z", "x", "y"} {
		n, err := strconv.Atoi(chi.URLParam(r, name))
		if err != nil {
			return layers.BadParameter(name, chi.URLParam(r, name), "is no whole number")
		}
		at[i] = n
	}
	v := auth.Viewer(r.Context())
	t, err := s.tileOf(r, v, at, q)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Add("Vary", "Accept-Encoding")
	h.Set("Cache-Control", visibility(v)+", no-cache")
	if t.Made != "" {
		h.Set("Server-Timing", "made;desc="+string(t.Made)) // for who wonders why it took so long
	}
	body, tag := t.Data, `"`+t.ETag+`"`
	if acceptsGzip(r.Header.Get("Accept-Encoding")) && !t.Empty() {
		body, tag = t.Gzip, `"`+t.ETag+`-gzip"`
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("ETag", tag)
	if noneMatch(r, tag) {
		h.Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	if t.Empty() {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	h.Set("Content-Type", "application/vnd.mapbox-vector-tile")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method != http.MethodHead {
		_, err = w.Write(body)
	}
	return err
}

// tileOf is the tile that is asked for: of one layer, narrowed or with the
// attributes of a style, or of several as their files say.
func (s *Server) tileOf(r *http.Request, v layers.Viewer, at [3]int, q layers.Query) (*tiles.Tile, error) {
	ids := strings.Split(chi.URLParam(r, "layers"), ",")
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

func visibility(v layers.Viewer) string {
	if v.Anonymous() {
		return "public"
	}
	return "private"
}

// acceptsGzip reads Accept-Encoding (RFC 9110, 12.5.3).
func acceptsGzip(header string) bool {
	any := false
	for part := range strings.SplitSeq(header, ",") {
		coding, parameters, _ := strings.Cut(strings.TrimSpace(part), ";")
		weight := quality(parameters)
		switch strings.ToLower(strings.TrimSpace(coding)) {
		case "gzip":
			return weight > 0
		case "*":
			any = weight > 0
		}
	}
	return any
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
func (s *Server) tileJSON(w http.ResponseWriter, r *http.Request) error {
	if err := onlyParameters(r, "fields", "text"); err != nil {
		return err
	}
	v := auth.Viewer(r.Context())
	names, ok := strings.CutSuffix(chi.URLParam(r, "document"), ".json")
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
	w.Header().Set("Cache-Control", visibility(v)+", no-cache")
	return writeJSON(w, r, mediaJSON, doc)
}
