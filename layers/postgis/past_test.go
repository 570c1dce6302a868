package postgis_test

import (
	"fmt"
	"strings"
	"testing"

	"arpent/layers"
)

// changes are the history of a feature, newest first.
func (w town) changes(t testing.TB, v layers.Viewer, layer, id string) []layers.HistoryEntry {
	t.Helper()
	entries, err := w.History(ctx, v, layer, id, 2154)
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

func TestADeletedRecordIsRestoredWithItsIdentifierAndAllItsColumns(t *testing.T) {
	w := newGarden(t)
	sql(t, w.pool, `alter table garden.grave add column secret text, add column twice integer generated always as (number * 2) stored`)
	editor := w.account(t, "e", "A", "manager")
	grave := w.put(t, "garden.graves", map[string]any{"number": 7, "kind": "ever", "term": "perpetual"})
	sql(t, w.pool, `update garden.grave set secret = 'kept', geom = ST_SetSRID('POLYGON((0 0, 2 0, 2 1, 0 0))'::geometry, 2154), stone = ST_SetSRID('POINT(1 1)'::geometry, 2154) where id = $1`, id(t, grave))
	if _, err := w.Transact(ctx, editor, layers.Transaction{Edits: []layers.Edit{{Op: layers.Delete, Layer: "garden.graves", ID: grave}}}); err != nil {
		t.Fatal(err)
	}
	deletion := w.changes(t, editor, "garden.graves", grave)[0]
	if deletion.Op != "delete" {
		t.Fatalf("the newest change is %+v", deletion)
	}
	if _, err := w.Undo(ctx, editor, "garden.graves", grave, deletion.ID); err != nil {
		t.Fatal(err)
	}
	f := w.get(t, "garden.graves", grave)
	if got := f.Properties["number"]; fmt.Sprint(got) != "7" {
		t.Errorf("the number is %v", got)
	}
	if n := w.count(t, `select count(*) from garden.grave where id = $1 and secret = 'kept' and twice = 14 and ST_Area(geom) = 1 and ST_X(stone) = 1`, id(t, grave)); n != 1 {
		t.Error("columns that no field shows, or shapes, are not as they were")
	}
	newest := w.changes(t, editor, "garden.graves", grave)[0]
	if newest.Op != "insert" || !strings.HasPrefix(newest.Cause, "undo ") || newest.Who != "e" {
		t.Errorf("history says %+v", newest)
	}
	_, err := w.Undo(ctx, editor, "garden.graves", grave, deletion.ID)
	wantKind(t, err, layers.Conflict)
}

func TestRestoringIsRefusedToWhoMayNotWriteThere(t *testing.T) {
	w := newGarden(t)
	grave := w.put(t, "garden.graves", map[string]any{"number": 7})
	if _, err := w.Transact(ctx, clerk, layers.Transaction{Edits: []layers.Edit{{Op: layers.Delete, Layer: "garden.graves", ID: grave}}}); err != nil {
		t.Fatal(err)
	}
	deletion := w.changes(t, clerk, "garden.graves", grave)[0].ID
	_, err := w.Restore(ctx, w.account(t, "r", "A", "reader"), "garden.graves", grave, deletion)
	wantKind(t, err, layers.Forbidden)
	_, err = w.Restore(ctx, w.account(t, "b", "B", "manager"), "garden.graves", grave, deletion)
	wantKind(t, err, layers.NotFound) // whose history another town cannot even read
	_, err = w.Restore(ctx, layers.Viewer{}, "garden.graves", grave, deletion)
	wantKind(t, err, layers.Unauthorized)
	// Who says that the row is of a town of his own is told by the database.
	_, err = w.Transact(ctx, w.account(t, "c", "B", "manager"), layers.Transaction{Edits: []layers.Edit{
		{Op: layers.Revive, Layer: "garden.graves", ID: grave, Collectivity: "B", Change: deletion}}})
	wantKind(t, err, layers.NotFound)
	if n := w.count(t, `select count(*) from garden.grave`); n != 0 {
		t.Errorf("%d graves came back", n)
	}
}

func TestOneChangeIsUndoneAndLaterOnesStay(t *testing.T) {
	w := newGarden(t)
	grave := w.put(t, "garden.graves", map[string]any{"number": 7, "sector": "N"})
	for _, change := range []map[string]any{{"number": 8}, {"sector": "S"}} {
		if err := w.change("garden.graves", grave, change); err != nil {
			t.Fatal(err)
		}
	}
	entries := w.changes(t, clerk, "garden.graves", grave)
	if _, err := w.Undo(ctx, clerk, "garden.graves", grave, entries[1].ID); err != nil {
		t.Fatal(err)
	}
	if n := w.count(t, `select count(*) from garden.grave where number = 7 and sector = 'S'`); n != 1 {
		t.Error("the change is not undone alone")
	}
	if err := w.change("garden.graves", grave, map[string]any{"sector": "W"}); err != nil {
		t.Fatal(err)
	}
	_, err := w.Undo(ctx, clerk, "garden.graves", grave, entries[0].ID)
	wantKind(t, err, layers.Conflict)
	if problem, ok := err.(*layers.Error); !ok || len(problem.Faults) != 1 || problem.Faults[0].Location != "properties.sector" {
		t.Errorf("the conflict is %+v", err)
	}
}

func TestAVersionIsRestoredShapeIncluded(t *testing.T) {
	w := newGarden(t)
	first := square(t, 700000, 6600000, 2)
	r, err := w.Transact(ctx, clerk, layers.Transaction{Edits: []layers.Edit{{Op: layers.Create, Layer: "garden.graves", Collectivity: "A", Properties: map[string]any{"number": 7}, Geometry: first}}})
	if err != nil {
		t.Fatal(err)
	}
	grave := r.Edits[0].ID
	for _, e := range []layers.Edit{{Properties: map[string]any{"number": 8, "starts_on": "2020-05-06"}}, {Geometry: square(t, 700010, 6600000, 3)}, {ClearGeometry: true}} {
		e.Op, e.Layer, e.ID = layers.Update, "garden.graves", grave
		if _, err := w.Transact(ctx, clerk, layers.Transaction{Edits: []layers.Edit{e}}); err != nil {
			t.Fatal(err)
		}
	}
	entries := w.changes(t, clerk, "garden.graves", grave)
	creation, second := entries[len(entries)-1].ID, entries[len(entries)-2].ID
	if _, err := w.Restore(ctx, clerk, "garden.graves", grave, creation); err != nil {
		t.Fatal(err)
	}
	if n := w.count(t, `select count(*) from garden.grave where number = 7 and starts_on is null and ST_Area(geom) = 4`); n != 1 {
		t.Error("the first version is not back")
	}
	_, err = w.Restore(ctx, clerk, "garden.graves", grave, creation)
	wantKind(t, err, layers.Conflict)

	// A version of a deleted record: first its row, then that version, at once.
	if _, err := w.Transact(ctx, clerk, layers.Transaction{Edits: []layers.Edit{{Op: layers.Delete, Layer: "garden.graves", ID: grave}}}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Restore(ctx, clerk, "garden.graves", grave, second); err != nil {
		t.Fatal(err)
	}
	if n := w.count(t, `select count(*) from garden.grave where number = 8 and starts_on = '2020-05-06' and ST_Area(geom) = 4`); n != 1 {
		t.Error("the second version is not back")
	}
}
