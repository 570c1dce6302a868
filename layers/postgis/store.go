// Package postgis keeps the features of layers in PostGIS: reading, writing,
// history, search, and the feed of changes. It is the only package with SQL
// for features.
package postgis

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"arpent/layers"
)

// Store keeps features in PostGIS. It implements layers.Store.
type Store struct {
	pool    *pgxpool.Pool
	changed sync.Map // by layer: when the log said that its table was changed
}

var _ layers.Store = (*Store)(nil)

// NewStore returns a store on the pool, whose role must own the tables of the
// layers and be a member of arpent_app and arpent_public.
func NewStore(pool *pgxpool.Pool) *Store { return &Store{pool: pool} }

// read calls fn in a read-only transaction that sees one moment of the
// database, and in it only what the viewer may read of the layer.
func (s *Store) read(ctx context.Context, v layers.Viewer, l *layers.Layer, fn func(pgx.Tx) error) error {
	return s.readAs(ctx, v, readingRole(v, l, time.Time{}), l, fn)
}

func (s *Store) readAs(ctx context.Context, v layers.Viewer, role string, l *layers.Layer, fn func(pgx.Tx) error) error {
	tx, err := s.pool.BeginTx(ctx, pgx.TxOptions{AccessMode: pgx.ReadOnly, IsoLevel: pgx.RepeatableRead})
	if err != nil {
		return translate(err, nil)
	}
	defer rollback(tx)
	if err := assume(ctx, tx, v, role); err != nil {
		return translate(err, nil)
	}
	if err := fn(tx); err != nil {
		return translate(err, l)
	}
	return nil
}

// The database roles under which requests run.
const (
	roleOwner    = ""                // the command line: no restriction
	rolePublic   = "arpent_public"   // sees the public columns of public layers
	roleApp      = "arpent_app"      // sees and writes rows as row-level security allows its viewer
	rolePersonal = "arpent_personal" // the same, with the columns that hold personal data
)

// readingRole chooses the role with the least rights that shows the viewer all
// it may see, now or, when that is not zero, as it was at a moment. Public
// layers are read as anybody reads them: without row-level security, which
// would cost indexes (see DESIGN.md).
func readingRole(v layers.Viewer, l *layers.Layer, at time.Time) string {
	switch {
	case v.System():
		return roleOwner
	case v.Anonymous(), at.IsZero() && v.SeesAsAnybody(l):
		return rolePublic
	case v.ReadsPersonal(l):
		return rolePersonal
	default:
		return roleApp
	}
}

// queryRole is readingRole for a query, whose filter may look at other layers.
func queryRole(v layers.Viewer, l *layers.Layer, q layers.Query) string {
	role := readingRole(v, l, q.At)
	switch {
	case role != rolePublic || v.Anonymous() || !q.LeadsAway():
		return role
	case v.ReadsPersonal(l):
		return rolePersonal
	}
	return roleApp
}

// writingRole is the role under which a viewer begins to write.
func writingRole(v layers.Viewer) string {
	if v.System() {
		return roleOwner
	}
	return roleApp
}

// assume makes the rest of the transaction run on behalf of the viewer.
func assume(ctx context.Context, tx pgx.Tx, v layers.Viewer, role string) error {
	settings := "select set_config('arpent.viewer', $1, true), set_config('arpent.actor', $2, true), set_config('role', $3, true)"
	viewer := ""
	if v.UserID != 0 {
		viewer = strconv.FormatInt(v.UserID, 10)
	}
	if role == roleOwner {
		role = "none"
	}
	if _, err := tx.Exec(ctx, settings, viewer, v.Login, role); err != nil {
		return fmt.Errorf("assuming role %s: %w", role, err)
	}
	return nil
}

// rollback ends a transaction that was not committed; the request's context
// may be over by then.
func rollback(tx pgx.Tx) { _ = tx.Rollback(context.Background()) }

// identifier quotes a name that may be qualified by a schema.
func identifier(name string) string {
	return pgx.Identifier(strings.SplitN(name, ".", 2)).Sanitize()
}

func column(name string) string { return pgx.Identifier{name}.Sanitize() }

// translate turns errors of the database that a person caused into words for
// that person. l may be nil.
func translate(err error, l *layers.Layer) error {
	e, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		if pgconn.SafeToRetry(err) || isConnect(err) || isBroken(err) {
			return layers.Errorf(layers.Unavailable, "the database does not answer: try again in a moment%w", quiet{err})
		}
		return err
	}
	switch {
	case e.Code == "23505":
		return fault(layers.Conflict, l, e, "another feature already has this value")
	case e.Code == "23503" && strings.Contains(e.Detail, "still referenced"):
		return fault(layers.Conflict, l, e, "other records still refer to this feature: delete or change them first")
	case e.Code == "23503":
		return fault(layers.Invalid, l, e, "refers to a record that does not exist")
	case e.Code == "23502":
		return fault(layers.Invalid, l, e, "a value is required")
	case e.Code == "23514":
		return fault(layers.Invalid, l, e, "the value breaks the rule "+e.ConstraintName+" of the table")
	case strings.HasPrefix(e.Code, "22"):
		return fault(layers.Invalid, l, e, e.Message)
	case e.Code == "42501":
		return layers.Errorf(layers.Forbidden, "you have no right to do this%w", quiet{err})
	case e.Code == "40001" || e.Code == "40P01":
		return layers.Errorf(layers.Conflict, "somebody changed the same features at this moment: try again%w", quiet{err})
	case strings.HasPrefix(e.Code, "57") || strings.HasPrefix(e.Code, "53") || strings.HasPrefix(e.Code, "08"):
		return layers.Errorf(layers.Unavailable, "the database does not answer: try again in a moment%w", quiet{err})
	}
	return err
}

func isConnect(err error) bool {
	_, ok := errors.AsType[*pgconn.ConnectError](err)
	return ok
}

// isBroken reports whether a connection ended while it was waited on.
func isBroken(err error) bool {
	_, ok := errors.AsType[*net.OpError](err)
	return ok || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed)
}

// fault names the field behind the column or constraint of a database error.
func fault(kind layers.Kind, l *layers.Layer, e *pgconn.PgError, message string) error {
	name := e.ColumnName
	if name == "" && l != nil {
		name = columnOfConstraint(l, e)
	}
	if f := fieldOfColumn(l, name); f != nil {
		name = f.Name
	}
	out := layers.Errorf(kind, "%s%w", message, quiet{e})
	if name != "" {
		out.Detail = name + ": " + message
		out.Faults = []layers.Fault{{Location: "properties." + name, Message: message}}
	}
	return out
}

// columnOfConstraint finds the column of a constraint named in the manner of
// PostgreSQL: table_column_key, table_column_check.
func columnOfConstraint(l *layers.Layer, e *pgconn.PgError) string {
	rest, ok := strings.CutPrefix(e.ConstraintName, e.TableName+"_")
	if !ok {
		return ""
	}
	for _, suffix := range []string{"_key", "_check", "_fkey"} {
		if name, ok := strings.CutSuffix(rest, suffix); ok && fieldOfColumn(l, name) != nil {
			return name
		}
	}
	return ""
}

func fieldOfColumn(l *layers.Layer, name string) *layers.Field {
	if l == nil || name == "" {
		return nil
	}
	for i := range l.Fields {
		if l.Fields[i].Column == name {
			return &l.Fields[i]
		}
	}
	return nil
}

// quiet keeps a cause for the log and out of the text that people read.
type quiet struct{ error }

func (quiet) Error() string   { return "" }
func (q quiet) Unwrap() error { return q.error }
