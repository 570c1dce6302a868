package layers

import (
	"maps"
	"slices"
)

// Role is what a user may do in one collectivity.
type Role string

// The roles, from least to most.
const (
	Reader Role = "reader"
	Editor Role = "editor"
	Admin  Role = "admin"
)

// Viewer is the person or program that asks. The zero Viewer is anonymous.
type Viewer struct {
	UserID int64 // 0 for an anonymous viewer
	Login  string
	Name   string
	Admin  bool            // administers the server: every right in every collectivity
	Roles  map[string]Role // by code of collectivity
	// Purpose is the reason given for reading personal data; "" for none.
	Purpose string
	// Language is that of the words it reads: fr or en.
	Language string
}

// System reports whether the command line asks, which no rights restrict.
func (v Viewer) System() bool { return v.UserID == 0 && v.Admin }

// Anonymous reports whether nobody has signed in.
func (v Viewer) Anonymous() bool { return v.UserID == 0 && !v.Admin }

// MayRead reports whether the viewer may read rows of the layer, some of
// which may still be hidden because another collectivity owns them.
func (v Viewer) MayRead(l *Layer) bool { return l.Public || v.Admin || len(v.Roles) > 0 }

// MaySearch reports whether the viewer may see all that a search of the layer
// looks in: what is found tells of it.
func (v Viewer) MaySearch(l *Layer) bool {
	return !slices.ContainsFunc(l.Search, func(name string) bool {
		f := l.Field(name)
		return f != nil && !v.MaySee(f)
	})
}

// ReadsIn are the collectivities whose rows of the layer the viewer may read,
// or that it may read all.
func (v Viewer) ReadsIn(l *Layer) (codes []string, all bool) {
	if l.Public || v.Admin || l.Source.Collectivity == "" {
		return nil, true
	}
	return slices.Sorted(maps.Keys(v.Roles)), false
}

// MayWrite reports whether the viewer may create, change and delete rows of
// the collectivity; a layer without collectivities passes "".
func (v Viewer) MayWrite(l *Layer, collectivity string) bool {
	if l.Source.ReadOnly {
		return false
	}
	if v.Admin {
		return true
	}
	if l.Source.Collectivity == "" {
		return slices.ContainsFunc(slices.Collect(maps.Values(v.Roles)), Role.edits)
	}
	return v.Roles[collectivity].edits()
}

func (r Role) edits() bool { return r == Editor || r == Admin }

// MaySee reports whether the viewer may see the field of a layer it may read.
func (v Viewer) MaySee(f *Field) bool { return !f.Private || !v.Anonymous() }

// Fields are the fields of the layer that the viewer may see.
func (v Viewer) Fields(l *Layer) []Field {
	var fields []Field
	for i := range l.Fields {
		if v.MaySee(&l.Fields[i]) {
			fields = append(fields, l.Fields[i])
		}
	}
	return fields
}
