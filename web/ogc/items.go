package ogc

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"arpent/layers"
	"arpent/web/auth"
	"arpent/web/geojson"
)

// Numbers of features in a page.
const (
	defaultLimit = 1000
	maxLimit     = 10_000
)

// itemsQuery reads the parameters of a request for items.
func itemsQuery(r *http.Request, l *layers.Layer, v layers.Viewer) (q layers.Query, as crs, err error) {
	known := []string{"f", "limit", "bbox", "bbox-crs", "crs", "after", "datetime"}
	for _, f := range v.Fields(l) {
		known = append(known, f.Name)
	}
	if err := onlyParameters(r, known...); err != nil {
		return q, as, err
	}
	p := r.URL.Query()
	if as, err = parseCRS(l, "crs", p.Get("crs")); err != nil {
		return q, as, err
	}
	q = layers.Query{SRID: as.srid, Limit: defaultLimit}
	if p.Has("after") {
		q.After = &layers.Cursor{ID: p.Get("after")}
	}
	if p.Has("limit") {
		n, err := strconv.Atoi(p.Get("limit")) // what overflows is the largest there is
		if err != nil && !errors.Is(err, strconv.ErrRange) || n < 1 {
			return q, as, layers.BadParameter("limit", p.Get("limit"), "is a whole number from 1; above %d it counts as %d", maxLimit, maxLimit)
		}
		q.Limit = min(n, maxLimit)
	}
	if q.At, err = momentOf(p); err != nil {
		return q, as, err
	}
	if p.Has("bbox") {
		box, err := parseCRS(l, "bbox-crs", p.Get("bbox-crs"))
		if err != nil {
			return q, as, err
		}
		if q.BBox, err = parseBBox(p.Get("bbox"), box); err != nil {
			return q, as, err
		}
	}
	for _, f := range v.Fields(l) {
		if p.Has(f.Name) && !slices.Contains(known[:7], f.Name) {
			if q.Equal == nil {
				q.Equal = map[string]string{}
			}
			q.Equal[f.Name] = p.Get(f.Name)
		}
	}
	return q, as, nil
}

// parseBBox reads 4 numbers, or 6 with heights, which no layer is filtered by.
func parseBBox(text string, in crs) (*layers.BBox, error) {
	parts := strings.Split(text, ",")
	if len(parts) != 4 && len(parts) != 6 {
		return nil, layers.BadParameter("bbox", text, "has four numbers (or six, with heights), separated by commas")
	}
	var n []float64
	for _, part := range parts {
		c, err := strconv.ParseFloat(strings.TrimSpace(part), 64)
		if err != nil {
			return nil, layers.BadParameter("bbox", text, "%q is no number", part)
		}
		n = append(n, c)
	}
	if len(n) == 6 {
		n = []float64{n[0], n[1], n[3], n[4]}
	}
	if in.swap {
		n[0], n[1], n[2], n[3] = n[1], n[0], n[3], n[2]
	}
	return &layers.BBox{MinX: n[0], MinY: n[1], MaxX: n[2], MaxY: n[3], SRID: in.srid}, nil
}

// momentOf reads the parameter datetime. A moment asks for the features as they
// were then. No layer has a time of its own, so that an interval, which asks
// for all that was within it, is met by all features there are: now.
func momentOf(p url.Values) (time.Time, error) {
	if !p.Has("datetime") {
		return time.Time{}, nil
	}
	from, to, interval := strings.Cut(p.Get("datetime"), "/")
	start, startErr := parseInstant(from, interval)
	end, endErr := parseInstant(to, interval)
	if startErr != nil || interval && (endErr != nil || !start.IsZero() && !end.IsZero() && end.Before(start)) {
		return time.Time{}, layers.BadParameter("datetime", p.Get("datetime"), "is neither a moment such as 2026-02-28T13:45:00Z nor an interval start/end, whose ends may be ..")
	}
	if interval || start.After(time.Now()) {
		return time.Time{}, nil
	}
	return start, nil
}

// parseInstant reads a date with or without time (RFC 3339). An open end is
// the zero time.
func parseInstant(text string, mayBeOpen bool) (time.Time, error) {
	if mayBeOpen && (text == "" || text == "..") {
		return time.Time{}, nil
	}
	if t, err := time.Parse(time.DateOnly, text); err == nil {
		return t, nil
	}
	return time.Parse(time.RFC3339, text)
}

// items answers a page of features, written as they are read.
func (s *Server) items(w http.ResponseWriter, r *http.Request) error {
	l, err := s.layer(r)
	if err != nil {
		return err
	}
	v := auth.Viewer(r.Context())
	q, as, err := itemsQuery(r, l, v)
	if err != nil {
		return err
	}
	media, err := negotiate(r, mediaGeoJSON, mediaJSON)
	if err != nil {
		return err
	}
	matched, _, err := s.Layers.Size(r.Context(), v, l.ID, q)
	if err != nil {
		return err
	}
	limit := q.Limit
	q.Limit++ // one more tells whether there is a next page
	features, err := s.Layers.Features(r.Context(), v, l.ID, q)
	if err != nil {
		return err
	}
	page := &pageWriter{w: w, r: r, layer: l, crs: as, media: media, matched: matched}
	for f, err := range features {
		if err == nil && page.returned == limit {
			page.next = page.last
			break
		}
		if err == nil {
			err = page.write(f)
		}
		if err != nil {
			return page.fail(err)
		}
	}
	return page.end()
}

