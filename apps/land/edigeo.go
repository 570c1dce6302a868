package land

import (
	"context"
	"fmt"
	"maps"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"arpent/layers"
	"arpent/layers/postgis"
)

// Imported is what became of the objects that an import has for one layer.
type Imported struct {
	Layer                       string
	Created, Updated, Unchanged int
	Repaired                    int            // of those, shapes that crossed themselves or the like and were mended
	LeftOut                     map[string]int // objects that the layer cannot hold, by reason
}

// imported are the layers that a cadastral plan fills, in the order in which
// they are written.
var imported = []string{
	"land.communes", "land.sections", "land.parcels", "land.buildings", "land.place_names", "land.streets", "land.watercourses", "land.addresses",
}

// ImportEDIGEO stores the sheets of a commune's cadastral plan, archives
// (.tar.bz2) of EDIGEO, in one transaction. Objects keep their identity from
// one import to the next, so that importing again changes only what differs.
// code is the INSEE code of the commune and of its collectivity, which is
// named as the plan names the commune unless it has a name already.
func ImportEDIGEO(ctx context.Context, service *layers.Service, store *postgis.Store, v layers.Viewer, code string, archives []string) ([]Imported, error) {
	if !communeCode.MatchString(code) {
		return nil, layers.Errorf(layers.BadRequest, "%q is no INSEE code of a commune: it has five characters", code)
	}
	sheets, err := readSheets(ctx, code, archives)
	if err != nil {
		return nil, err
	}
	p, err := newPlan(code, sheets)
	if err != nil {
		return nil, err
	}
	if err := p.outlineCommune(ctx, service, v); err != nil {
		return nil, err
	}
	streets, err := p.streets(ctx, service, v)
	if err != nil {
		return nil, err
	}
	p.placeAddresses(streets)
	edits, err := p.edits(ctx, service, v)
	if err != nil {
		return nil, err
	}
	if err := p.putCollectivity(ctx, store); err != nil {
		return nil, err
	}
	result, err := service.Transact(ctx, v, layers.Transaction{Edits: edits})
	if err != nil {
		return nil, fmt.Errorf("importing commune %s: %w", code, err)
	}
	return p.report(edits, result), nil
}

// readSheets reads all archives, several at a time.
func readSheets(ctx context.Context, code string, archives []string) ([]*sheet, error) {
	sheets := make([]*sheet, len(archives))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.NumCPU())
	for i, archive := range archives {
		group.Go(func() error {
			if err := checkArchiveName(archive, code); err != nil {
				return err
			}
			var err error
			sheets[i], err = readSheet(ctx, archive)
			return err
		})
	}
	return sheets, group.Wait()
}

// outlineCommune gives a commune that the plan does not outline the union of
// its sections, unless it has an outline already.
func (p *plan) outlineCommune(ctx context.Context, service *layers.Service, v layers.Viewer) error {
	if len(p.objects["land.communes"]) > 0 {
		return nil
	}
	n, err := service.Count(ctx, v, "land.communes", layers.Query{IDs: []string{p.code}})
	if err != nil || n > 0 {
		return err
	}
	commune := &object{dimension: area, parts: map[string]*part{}}
	for _, section := range p.objects["land.sections"] {
		commune.shapes = append(commune.shapes, section.shape)
	}
	commune.properties = map[string]any{"name": p.code}
	if err := commune.join(); err != nil {
		return fmt.Errorf("outlining commune %s: %w", p.code, err)
	}
	p.objects["land.communes"] = map[string]*object{p.code: commune}
	return nil
}

// streets are those of the plan, and those stored before: on a sheet that is
// imported by itself, a number may be in a street that only its neighbour shows.
func (p *plan) streets(ctx context.Context, service *layers.Service, v layers.Viewer) (map[string]*object, error) {
	features, err := service.Features(ctx, v, "land.streets", layers.Query{Equal: map[string]string{"collectivity": p.code}, SRID: p.srid})
	if err != nil {
		return nil, err
	}
	streets := map[string]*object{}
	for f, err := range features {
		if err != nil {
			return nil, err
		}
		source, ok := f.Properties["source_id"].(string)
		if !ok || f.Geometry == nil {
			continue
		}
		shape, err := toShape(f.Geometry)
		if err != nil {
			return nil, fmt.Errorf("street %s: %w", f.ID, err)
		}
		streets[source] = &object{properties: f.Properties, shape: shape}
	}
	maps.Copy(streets, p.objects["land.streets"])
	return streets, nil
}

// edits are the upserts that bring the database to the plan. Objects whose
// identifiers the server gives are found again by their source_id.
func (p *plan) edits(ctx context.Context, service *layers.Service, v layers.Viewer) ([]layers.Edit, error) {
	var edits []layers.Edit
	for _, layer := range imported {
		known, err := p.known(ctx, service, v, layer)
		if err != nil {
			return nil, err
		}
		objects := p.objects[layer]
		for _, key := range slices.Sorted(maps.Keys(objects)) {
			o := objects[key]
			shape, err := toLayer(o.shape, p.srid)
			if err != nil {
				return nil, fmt.Errorf("object %s: %w", key, err)
			}
			e := layers.Edit{Op: layers.Upsert, Layer: layer, ID: key, Collectivity: p.code, Properties: o.properties, Geometry: shape, At: layer + " " + key}
			if known != nil {
				o.properties["source_id"] = key
				e.ID = known[key]
				if e.ID == "" {
					e.Op = layers.Create
				}
			}
			edits = append(edits, e)
		}
	}
	return edits, nil
}

// known are the identifiers of objects imported before, by source_id; nil for
// layers whose identifiers come from the plan.
func (p *plan) known(ctx context.Context, service *layers.Service, v layers.Viewer, layer string) (map[string]string, error) {
	l, err := service.Catalog().Get(v, layer)
	if err != nil {
		return nil, err
	}
	if l.Field("source_id") == nil {
		return nil, nil
	}
	features, err := service.Features(ctx, v, layer, layers.Query{Equal: map[string]string{"collectivity": p.code}, NoGeometry: true})
	if err != nil {
		return nil, err
	}
	ids := map[string]string{}
	for f, err := range features {
		if err != nil {
			return nil, err
		}
		if source, ok := f.Properties["source_id"].(string); ok {
			ids[source] = f.ID
		}
	}
	return ids, nil
}

// putCollectivity makes the collectivity if there is none of the code.
func (p *plan) putCollectivity(ctx context.Context, store *postgis.Store) error {
	all, err := store.Collectivities(ctx)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(all, func(c postgis.Collectivity) bool { return c.Code == p.code }) {
		return nil
	}
	name := p.code
	if commune := p.objects["land.communes"][p.code]; commune != nil {
		name, _ = commune.properties["name"].(string)
	}
	return store.PutCollectivity(ctx, p.code, name, srid)
}

func (p *plan) report(edits []layers.Edit, result *layers.Result) []Imported {
	byLayer := map[string]*Imported{}
	for _, layer := range imported {
		byLayer[layer] = &Imported{Layer: layer, LeftOut: map[string]int{}}
	}
	for i, e := range edits {
		n := byLayer[e.Layer]
		switch r := result.Edits[i]; {
		case r.Unchanged:
			n.Unchanged++
		case r.Created:
			n.Created++
		default:
			n.Updated++
		}
	}
	for o := range p.leftOut {
		byLayer[o.layer].LeftOut[o.reason]++
	}
	for o := range p.repaired {
		byLayer[o.layer].Repaired++
	}
	var all []Imported
	for _, layer := range imported {
		all = append(all, *byLayer[layer])
	}
	return all
}
