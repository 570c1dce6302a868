package api

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/twpayne/go-geom"

	"arpent/layers"
	"arpent/layers/cql2"
	"arpent/web/auth"
	"arpent/web/geojson"
)

// FeatureRow is a feature in a list.
type FeatureRow struct {
	ID         string            `json:"id"`
	Version    string            `json:"version"`
	Label      string            `json:"label"`
	Properties map[string]any    `json:"properties"`
	Labels     map[string]string `json:"labels,omitempty" doc:"by reference field: the title of the record it refers to"`
	BBox       *[4]float64       `json:"bbox,omitempty"`
}

// Feature is a feature with its shape.
type Feature struct {
	FeatureRow
	Layer        string          `json:"layer"`
	Collectivity string          `json:"collectivity,omitempty"`
	Geometry     json.RawMessage `json:"geometry" doc:"GeoJSON geometry in EPSG:3857, or null"`
	Area         float64         `json:"area,omitempty" doc:"m², on the ground"`
	Length       float64         `json:"length,omitempty" doc:"m; the perimeter of areas"`
	Editable     bool            `json:"editable"`
	Actions      []layers.Action `json:"actions" nullable:"false" doc:"What the viewer may do with this record"`
}

// Selection chooses records of a layer, as a list does.
type Selection struct {
	Layer  string    `path:"layer"`
	BBox   string    `query:"bbox" doc:"Only features that meet the box minx,miny,maxx,maxy"`
	Q      string    `query:"q" maxLength:"200" doc:"Words that the search fields have"`
	Filter string    `query:"filter" maxLength:"65536" doc:"A condition as CQL2-JSON; see layers/cql2 for what is Arpent's own"`
	IDs    string    `query:"ids" doc:"Only these records, by identifier, with commas between"`
	Valid  bool      `query:"valid" doc:"Only records that may be chosen today"`
	At     time.Time `query:"at" doc:"As it was at that moment"`

	equal map[string]string // filter[field]=value
}

// Resolve reads the filters, whose names are those of fields.
func (in *Selection) Resolve(ctx huma.Context) []error {
	u := ctx.URL()
	for name, values := range u.Query() {
		if field, ok := strings.CutPrefix(name, "filter["); ok {
			if in.equal == nil {
				in.equal = map[string]string{}
			}
			in.equal[strings.TrimSuffix(field, "]")] = values[0]
		}
	}
	return nil
}

// query is what the input selects.
func (in *Selection) query() (layers.Query, error) {
	q := layers.Query{Text: in.Q, Equal: in.equal, At: in.At}
	var err error
	if in.Valid {
		q.ValidOn = time.Now().Format(time.DateOnly)
	}
	if in.BBox != "" {
		if q.BBox, err = parseBBox(in.BBox); err != nil {
			return q, err
		}
	}
	if in.IDs != "" {
		q.IDs = strings.Split(in.IDs, ",")
	}
	if in.Filter != "" {
		if q.Filter, err = cql2.ParseJSON([]byte(in.Filter)); err != nil {
			return q, layers.BadParameter("filter", nil, "%v", err)
		}
	}
	return q, nil
}

type listInput struct {
	Selection
	Sort   string `query:"sort" doc:"Field to sort by, with - before it from last to first"`
	Limit  int    `query:"limit" minimum:"1" maximum:"1000" default:"50"`
	After  string `query:"after" doc:"The page after this place, as an answer gave it"`
	Before string `query:"before" doc:"The page before this place, as an answer gave it"`
	Last   bool   `query:"last" doc:"The last page"`
}

type listOutput struct {
	Body struct {
		Total    int64        `json:"total"`
		Exact    bool         `json:"exact" doc:"The total was counted; else it is an estimate above 100,000"`
		Before   string       `json:"before,omitempty" doc:"Place before which the page before this one ends; absent on the first"`
		After    string       `json:"after,omitempty" doc:"Place after which the next page begins; absent on the last"`
		Features []FeatureRow `json:"features" nullable:"false"`
	}
}

