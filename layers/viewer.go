package layers

import (
	"maps"
	"slices"
	"strings"
)

// Viewer is the person or program that asks. The zero Viewer is anonymous.
type Viewer struct {
	UserID int64 // 0 for an anonymous viewer
	Login  string
	Name   string
	Admin  bool // administers the server: every right in every collectivity
	// Profiles are what it may do, by code of collectivity.
	Profiles map[string]*Profile
	// Purpose is the reason given for reading personal data; "" for none.
	Purpose string
	// Language is that of the words it reads: fr or en.
	Language string
}

// System reports whether the command line asks, which no rights restrict.
func (v Viewer) System() bool { return v.UserID == 0 && v.Admin }

// Anonymous reports whether nobody has signed in.
func (v Viewer) Anonymous() bool { return v.UserID == 0 && !v.Admin }

// May reports whether the viewer may do something with the rows of a layer
// that the collectivity owns; "" asks whether it may with any. Rows of a layer
// without collectivities are of who may in any.
func (v Viewer) May(a Action, l *Layer, collectivity string) bool {
	switch {
	case a.changes() && l.Source.ReadOnly:
		return false
	case v.Admin, l.Public && a.open():
		return true
	case collectivity == "" || l.Source.Collectivity == "":
		for _, p := range v.Profiles {
			if p.May(a, l) {
				return true
			}
		}
		return false
	}
	p, ok := v.Profiles[collectivity]
	return ok && p.May(a, l)
}

// MayIn are the collectivities of which the viewer may do something with the
// rows of the layer, or that it may with all.
func (v Viewer) MayIn(a Action, l *Layer) (codes []string, all bool) {
	if v.Admin || l.Public && a.open() || l.Source.Collectivity == "" {
		return nil, v.May(a, l, "")
	}
	return v.where(func(p *Profile) bool { return p.May(a, l) }), false
}

// ReadsIn are the collectivities whose rows of the layer the viewer's profiles
// let it read, sorted; a public layer shows the others as anybody sees them.
func (v Viewer) ReadsIn(l *Layer) []string {
	return v.where(func(p *Profile) bool { return p.May(Read, l) })
}

// where are the collectivities in which the viewer's profile is such, sorted.
func (v Viewer) where(such func(*Profile) bool) []string {
	codes := []string{}
	for code, p := range v.Profiles {
		if such(p) {
			codes = append(codes, code)
		}
	}
	slices.Sort(codes)
	return codes
}

// Administers reports whether the viewer administers the people of the
// collectivity.
func (v Viewer) Administers(collectivity string) bool {
	p, ok := v.Profiles[collectivity]
	return v.Admin || ok && slices.Contains(p.Grants[Everywhere], Administer)
}

// AdministersIn are the collectivities whose people the viewer administers.
func (v Viewer) AdministersIn() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(v.Profiles)), func(code string) bool { return !v.Administers(code) })
}

// MaySearch reports whether the viewer may see all that a search of the layer
// looks in: what is found tells of it.
func (v Viewer) MaySearch(l *Layer) bool {
	codes, all := v.SearchesIn(l)
	return all || len(codes) > 0
}

// SearchesIn are the collectivities in whose rows of the layer the viewer may
// search, or that it may in all.
func (v Viewer) SearchesIn(l *Layer) (codes []string, all bool) {
	codes, all = v.MayIn(Read, l)
	for _, name := range l.Search {
		f := l.Field(name)
		if f == nil {
			continue
		}
		some, every := v.SeesIn(l, f)
		switch {
		case every:
		case all:
			codes, all = some, false
		default:
			codes = slices.DeleteFunc(codes, func(code string) bool { return !slices.Contains(some, code) })
		}
	}
	return codes, all
}

// SeesIn are the collectivities in whose rows the viewer sees the field of the
// layer, or that it sees it in all. Of a layer without collectivities it sees
// a field in all rows or in none.
func (v Viewer) SeesIn(l *Layer, f *Field) (codes []string, all bool) {
	if v.Admin {
		return nil, !f.Personal || v.System() || v.Purpose != ""
	}
	reason := v.Purpose != ""
	codes = v.where(func(p *Profile) bool { return p.May(Read, l) && p.sees(l, f, reason) })
	if l.Public && !f.Private && !f.Personal {
		// Everybody sees it, but for whom it is hidden in their own town.
		return codes, !slices.ContainsFunc(slices.Collect(maps.Values(v.Profiles)), func(p *Profile) bool { return !p.sees(l, f, reason) })
	}
	if l.Source.Collectivity == "" {
		return nil, len(codes) > 0
	}
	return codes, false
}

