package layers

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"
	"github.com/twpayne/go-geom"
)

// Service is what the rest of the server does with layers.
type Service struct {
	catalog  atomic.Pointer[Catalog]
	mu       sync.Mutex
	replaced chan struct{} // closed when the catalog is replaced
	store    Store
	synced   func(context.Context) error
	noted    *otter.Cache[string, struct{}] // maps chosen by personal data that are in the log
}

// Store keeps features. It is implemented by layers/postgis; the interface is
// here because layers may not know its store.
type Store interface {
	Features(ctx context.Context, v Viewer, l *Layer, q Query) Features
	Count(ctx context.Context, v Viewer, l *Layer, q Query) (int64, error)
	// Size counts no further than a hundred thousand and estimates beyond.
	Size(ctx context.Context, v Viewer, l *Layer, q Query) (n int64, exact bool, err error)
	Summarise(ctx context.Context, v Viewer, l *Layer, q Query, fields []*Field, medians, measured bool) (*Summary, error)
	// Group counts records by the value of a field, most first.
	Group(ctx context.Context, v Viewer, l *Layer, q Query, f *Field, limit int) ([]Group, error)
	// Pick are the identifiers of what q selects, in order, and the envelope of
	// their shapes in the CRS of srid; nil without shapes.
	Pick(ctx context.Context, v Viewer, l *Layer, q Query, srid int) ([]string, *BBox, error)
	// Heights finds the height at each place in EPSG:3857, nil where a layer
	// has none.
	Heights(ctx context.Context, v Viewer, l *Layer, places [][2]float64, within float64) ([]*Height, error)
	// Spread reads the numbers of a field, taking neighbours together beyond limit.
	Spread(ctx context.Context, v Viewer, l *Layer, q Query, f *Field, limit int) (*Spread, error)
	// Latest are the identifiers of the records changed last, newest first.
	Latest(ctx context.Context, v Viewer, l *Layer, limit int) ([]string, error)
	Extent(ctx context.Context, v Viewer, l *Layer, srid int) (*BBox, error)
	History(ctx context.Context, v Viewer, l *Layer, id string, srid int) ([]HistoryEntry, error)
	// Caused are the changes of a cause, oldest first; shown finds the layer of
	// a table, nil when the viewer has none.
	Caused(ctx context.Context, v Viewer, cause string, shown func(relation string) *Layer) ([]Caused, error)
	// Since is when the first change was recorded; zero when there is none.
	Since(ctx context.Context, v Viewer) (time.Time, error)
	// Search finds features of the layers by their search fields.
	Search(ctx context.Context, v Viewer, in []*Layer, text string, limit int) ([]Found, error)
	// Identify finds records by the values of fields, in the order of the keys.
	Identify(ctx context.Context, v Viewer, l *Layer, fields []string, keys []Key) ([]Identified, error)
	// Gather makes one shape of features; it fails when one of them is not there.
	Gather(ctx context.Context, v Viewer, l *Layer, ids []string, how Gathering, srid int) (geom.T, error)
	// Shape makes shapes of shapes; the argument is checked.
	Shape(ctx context.Context, v Viewer, l *Layer, sh Shaping, srid int) ([]geom.T, error)
	// LogPersonal notes reads of personal data.
	LogPersonal(ctx context.Context, reads []PersonalRead) error
	PersonalReads(ctx context.Context, q PersonalReads) ([]PersonalRead, error)
	// Evaluate reads the expressions of the layer over a draft.
	Evaluate(ctx context.Context, v Viewer, l *Layer, d Draft) (*Evaluation, error)
	// Write calls fn in one database transaction in which the viewer's rights
	// hold; an error from fn undoes everything. History keeps the cause.
	Write(ctx context.Context, v Viewer, cause string, fn func(Writer) error) error
}

// Writer writes rows within one transaction. The edits of one call are all of
// one layer and one Op.
type Writer interface {
	// Lock reads the rows and keeps others from changing them until the end of
	// the transaction. Rows that do not exist are missing in the answer.
	Lock(ctx context.Context, l *Layer, ids []string) (map[string]*Feature, error)
	// Exists reports whether the viewer may read a row with this identifier.
	Exists(ctx context.Context, l *Layer, id string) (bool, error)
	// Shapes brings the geometries into the layer's CRS and onto its grid, in
	// place, and returns the faults found, by index of the edit.
	Shapes(ctx context.Context, l *Layer, edits []*Edit) (map[int]string, error)
	Insert(ctx context.Context, l *Layer, edits []*Edit) ([]EditResult, error)
	// Update changes rows that are locked.
	Update(ctx context.Context, l *Layer, edits []*Edit) ([]EditResult, error)
	Delete(ctx context.Context, l *Layer, ids []string) error
	// Revive inserts a deleted row as history has it.
	Revive(ctx context.Context, l *Layer, edit *Edit) (EditResult, error)
	// Try calls fn; an error undoes what it wrote and nothing else.
	Try(ctx context.Context, fn func() error) error
	// Once waits for other transactions with the same cause, and reads from
	// history what the cause did already; nil when it did nothing.
	Once(ctx context.Context, cause string) (*Tally, error)
	// CheckRules finds rows that break a rule of the layer: at most limit breaches.
	CheckRules(ctx context.Context, v Viewer, l *Layer, ids []string, limit int) ([]Breach, error)
}

// NewService makes the service. synced is called after each transaction and
// returns when this process has heard of its changes, so that who wrote reads
// what he wrote.
func NewService(catalog *Catalog, store Store, synced func(context.Context) error) *Service {
	noted := otter.Must(&otter.Options[string, struct{}]{MaximumSize: 10_000, ExpiryCalculator: otter.ExpiryCreating[string, struct{}](notedFor)})
	s := &Service{store: store, synced: synced, replaced: make(chan struct{}), noted: noted}
	s.catalog.Store(catalog)
	return s
}

