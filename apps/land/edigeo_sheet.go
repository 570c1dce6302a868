package land

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/peterstace/simplefeatures/geom"
	gogeom "github.com/twpayne/go-geom"
	"github.com/twpayne/go-geom/encoding/wkb"

	"arpent/layers"
	"arpent/layers/exchange"
)

// sheet is one exchange of the plan: what GDAL reads of it, and the relations
// between its objects, which GDAL does not read.
type sheet struct {
	archive string
	srid    int
	records map[string][]record // by name of the layer in the exchange
	related map[string][]string // objects by object, both ways
}

// record is an object as one sheet gives it.
type record struct {
	exchange.Record
	shape    geom.Geometry // empty when it has none, or none that can be mended
	repaired bool
}

var archiveName = regexp.MustCompile(`(?i)^edigeo-(?:cc-)?([0-9][0-9AB][0-9]{3})`)

// checkArchiveName compares the commune with the one that the cadastre names
// its archives after: within, they say no département.
func checkArchiveName(archive, code string) error {
	match := archiveName.FindStringSubmatch(filepath.Base(archive))
	if match != nil && !strings.EqualFold(match[1], code) {
		return layers.Errorf(layers.Invalid, "%s is the plan of commune %s, not of %s: give the code of the commune whose plan this is", archive, match[1], code)
	}
	return nil
}

// readSheet unpacks an archive and reads what it holds of the kinds we keep.
func readSheet(ctx context.Context, archive string) (*sheet, error) {
	dir, err := os.MkdirTemp("", "arpent-edigeo-")
	if err != nil {
		return nil, fmt.Errorf("making a folder to unpack in: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if err := exchange.Unpack(archive, dir); err != nil {
		return nil, err
	}
	heads, err := filepath.Glob(filepath.Join(dir, "*.[Tt][Hh][Ff]"))
	if err != nil || len(heads) != 1 {
		return nil, layers.Errorf(layers.Invalid, "%s holds %d .THF files, an EDIGEO exchange has one", archive, len(heads))
	}
	if err := checkComplete(heads[0]); err != nil {
		return nil, about(archive, err)
	}
	s := &sheet{archive: archive, records: map[string][]record{}}
	if s.srid, err = readProjection(dir); err != nil {
		return nil, about(archive, err)
	}
	if s.related, err = readRelations(dir); err != nil {
		return nil, about(archive, err)
	}
	present, err := exchange.Layers(ctx, heads[0])
	if err != nil {
		return nil, about(archive, err)
	}
	for _, k := range kinds {
		i := slices.IndexFunc(present, func(l exchange.Layer) bool { return l.Name == k.source })
		if i < 0 {
			continue
		}
		if k.required != "" && !slices.Contains(present[i].Fields, k.required) {
			return nil, layers.Errorf(layers.Invalid, "%s: its %s lack %s: get the plan as the cadastre publishes it (PCI vecteur)", archive, k.source, k.required)
		}
		if s.records[k.source], err = readRecords(ctx, heads[0], k.source); err != nil {
			return nil, about(archive, err)
		}
	}
	return s, nil
}

var headLine = regexp.MustCompile(`(?m)^(LON|GNN|GON|QAN|DIN|SCN|GDN)SA\d+:([^\r\n]+)`)

// endings of the files that the head of an exchange names: general
// information, geodesy, quality, dictionary, scheme, vectors.
var endings = map[string]string{"GNN": ".GEN", "GON": ".GEO", "QAN": ".QAL", "DIN": ".DIC", "SCN": ".SCD", "GDN": ".VEC"}

// checkComplete finds files of the exchange that are missing or cut short.
// GDAL reads what there is and keeps silent.
func checkComplete(head string) error {
	content, err := os.ReadFile(head)
	if err != nil {
		return fmt.Errorf("reading the head of the exchange: %w", err)
	}
	entries, err := os.ReadDir(filepath.Dir(head))
	if err != nil {
		return fmt.Errorf("looking for the files of the exchange: %w", err)
	}
	lot, vectors := "", 0
	for _, match := range headLine.FindAllStringSubmatch(string(content), -1) {
		if match[1] == "LON" {
			lot = match[2]
			continue
		}
		name := lot + match[2] + endings[match[1]]
		i := slices.IndexFunc(entries, func(e os.DirEntry) bool { return strings.EqualFold(e.Name(), name) })
		if i < 0 {
			return layers.Errorf(layers.Invalid, "its file %s is missing: get the archive again", name)
		}
		content, err := os.ReadFile(filepath.Join(filepath.Dir(head), entries[i].Name()))
		if err != nil {
			return fmt.Errorf("reading %s: %w", name, err)
		}
		if !bytes.Contains(content[max(0, len(content)-100):], []byte("EOM")) { // end of message
			return layers.Errorf(layers.Invalid, "its file %s is cut short: get the archive again", name)
		}
		if match[1] == "GDN" {
			vectors++
		}
	}
	if vectors == 0 {
		return layers.Errorf(layers.Invalid, "its head %s names no vectors: get the archive again", filepath.Base(head))
	}
	return nil
}

// about says which archive an error is about: people do not know the files
// that it was unpacked to.
func about(archive string, err error) error {
	if problem, ok := errors.AsType[*layers.Error](err); ok {
		return layers.Errorf(problem.Kind, "%s: %s", archive, problem.Detail)
	}
	return fmt.Errorf("%s: %w", archive, err)
}

// readRecords reads a layer of the exchange; shapes that break the rules of
// OGC Simple Features are mended.
func readRecords(ctx context.Context, path, layer string) ([]record, error) {
	var all []record
	broken := map[string]int{} // by object: where it is in all
	for r, err := range exchange.Records(ctx, path, layer) {
		if err != nil {
			return nil, err
		}
		shape, err := toShape(r.Geometry)
		if err != nil {
			return nil, fmt.Errorf("object %s: %w", sourceID(r), err)
		}
		if shape.Validate() != nil {
			broken[sourceID(r)] = len(all)
		}
		all = append(all, record{Record: r, shape: shape})
	}
	if len(broken) == 0 {
		return all, nil
	}
	for r, err := range exchange.Records(ctx, path, layer, exchange.Mended) {
		if err != nil {
			return nil, err
		}
		i, ok := broken[sourceID(r)]
		if !ok {
			continue
		}
		if all[i].shape, err = toShape(r.Geometry); err != nil {
			return nil, fmt.Errorf("object %s, mended: %w", sourceID(r), err)
		}
		if all[i].shape.Validate() != nil {
			all[i].shape = geom.Geometry{}
		}
		all[i].repaired = true
	}
	return all, nil
}

// toShape makes a geometry, which may be nil, one to compute with, as it is.
func toShape(g gogeom.T) (geom.Geometry, error) {
	if g == nil {
		return geom.Geometry{}, nil
	}
	encoded, err := wkb.Marshal(g, wkb.NDR)
	if err != nil {
		return geom.Geometry{}, err
	}
	return geom.UnmarshalWKB(encoded, geom.NoValidate{})
}

var projection = regexp.MustCompile(`(?m)^RELSA\d+:([^\r\n]+)`)

// projections are the EPSG codes of the CRS in which the cadastre publishes
// the plans of the European part of France.
var projections = map[string]int{
	"LAMB93": 2154, "RGF93CC42": 3942, "RGF93CC43": 3943, "RGF93CC44": 3944, "RGF93CC45": 3945, "RGF93CC46": 3946,
	"RGF93CC47": 3947, "RGF93CC48": 3948, "RGF93CC49": 3949, "RGF93CC50": 3950,
}

// readProjection finds the CRS in the exchange's file of geodesy.
func readProjection(dir string) (srid int, err error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.[Gg][Ee][Oo]"))
	if err != nil {
		return 0, err
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return 0, fmt.Errorf("reading the geodesy: %w", err)
		}
		if match := projection.FindSubmatch(content); match != nil {
			name := strings.TrimSpace(string(match[1]))
			if code, ok := projections[name]; ok {
				return code, nil
			}
			return 0, layers.Errorf(layers.Invalid, "is in the projection %q: get the plan in Lambert-93 (LAMB93) or conformal conic (RGF93CC42 to CC50)", name)
		}
	}
	return 0, layers.Errorf(layers.Invalid, "does not say its projection: its .GEO file is missing or not complete")
}

