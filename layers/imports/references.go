package imports

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"arpent/layers"
)

// matcher finds the records of a layer that the values of a file mean: by
// identifier, by a code, or by their title.
type matcher struct {
	field   *layers.Field
	target  *layers.Layer
	ids     map[string]candidate
	byNames []map[string][]candidate // by title and code, the surest first
	where   []string                 // fields of the target that the reference is bound to
	lookup  func(id string) (bool, error)
	created map[string]string // by value: the identifier of a record made for it
	codes   bool              // values are identifiers before all: an export wrote them
}

type candidate struct {
	id           string
	collectivity string
	where        []string
}

// maxCandidates is up to how many records are known by their titles as well.
const maxCandidates = 50_000

func (s *Service) matcher(ctx context.Context, v layers.Viewer, f *layers.Field) (*matcher, error) {
	target := f.Reference.Target
	v.Purpose = "" // records are matched by what may be seen without a reason
	m := &matcher{field: f, target: target, ids: map[string]candidate{}, created: map[string]string{}}
	for there := range f.Reference.Where {
		m.where = append(m.where, there)
	}
	slices.Sort(m.where)
	n, err := s.layers.Count(ctx, v, target.ID, layers.Query{})
	if err != nil {
		return nil, err
	}
	if n > maxCandidates {
		m.lookup = func(id string) (bool, error) {
			_, err := s.layers.Feature(ctx, v, target.ID, id, 0)
			if layers.KindOf(err) == layers.NotFound {
				return false, nil
			}
			return err == nil, err
		}
		return m, nil
	}
	codes := codesOf(target)
	m.byNames = make([]map[string][]candidate, len(codes)+1)
	for i := range m.byNames {
		m.byNames[i] = map[string][]candidate{}
	}
	features, err := s.layers.Features(ctx, v, target.ID, layers.Query{NoGeometry: true, Labels: true})
	if err != nil {
		return nil, err
	}
	for feature, err := range features {
		if err != nil {
			return nil, err
		}
		c := candidate{id: feature.ID, collectivity: feature.Collectivity}
		for _, there := range m.where {
			c.where = append(c.where, fmt.Sprint(feature.Properties[there]))
		}
		m.ids[c.id] = c
		for i, code := range codes {
			if value := feature.Properties[code]; value != nil {
				addName(m.byNames[i], fmt.Sprint(value), c)
			}
		}
		addName(m.byNames[len(codes)], feature.Label, c)
	}
	return m, nil
}

func addName(names map[string][]candidate, name string, c candidate) {
	if name = fold(name); name != "" {
		names[name] = append(names[name], c)
	}
}

// codesOf are the fields by which people know a record: those of its title,
// then those that are searched.
func codesOf(l *layers.Layer) []string {
	var codes []string
	add := func(name string) {
		f := l.Field(name)
		if f == nil || f.Reference != nil || f.Compute != nil || slices.Contains(codes, name) {
			return
		}
		codes = append(codes, name)
	}
	for _, part := range l.LabelParts() {
		add(part.Field)
	}
	for _, name := range l.Search {
		add(name)
	}
	return codes
}

var errSeveral = errors.New("several records")
var errNone = errors.New("no record")

// find gives the identifier of the record that a value means, for a record of
// the collectivity whose fields bind the reference.
func (m *matcher) find(text, collectivity string, bound []string) (string, error) {
	fits := func(c candidate) bool {
		if m.target.Source.Collectivity != "" && collectivity != "" && c.collectivity != "" && c.collectivity != collectivity {
			return false
		}
		for i := range m.where {
			if i < len(bound) && bound[i] != "" && c.where[i] != bound[i] {
				return false
			}
		}
		return true
	}
	if c, ok := m.ids[text]; ok && m.codes && fits(c) {
		return c.id, nil
	}
	several := false
	for _, names := range m.byNames {
		var found []candidate
		for _, c := range names[fold(text)] {
			if fits(c) {
				found = append(found, c)
			}
		}
		if len(found) == 1 {
			return found[0].id, nil
		}
		several = several || len(found) > 1
	}
	if c, ok := m.ids[text]; ok && fits(c) {
		return c.id, nil
	}
	if id, ok := m.created[fold(text)]; ok {
		return id, nil
	}
	if m.lookup != nil {
		found, err := m.lookup(text)
		if err != nil {
			return "", err
		}
		if found {
			return text, nil
		}
	}
	if several {
		return "", errSeveral
	}
	return "", errNone
}

// naming is the field that a record made for a value gets it in; nil when
// there is none.
func naming(l *layers.Layer) *layers.Field {
	for _, name := range codesOf(l) {
		if f := l.Field(name); f.Type == "text" && !f.ReadOnly && f.Enum == nil {
			return f
		}
	}
	return nil
}