// pageWriter writes a FeatureCollection piece by piece.
type pageWriter struct {
	w        http.ResponseWriter
	r        *http.Request
	out      *bufio.Writer
	layer    *layers.Layer
	crs      crs
	media    string
	matched  int64
	returned int
	last     string // identifier of the last feature
	next     string // identifier after which the next page begins; "" for none
}

func (p *pageWriter) begin() {
	if p.out != nil {
		return
	}
	h := p.w.Header()
	h.Set("Content-Type", p.media)
	h.Add("Vary", "Accept, Accept-Language")
	h.Set("Content-Crs", "<"+p.crs.uri()+">")
	p.out = bufio.NewWriterSize(p.w, 32<<10)
	_, _ = fmt.Fprintf(p.out, `{"type":"FeatureCollection","timeStamp":%q,"numberMatched":%d,"features":[`, time.Now().UTC().Format(time.RFC3339), p.matched)
}

func (p *pageWriter) write(f *layers.Feature) error {
	body, err := encodeFeature(p.layer, f, p.crs, nil)
	if err != nil {
		return err
	}
	p.begin()
	if p.returned > 0 {
		_ = p.out.WriteByte(',')
	}
	p.returned++
	p.last = f.ID
	_, err = p.out.Write(body)
	return err
}

// fail answers an error, or cuts the connection when half the answer is out:
// a client must not take it for the whole.
func (p *pageWriter) fail(err error) error {
	if p.out == nil {
		return err
	}
	panic(http.ErrAbortHandler)
}

func (p *pageWriter) end() error {
	p.begin()
	self := baseURL(p.r) + p.r.URL.RequestURI()
	links := []Link{
		{self, "self", mediaGeoJSON, "This document"},
		{collectionURL(p.r, p.layer), "collection", mediaJSON, p.layer.Title.In(language(p.r))},
	}
	if p.next != "" {
		query := p.r.URL.Query()
		query.Set("after", p.next)
		next := url.URL{Path: p.r.URL.Path, RawQuery: query.Encode()}
		links = append(links, Link{baseURL(p.r) + next.String(), "next", mediaGeoJSON, "Next page"})
	}
	encoded, err := json.Marshal(links)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(p.out, `],"numberReturned":%d,"links":%s}`, p.returned, encoded)
	return p.out.Flush()
}

// encodeFeature writes one feature in the CRS. links may be nil.
func encodeFeature(l *layers.Layer, f *layers.Feature, as crs, links []Link) ([]byte, error) {
	shape, err := geojson.EncodeGeometry(f.Geometry, as.swap)
	if err != nil {
		return nil, fmt.Errorf("encoding feature %s of layer %s: %w", f.ID, l.ID, err)
	}
	var id any = f.ID
	switch l.Source.IDType {
	case "bigint", "integer", "smallint":
		id = json.Number(f.ID)
	}
	return json.Marshal(struct {
		Type       string          `json:"type"`
		ID         any             `json:"id"`
		Geometry   json.RawMessage `json:"geometry"`
		Properties map[string]any  `json:"properties"`
		Links      []Link          `json:"links,omitempty"`
	}{"Feature", id, shape, f.Properties, links})
}

// item answers one feature.
func (s *Server) item(w http.ResponseWriter, r *http.Request) error {
	l, err := s.layer(r)
	if err != nil {
		return err
	}
	if err := onlyParameters(r, "f", "crs"); err != nil {
		return err
	}
	as, err := parseCRS(l, "crs", r.URL.Query().Get("crs"))
	if err != nil {
		return err
	}
	media, err := negotiate(r, mediaGeoJSON, mediaJSON)
	if err != nil {
		return err
	}
	v := auth.Viewer(r.Context())
	f, err := s.Layers.Feature(r.Context(), v, l.ID, chi.URLParam(r, "feature"), as.srid)
	if err != nil {
		return err
	}
	h := w.Header()
	tag := etag(f.Version, as, v.Sight(l))
	h.Set("ETag", tag)
	h.Set("Cache-Control", "private, no-cache")
	h.Set("Content-Crs", "<"+as.uri()+">")
	if noneMatch(r, tag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	body, err := encodeFeature(l, f, as, []Link{
		{itemURL(r, l, f.ID), "self", mediaGeoJSON, "This document"},
		{collectionURL(r, l), "collection", mediaJSON, l.Title.In(language(r))},
	})
	if err != nil {
		return err
	}
	return writeJSON(w, r, media, json.RawMessage(body))
}
