package layers

import (
	"context"
	"maps"
	"slices"
	"time"
)

// PersonalRead says that somebody read personal data.
type PersonalRead struct {
	ID           int64
	At           time.Time
	Account      int64
	Who          string
	Collectivity string // owner of the records; "" for none
	Layer        string
	Features     []string // empty when records were counted by personal data
	Fields       []string
	Purpose      string
}

// PersonalReads selects from the log of such reads, newest first.
type PersonalReads struct {
	Collectivities []string // only of these; nil for all
	Layer          string
	Feature        string
	Who            string    // part of the login
	From, Until    time.Time // zero for an open end
	Before         int64     // only entries before this one; 0 for all
	Limit          int
}

// logChunk is how many records one entry of the log names at most.
const logChunk = 500

// personalFields are the names of the fields with personal data that the
// viewer sees.
func (v Viewer) personalFields(l *Layer) []string {
	if v.System() || v.Purpose == "" {
		return nil
	}
	var names []string
	for i := range l.Fields {
		if f := &l.Fields[i]; f.Personal && v.MaySee(l, f) {
			names = append(names, f.Name)
		}
	}
	return names
}

// logged is a sequence of features of which each is in the log of reads before
// anybody gets it: what breaks off has been logged too.
func (s *Service) logged(ctx context.Context, v Viewer, l *Layer, features Features) Features {
	fields := v.personalFields(l)
	if len(fields) == 0 {
		return features
	}
	return func(yield func(*Feature, error) bool) {
		var waiting []*Feature
		hand := func() bool {
			err := s.logPersonal(ctx, v, l, fields, waiting)
			if err != nil {
				yield(nil, err)
				return false
			}
			for _, f := range waiting {
				if !yield(f, nil) {
					return false
				}
			}
			waiting = waiting[:0]
			return true
		}
		for f, err := range features {
			if err != nil {
				if hand() {
					yield(nil, err)
				}
				return
			}
			if waiting = append(waiting, f); len(waiting) == logChunk && !hand() {
				return
			}
		}
		hand()
	}
}

// logPersonal notes that fields of features are read, an entry for each
// collectivity that owns some.
func (s *Service) logPersonal(ctx context.Context, v Viewer, l *Layer, fields []string, features []*Feature) error {
	ids := map[string][]string{}
	for _, f := range features {
		seen := slices.ContainsFunc(fields, func(name string) bool { return v.MaySeeOf(l, l.Field(name), f.Collectivity) })
		if l.Source.Collectivity == "" || seen {
			ids[f.Collectivity] = append(ids[f.Collectivity], f.ID)
		}
	}
	var reads []PersonalRead
	for _, code := range slices.Sorted(maps.Keys(ids)) {
		reads = append(reads, s.personalRead(v, l, code, ids[code], fields))
	}
	return s.note(ctx, reads)
}

func (s *Service) personalRead(v Viewer, l *Layer, collectivity string, ids, fields []string) PersonalRead {
	return PersonalRead{Account: v.UserID, Who: v.Login, Collectivity: collectivity, Layer: l.ID, Features: ids, Fields: fields, Purpose: v.Purpose}
}

// note writes to the log, whatever becomes of the request.
func (s *Service) note(ctx context.Context, reads []PersonalRead) error {
	if len(reads) == 0 {
		return nil
	}
	return s.store.LogPersonal(context.WithoutCancel(ctx), reads)
}

// PersonalReads reads the log of reads of personal data of the collectivities
// that the viewer administers.
func (s *Service) PersonalReads(ctx context.Context, v Viewer, q PersonalReads) ([]PersonalRead, error) {
	codes := v.AdministersIn()
	switch {
	case v.Anonymous():
		return nil, Errorf(Unauthorized, "sign in to read the log of personal data")
	case !v.Admin && len(codes) == 0:
		return nil, Errorf(Forbidden, "only administrators read the log of personal data")
	case !v.Admin:
		q.Collectivities = codes
	}
	return s.store.PersonalReads(ctx, q)
}
