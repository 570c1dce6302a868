package postgis

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"arpent/layers"
)

// changedTable are the errors of a query that fitted its table once: a column, a
// table, a function of these types is not there, types do not fit, and a prepared
// statement has other columns than it had.
var changedTable = map[string]bool{"42703": true, "42P01": true, "42883": true, "42804": true, "42846": true, "0A000": true}

// logChangedEvery is how often the log says of a layer that its table was changed.
const logChangedEvery = time.Minute

// checkTable turns the error of a query that does not fit its table into one that
// says so, of this layer alone, and has the log say what is different.
func (s *Store) checkTable(ctx context.Context, l *layers.Layer, err error) error {
	e, ok := errors.AsType[*pgconn.PgError](err)
	if !ok || !changedTable[e.Code] {
		return err
	}
	now := time.Now()
	if last, ok := s.changed.Swap(l.ID, now); !ok || now.Sub(last.(time.Time)) > logChangedEvery {
		slog.ErrorContext(ctx, "a table is not what it was when the layer files were read: mend the table or its layer file", "layer", l.ID, "table", l.Source.Table, "error", e.Message)
	} else {
		s.changed.Store(l.ID, last)
	}
	return layers.Errorf(layers.Unavailable, "the table of layer %s was changed, and its layer file does not fit it: the server's log says what is different%w", l.ID, quiet{err})
}
