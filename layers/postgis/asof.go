package postgis

import (
	"fmt"
	"strings"
	"time"

	"arpent/layers"
)

// rows are the rows t of a layer, now or as they were at a moment.
//
// The past is the present without what changed since, and with each changed
// row as history has it before the first of these changes.
func (s *statement) rows(v layers.Viewer, l *layers.Layer, at time.Time) string {
	present := scopeOf(s, v, l, at)
	if at.IsZero() {
		return present.rows()
	}
	present.alias = "c"
	moment, relation := s.arg(at), s.arg(l.Source.Table)
	var now, past []string
	for _, name := range columnsOf(v, l) {
		now = append(now, "c."+column(name))
		past = append(past, "(r.before)."+column(name))
	}
	if g := l.Source.Geometry; g != "" {
		now = append(now, "c."+column(g))
		shape := "r.old_geometry"
		if g != l.Source.TableGeometry { // history has only the first shape apart
			shape = fmt.Sprintf("ST_SetSRID(ST_GeomFromGeoJSON(r.old ->> %s), %s::integer)", s.arg(g), s.arg(l.Source.SRID))
		}
		past = append(past, shape+" as "+column(g))
	}
	before, owned := "old", ""
	if v.System() || v.ReadsPersonal(l) {
		before = "old || coalesce(old_personal, '{}')"
	}
	if l.Source.Collectivity != "" && !v.Admin {
		owned = fmt.Sprintf(" and collectivity = any (%s::text[])", s.arg(v.ReadsIn(l)))
	}
	return fmt.Sprintf(`(
		select %s from %s
		where not exists (select from arpent.history h where h.relation = %s and h.at > %s and h.feature = c.%s::text)
		union all
		select %s from (
			select distinct on (feature) op, old, old_geometry, jsonb_populate_record(null::%s, %s) as before
			from arpent.history where relation = %s and at > %s%s order by feature, id
		) r where r.op <> 'insert'
	) as t`, strings.Join(now, ", "), present.rows(), relation, moment, column(l.Source.ID),
		strings.Join(past, ", "), identifier(l.Source.Table), before, relation, moment, owned)
}

// columnsOf are the columns of the table, without its shape, that hold what the
// viewer may see of the layer.
func columnsOf(v layers.Viewer, l *layers.Layer) []string {
	names := []string{l.Source.ID}
	seen := map[string]bool{"": true, l.Source.ID: true, l.Source.Geometry: true}
	add := func(name string) {
		if !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	add(l.Source.Collectivity)
	for _, f := range v.Fields(l) {
		add(f.Column)
	}
	return names
}