// Catalog is the present catalog.
func (s *Service) Catalog() *Catalog { return s.catalog.Load() }

// SetCatalog replaces the catalog: what runs already goes on with the old one.
func (s *Service) SetCatalog(c *Catalog) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.catalog.Store(c)
	close(s.replaced)
	s.replaced = make(chan struct{})
}

// Replaced is closed when the catalog is replaced the next time.
func (s *Service) Replaced() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.replaced
}

// Features reads the features of a layer that the viewer may see.
func (s *Service) Features(ctx context.Context, v Viewer, layer string, q Query) (Features, error) {
	l, err := s.readable(v, layer, &q)
	if err != nil {
		return nil, err
	}
	if err := s.note(ctx, s.selectedBy(v, l, q, false)); err != nil {
		return nil, err
	}
	return s.logged(ctx, v, l, s.store.Features(ctx, v, l, q)), nil
}

// Count counts what the query selects, without its limit and After.
func (s *Service) Count(ctx context.Context, v Viewer, layer string, q Query) (int64, error) {
	l, err := s.counted(ctx, v, layer, &q)
	if err != nil {
		return 0, err
	}
	return s.store.Count(ctx, v, l, q)
}

// Size counts what the query selects as Count does, but no further than a
// hundred thousand: beyond it is an estimate, and exact is false.
func (s *Service) Size(ctx context.Context, v Viewer, layer string, q Query) (n int64, exact bool, err error) {
	l, err := s.counted(ctx, v, layer, &q)
	if err != nil {
		return 0, false, err
	}
	return s.store.Size(ctx, v, l, q)
}

// counted checks a query that only counts. Its answer tells of the personal
// data by which it selects.
func (s *Service) counted(ctx context.Context, v Viewer, layer string, q *Query) (*Layer, error) {
	l, err := s.readable(v, layer, q)
	if err != nil {
		return nil, err
	}
	return l, s.note(ctx, s.selectedBy(v, l, *q, true))
}

// Feature reads one feature with its measures, its geometry in the CRS of
// srid (0: the layer's own).
func (s *Service) Feature(ctx context.Context, v Viewer, layer, id string, srid int) (*Feature, error) {
	return s.FeatureAt(ctx, v, layer, id, srid, time.Time{})
}

// FeatureAt reads one feature as it was at a moment; a zero one is now.
func (s *Service) FeatureAt(ctx context.Context, v Viewer, layer, id string, srid int, moment time.Time) (*Feature, error) {
	features, err := s.Features(ctx, v, layer, Query{IDs: []string{id}, SRID: srid, Measures: true, Labels: true, At: moment})
	if err != nil {
		return nil, err
	}
	for f, err := range features {
		return f, err
	}
	return nil, Errorf(NotFound, "there is no feature %q in layer %s", id, layer)
}

// Extent is the envelope of the layer's features in the CRS of srid, nil when
// it has none.
func (s *Service) Extent(ctx context.Context, v Viewer, layer string, srid int) (*BBox, error) {
	l, err := s.Catalog().Get(v, layer)
	if err != nil {
		return nil, err
	}
	return s.store.Extent(ctx, v, l, srid)
}

// History lists the changes of a feature, newest first, geometries in the CRS
// of srid. It names people, so that one must be signed in.
func (s *Service) History(ctx context.Context, v Viewer, layer, id string, srid int) ([]HistoryEntry, error) {
	l, err := s.Catalog().Get(v, layer)
	if err != nil {
		return nil, err
	}
	if v.Anonymous() {
		return nil, Errorf(Unauthorized, "the history of a feature names people: sign in to read it")
	}
	entries, err := s.store.History(ctx, v, l, id, srid)
	if fields := v.personalFields(l); err == nil && len(fields) > 0 && len(entries) > 0 {
		err = s.logPersonal(ctx, v, l, fields, []*Feature{{ID: id, Collectivity: entries[0].Collectivity}})
	}
	return entries, err
}

// Since is when the first change that the viewer may know of was recorded; zero
// when there is none.
func (s *Service) Since(ctx context.Context, v Viewer) (time.Time, error) {
	if v.Anonymous() {
		return time.Time{}, Errorf(Unauthorized, "sign in to see how the map was")
	}
	return s.store.Since(ctx, v)
}

// readable finds the layer and checks the query against it.
func (s *Service) readable(v Viewer, layer string, q *Query) (*Layer, error) {
	c := s.Catalog()
	l, err := c.Get(v, layer)
	if err != nil {
		return nil, err
	}
	return l, q.check(c, v, l)
}

// Search answers the search box over every layer the viewer may read: at most
// limit features, best first. Case and accents do not matter.
func (s *Service) Search(ctx context.Context, v Viewer, text string, limit int) ([]Found, error) {
	catalog := s.Catalog()
	found, err := s.store.Search(ctx, v, catalog.Readable(v), text, limit)
	if err != nil || v.Purpose == "" {
		return found, err
	}
	ids := map[*Layer][]*Feature{}
	for _, f := range found {
		l := catalog.byID[f.Layer]
		ids[l] = append(ids[l], &Feature{ID: f.ID, Collectivity: f.Collectivity})
	}
	for l, features := range ids {
		if fields := v.personalFields(l); len(fields) > 0 {
			if err := s.logPersonal(ctx, v, l, fields, features); err != nil {
				return nil, err
			}
		}
	}
	return found, nil
}
