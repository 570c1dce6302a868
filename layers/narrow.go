package layers

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// notedFor is for how long a map that is chosen by personal data is noted: it
// asks for the same in each of its tiles, wherever it is moved.
const notedFor = 10 * time.Minute

// Narrows reports whether the query leaves records out by more than a box.
func (q *Query) Narrows() bool {
	return q.IDs != nil || q.Equal != nil || q.Text != "" || q.Filter != nil || q.ValidOn != ""
}

// Narrow checks a query by which the map shows a layer. Where it selects by
// personal data, a reader of the map is noted once in a while, not by tile.
func (s *Service) Narrow(ctx context.Context, v Viewer, layer string, q *Query) (*Layer, error) {
	l, err := s.readable(v, layer, q)
	if err != nil {
		return nil, err
	}
	reads := s.selectedBy(v, l, *q, true)
	if len(reads) == 0 {
		return l, nil
	}
	filter, err := json.Marshal(q.Filter)
	if err != nil {
		return nil, fmt.Errorf("writing a filter: %w", err)
	}
	key := fmt.Sprintf("%d %s %q %q %s", v.UserID, l.ID, v.Purpose, q.Text, filter)
	if _, first := s.noted.SetIfAbsent(key, struct{}{}); !first {
		return l, nil
	}
	if err := s.note(ctx, reads); err != nil {
		s.noted.Invalidate(key)
		return nil, err
	}
	return l, nil
}