func (s *Server) listFeatures(ctx context.Context, in *listInput) (*listOutput, error) {
	v := auth.Viewer(ctx)
	l, err := s.Layers.Catalog().Get(v, in.Layer)
	if err != nil {
		return nil, err
	}
	q, err := in.query()
	if err != nil {
		return nil, err
	}
	q.Sort, q.Limit, q.SRID, q.WithBBox, q.Labels = in.Sort, in.Limit+1, srid, true, true
	q.Backward = in.Last || in.Before != ""
	if q.After, err = parseCursor(cmp.Or(in.Before, in.After)); err != nil {
		return nil, err
	}
	out := &listOutput{}
	if out.Body.Total, out.Body.Exact, err = s.Layers.Size(ctx, v, l.ID, q); err != nil {
		return nil, err
	}
	features, err := s.Layers.Features(ctx, v, l.ID, q)
	if err != nil {
		return nil, err
	}
	var page []*layers.Feature
	for f, err := range features {
		if err != nil {
			return nil, err
		}
		page = append(page, f)
	}
	more := len(page) > in.Limit
	page = page[:min(len(page), in.Limit)]
	if q.Backward {
		slices.Reverse(page)
	}
	out.Body.Features = []FeatureRow{}
	for _, f := range page {
		out.Body.Features = append(out.Body.Features, rowOf(f))
	}
	if len(page) > 0 {
		if q.Backward && more || !q.Backward && q.After != nil {
			out.Body.Before = cursorText(page[0].Cursor)
		}
		if q.Backward && !in.Last || !q.Backward && more {
			out.Body.After = cursorText(page[len(page)-1].Cursor)
		}
	}
	return out, nil
}

// cursorText writes a place in a list for a link.
func cursorText(c layers.Cursor) string {
	data, err := json.Marshal(c)
	if err != nil {
		panic(err) // two texts
	}
	return base64.RawURLEncoding.EncodeToString(data)
}

// parseCursor reads a place in a list; nil for "".
func parseCursor(text string) (*layers.Cursor, error) {
	if text == "" {
		return nil, nil
	}
	var c layers.Cursor
	data, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		err = json.Unmarshal(data, &c)
	}
	if err != nil || c.Value != nil && strings.ContainsRune(*c.Value, 0) {
		return nil, layers.BadParameter("after", text, "is no place in a list: follow the links as they were given")
	}
	return &c, nil
}

func parseBBox(text string) (*layers.BBox, error) {
	parts := strings.Split(text, ",")
	var n [4]float64
	if len(parts) != len(n) {
		return nil, layers.BadParameter("bbox", text, "has four numbers: minx,miny,maxx,maxy in EPSG:%d", srid)
	}
	for i, part := range parts {
		var err error
		if n[i], err = strconv.ParseFloat(part, 64); err != nil {
			return nil, layers.BadParameter("bbox", text, "%q is no number", part)
		}
	}
	return &layers.BBox{MinX: n[0], MinY: n[1], MaxX: n[2], MaxY: n[3], SRID: srid}, nil
}

func rowOf(f *layers.Feature) FeatureRow {
	return FeatureRow{f.ID, f.Version, f.Label, f.Properties, f.Labels, boxOf(f.Geometry)}
}

func boxOf(g geom.T) *[4]float64 {
	if g == nil || g.Empty() {
		return nil
	}
	b := g.Bounds()
	return &[4]float64{b.Min(0), b.Min(1), b.Max(0), b.Max(1)}
}

type featureInput struct {
	Layer string `path:"layer"`
	ID    string `path:"id"`
}

type momentInput struct {
	Layer string    `path:"layer"`
	ID    string    `path:"id"`
	At    time.Time `query:"at" doc:"As it was at that moment"`
}

type featureOutput struct{ Body Feature }

func (s *Server) getFeature(ctx context.Context, in *momentInput) (*featureOutput, error) {
	f, err := s.feature(ctx, in.Layer, in.ID, in.At)
	if err != nil {
		return nil, err
	}
	return &featureOutput{*f}, nil
}

func (s *Server) feature(ctx context.Context, layer, id string, moment time.Time) (*Feature, error) {
	v := auth.Viewer(ctx)
	f, err := s.Layers.FeatureAt(ctx, v, layer, id, srid, moment)
	if err != nil {
		return nil, err
	}
	l, err := s.Layers.Catalog().Get(v, layer)
	if err != nil {
		return nil, err
	}
	out := &Feature{FeatureRow: rowOf(f), Layer: layer, Collectivity: f.Collectivity, Editable: moment.IsZero() && v.May(layers.UpdateRows, l, f.Collectivity), Actions: actionsOf(v, l, f.Collectivity)}
	if out.Geometry, err = geojson.EncodeGeometry(f.Geometry, false); err != nil {
		return nil, fmt.Errorf("encoding feature %s of layer %s: %w", id, layer, err)
	}
	if m := f.Measures; m != nil {
		out.Area, out.Length = m.Area, m.Length
	}
	return out, nil
}