// MaySee reports whether the viewer may see the field in some row of a layer
// that it may read.
func (v Viewer) MaySee(l *Layer, f *Field) bool {
	codes, all := v.SeesIn(l, f)
	return all || len(codes) > 0
}

// MaySeeOf reports whether the viewer may see the field in the rows of a
// collectivity.
func (v Viewer) MaySeeOf(l *Layer, f *Field, collectivity string) bool {
	codes, all := v.SeesIn(l, f)
	return all || slices.Contains(codes, collectivity)
}

// MayChange reports whether the viewer may give the field a value in rows of
// the collectivity, "" in any, of a layer that it may write. Personal data is
// written without a reason: only who reads it must say why.
func (v Viewer) MayChange(l *Layer, f *Field, collectivity string) bool {
	if f.Compute != nil || f.ReadOnly && !v.System() {
		return false
	}
	if v.Admin {
		return true
	}
	may := func(p *Profile) bool {
		return p.Fields[l.ID][f.Name] == "" && (!f.Personal || p.May(Personal, l))
	}
	if collectivity == "" || l.Source.Collectivity == "" {
		return len(v.where(may)) > 0
	}
	p, ok := v.Profiles[collectivity]
	return ok && may(p)
}

// Fields are the fields of the layer that the viewer may see in some row.
func (v Viewer) Fields(l *Layer) []Field {
	var fields []Field
	for i := range l.Fields {
		if v.MaySee(l, &l.Fields[i]) {
			fields = append(fields, l.Fields[i])
		}
	}
	return fields
}

// SeesAsAnybody reports whether the viewer sees of a layer what everybody
// sees, and nothing else.
func (v Viewer) SeesAsAnybody(l *Layer) bool {
	if !l.Public || !l.RefersToPublic() {
		return false
	}
	for i := range l.Fields {
		f := &l.Fields[i]
		if codes, all := v.SeesIn(l, f); (f.Private || f.Personal) == (all || len(codes) > 0) || !f.Private && !f.Personal && !all {
			return false
		}
	}
	return true
}

// Sight names what the viewer sees of a layer: viewers of one sight see the
// same rows and fields. It is "" for what anybody sees.
func (v Viewer) Sight(l *Layer) string {
	if v.Anonymous() || v.SeesAsAnybody(l) {
		return ""
	}
	var s strings.Builder
	write := func(codes []string, all bool) {
		if all {
			codes = []string{Everywhere}
		}
		s.WriteString(strings.Join(codes, ",") + ";")
	}
	write(v.MayIn(Read, l))
	for i := range l.Fields {
		write(v.SeesIn(l, &l.Fields[i]))
	}
	// What computed fields show of other layers depends on more than this one.
	if slices.ContainsFunc(l.Fields, func(f Field) bool { return f.Compute != nil }) {
		for _, code := range slices.Sorted(maps.Keys(v.Profiles)) {
			s.WriteString(code + "=" + v.Profiles[code].signature() + ";")
		}
	}
	return s.String()
}

// ReadsPersonal reports whether the viewer gave a reason and may see personal
// data of the layer, or of those that its records show something of.
func (v Viewer) ReadsPersonal(l *Layer) bool {
	return v.Purpose != "" && v.handlesPersonal(l, map[*Layer]bool{})
}

// WritesPersonal reports whether the viewer may write personal data of the
// layer, or of those that its rules look at.
func (v Viewer) WritesPersonal(l *Layer) bool { return v.handlesPersonal(l, map[*Layer]bool{}) }

func (v Viewer) handlesPersonal(l *Layer, seen map[*Layer]bool) bool {
	if l == nil || seen[l] {
		return false
	}
	seen[l] = true
	if v.May(Personal, l, "") {
		return true
	}
	for i := range l.Fields {
		if r := l.Fields[i].Reference; r != nil && v.handlesPersonal(r.Target, seen) {
			return true
		}
	}
	return slices.ContainsFunc(l.Children, func(c Child) bool { return v.handlesPersonal(c.Layer, seen) })
}

// writing is the viewer whose edits are checked by rules that look at personal
// data it may write: what they say shows none of it.
func (v Viewer) writing() Viewer {
	v.Purpose = "to write"
	return v
}
