package layers

import (
	"context"
	"crypto/rand"
	"maps"
)

// EditAll says which records get the same values in some fields, or are deleted.
type EditAll struct {
	Query  Query
	Set    map[string]any // by field: its new value
	Delete bool
	DryRun bool // try it and undo it
}

// EditedAll is what became of a bulk edit. Where one record refuses, none is
// changed.
type EditedAll struct {
	Tally
	Cause   string     // under which history has it, and by which it is undone
	Samples []*Feature // the first records as they were before, with their titles
	Rejects []Reject   // the first of them
}

// Reject is a record that an edit does not fit.
type Reject struct {
	ID, Label string
	Why       *Error
}

// Bounds of bulk edits: more is an import.
const (
	maxEditAll = 100_000
	maxSamples = 20
	maxRejects = 100
)

// EditAll gives fields of all records that a query selects the same values, or
// deletes them, in one transaction, with all checks of single edits.
func (s *Service) EditAll(ctx context.Context, v Viewer, layer string, e EditAll) (*EditedAll, error) {
	l, err := s.readable(v, layer, &e.Query)
	switch {
	case err != nil:
		return nil, err
	case !e.Delete && len(e.Set) == 0:
		return nil, Errorf(Invalid, "choose at least one field to change")
	case e.Delete && len(e.Set) > 0:
		return nil, Errorf(Invalid, "records are either changed or deleted: leave out the one or the other")
	case e.Delete && !e.Query.Narrows() && e.Query.BBox == nil:
		return nil, Errorf(Invalid, "a whole layer is not deleted at once: choose records")
	case !e.Query.At.IsZero():
		return nil, Errorf(Invalid, "the past cannot be edited: look at the present")
	case e.Delete && !v.May(DeleteRows, l, ""):
		return nil, Errorf(Forbidden, "you have no right to delete records of layer %s: ask an administrator", l.ID)
	case !e.Delete && !v.May(UpdateRows, l, ""):
		return nil, Errorf(Forbidden, "you have no right to change records of layer %s: ask an administrator", l.ID)
	}
	n, err := s.Count(ctx, v, layer, e.Query)
	if err != nil {
		return nil, err
	}
	if n > maxEditAll {
		return nil, Errorf(TooLarge, "%d records are more than the %d that are edited at once: narrow the list, or export, change and import them", n, maxEditAll)
	}
	q := e.Query
	q.After, q.Limit, q.NoGeometry, q.Labels = nil, 0, true, true
	features, err := s.Features(ctx, v, layer, q)
	if err != nil {
		return nil, err
	}
	out := &EditedAll{Cause: "bulk " + rand.Text()[:10], Samples: []*Feature{}, Rejects: []Reject{}}
	var ids, labels []string
	edits := func(yield func(Edit, error) bool) {
		for f, err := range features {
			if err != nil {
				yield(Edit{}, err)
				return
			}
			if len(out.Samples) < maxSamples {
				out.Samples = append(out.Samples, f)
			}
			ids, labels = append(ids, f.ID), append(labels, f.Label)
			edit := Edit{Op: Update, Layer: layer, ID: f.ID, Version: f.Version, Properties: maps.Clone(e.Set)}
			if e.Delete {
				edit.Op = Delete
			}
			if !yield(edit, nil) {
				return
			}
		}
	}
	tally, err := s.TransactAll(ctx, v, edits, Bulk{
		Cause: out.Cause, DryRun: e.DryRun, Whole: true,
		Rejected: func(n int, why *Error) error {
			if len(out.Rejects) < maxRejects {
				out.Rejects = append(out.Rejects, Reject{ids[n], labels[n], why})
			}
			return nil
		},
	})
	if err != nil {
		return nil, err
	}
	out.Tally = *tally
	return out, nil
}