// Change is one edit of a transaction.
type Change struct {
	Op           string          `json:"op" enum:"create,update,delete"`
	Layer        string          `json:"layer"`
	ID           string          `json:"id,omitempty" doc:"Not for create, unless the layer's identifiers are given by the client"`
	Version      string          `json:"version,omitempty" doc:"What the edit is based on; needed to update and delete"`
	Collectivity string          `json:"collectivity,omitempty" doc:"Owner of a new feature"`
	Properties   map[string]any  `json:"properties,omitempty" doc:"Those that change; the others stay"`
	Geometry     json.RawMessage `json:"geometry,omitempty" doc:"GeoJSON geometry in EPSG:3857; null for none; absent: stays"`
	Refer        map[string]int  `json:"refer,omitempty" doc:"By reference field: the index of an earlier change that creates the record it refers to"`
}

type transactInput struct {
	Body struct {
		Changes []Change `json:"changes" minItems:"1" maxItems:"10000" nullable:"false"`
	}
}

type transactOutput struct {
	Body struct {
		Results []Result `json:"results" nullable:"false"`
	}
}

// Result is a feature after its edit.
type Result struct {
	Layer   string `json:"layer"`
	ID      string `json:"id"`
	Version string `json:"version,omitempty"`
}

func (s *Server) transact(ctx context.Context, in *transactInput) (*transactOutput, error) {
	var t layers.Transaction
	v := auth.Viewer(ctx)
	for i, c := range in.Body.Changes {
		at := fmt.Sprintf("changes[%d]", i)
		edit := layers.Edit{Op: layers.Op(c.Op), Layer: c.Layer, ID: c.ID, Version: c.Version, Collectivity: c.Collectivity, Properties: c.Properties, Refer: c.Refer, At: at}
		if c.Op != "create" && c.Version == "" {
			return nil, geojson.Fault(at+".version", "say the version that the edit is based on")
		}
		if c.Geometry != nil {
			var err error
			if edit.Geometry, err = geojson.DecodeGeometry(c.Geometry, at+".geometry", srid, false); err != nil {
				return nil, err
			}
			edit.ClearGeometry = edit.Geometry == nil
			if l, err := s.Layers.Catalog().Get(v, c.Layer); err == nil {
				edit.Geometry = raised(l, edit.Geometry)
			}
		}
		t.Edits = append(t.Edits, edit)
	}
	result, err := s.Layers.Transact(ctx, v, t)
	if err != nil {
		return nil, s.withCurrent(ctx, err)
	}
	out := &transactOutput{}
	for _, e := range result.Edits {
		out.Body.Results = append(out.Body.Results, Result{e.Layer, e.ID, e.Version})
	}
	return out, nil
}

// withCurrent adds to a stale edit what is stored now, as the page shows it.
func (s *Server) withCurrent(ctx context.Context, err error) error {
	stale, ok := errors.AsType[*layers.Error](err)
	if !ok || stale.Kind != layers.Stale {
		return err
	}
	for i, c := range stale.Conflicts {
		current, err := s.feature(ctx, c.Layer, c.ID, time.Time{})
		if layers.KindOf(err) == layers.NotFound {
			continue
		}
		if err != nil {
			return err
		}
		stale.Conflicts[i].Shown = current
	}
	return stale
}

// Found is an answer of the search box.
type Found struct {
	Layer  string      `json:"layer"`
	ID     string      `json:"id"`
	Label  string      `json:"label"`
	Detail string      `json:"detail"`
	BBox   *[4]float64 `json:"bbox,omitempty" doc:"in EPSG:3857; absent without a shape"`
}

type searchInput struct {
	Q     string `query:"q" required:"true" maxLength:"200"`
	Limit int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

type searchOutput struct {
	Body struct {
		Results []Found `json:"results" nullable:"false"`
	}
}

func (s *Server) search(ctx context.Context, in *searchInput) (*searchOutput, error) {
	found, err := s.Layers.Search(ctx, auth.Viewer(ctx), in.Q, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &searchOutput{}
	out.Body.Results = []Found{}
	for _, f := range found {
		out.Body.Results = append(out.Body.Results, Found{f.Layer, f.ID, f.Label, f.Detail, corners(f.BBox)})
	}
	return out, nil
}
