package postgis

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"arpent/layers"
)

// Load completes the layers from the database, makes the catalog and prepares
// their tables. It reports every layer that does not fit the database at once.
func (s *Store) Load(ctx context.Context, all []*layers.Layer) (*layers.Catalog, error) {
	var faults []error
	for _, l := range all {
		faults = append(faults, s.Describe(ctx, l))
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	catalog, err := layers.NewCatalog(all)
	if err != nil {
		return nil, err
	}
	for _, l := range all {
		faults = append(faults, s.Prepare(ctx, l))
	}
	faults = append(faults, s.Retain(ctx, catalog))
	return catalog, errors.Join(faults...)
}

// Prepare makes the table of a layer of a catalog ready: enrolled, indexed,
// and its expressions tried.
func (s *Store) Prepare(ctx context.Context, l *layers.Layer) error {
	if err := s.Enrol(ctx, l); err != nil {
		return err
	}
	if err := s.indexSearch(ctx, l); err != nil {
		return err
	}
	if err := s.indexSorting(ctx, l); err != nil {
		return err
	}
	return s.tryExpressions(ctx, l)
}

// tryExpressions lets PostgreSQL read every expression of the layer once, over
// no row: what the checks of the language let pass is found here.
func (s *Store) tryExpressions(ctx context.Context, l *layers.Layer) error {
	return pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		for _, e := range l.Expressions() {
			st := &statement{}
			rows := scope{st, layers.Viewer{Admin: true}, l, "t", new(int)}
			st.writef("select %s from %s as t limit 0", rows.expression(e), identifier(l.Source.Table))
			if _, err := tx.Exec(ctx, st.String(), st.args...); err != nil {
				return layers.Errorf(layers.Invalid, "%s: %q cannot be evaluated: %s", l.File, e.Text, firstLine(err))
			}
		}
		return nil
	})
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(fmt.Sprint(err), "\n")
	return line
}