// readRelations reads from the exchange's vectors which parcels the street
// numbers belong to.
func readRelations(dir string) (map[string][]string, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.[Vv][Ee][Cc]"))
	if err != nil {
		return nil, err
	}
	related := map[string][]string{}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("reading relations: %w", err)
		}
		parseRelations(content, related)
	}
	return related, nil
}

// parseRelations adds the relations between numbers and parcels in a file of
// vectors. Such a file is a list of blocks that begin with their type (RTY);
// in one that links (LNK), SCP names the relation and each FTP an object.
func parseRelations(content []byte, related map[string][]string) {
	var ours bool
	var objects []string
	add := func() {
		if ours && len(objects) == 2 {
			a, b := objects[0], objects[1]
			related[a], related[b] = append(related[a], b), append(related[b], a)
		}
		ours, objects = false, nil
	}
	lines := bufio.NewScanner(bytes.NewReader(content))
	lines.Buffer(nil, len(content)+1)
	for lines.Scan() {
		key, value, _ := strings.Cut(strings.TrimSpace(lines.Text()), ":")
		switch {
		case strings.HasPrefix(key, "RTY"):
			add()
		case strings.HasPrefix(key, "SCP"):
			ours = strings.HasSuffix(value, ";NUMVOIE_PARCELLE")
		case strings.HasPrefix(key, "FTP"):
			if _, object, found := strings.Cut(value, ";FEA;"); found {
				objects = append(objects, object)
			}
		}
	}
	add()
}
