package exports

import (
	"archive/zip"
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/twpayne/go-geom"
	"github.com/twpayne/go-geom/encoding/geojson"
	"github.com/twpayne/go-geom/encoding/wkt"

	"arpent/layers"
	"arpent/layers/exchange"
)

// csv writes a table for Excel and its like: in French with semicolons and
// decimal commas.
func (w *writing) csv(to io.Writer, features layers.Features) error {
	french := w.viewer.Language != "en"
	buffered := bufio.NewWriterSize(to, 64<<10)
	if _, err := buffered.WriteString("\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(buffered)
	if french {
		out.Comma = ';'
	}
	shape := w.options.shaped(w.layer)
	if err := out.Write(append(w.header(), w.shapeHeader(shape)...)); err != nil {
		return err
	}
	var row []string
	for f, err := range features {
		if err != nil {
			return err
		}
		row = row[:0]
		for _, c := range w.columns {
			value := text(w.yes(w.value(c, f)), french)
			if w.isText(c) {
				value = exchange.Harmless(value)
			}
			row = append(row, value)
		}
		if shape {
			cells, err := w.shapeCells(f.Geometry, french)
			if err != nil {
				return err
			}
			row = append(row, cells...)
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return errors.Join(out.Error(), buffered.Flush())
}

// yes writes truth as people do where they asked for words.
func (w *writing) yes(value any) any {
	b, ok := value.(bool)
	if !ok || !w.options.Labels {
		return value
	}
	return map[string]map[bool]string{"fr": {true: "oui", false: "non"}, "en": {true: "yes", false: "no"}}[w.language()][b]
}

func (w *writing) language() string {
	if w.viewer.Language == "en" {
		return "en"
	}
	return "fr"
}

func (w *writing) header() []string {
	var names []string
	for _, c := range w.columns {
		names = append(names, exchange.Harmless(c.name))
	}
	return names
}

func (w *writing) shapeHeader(wanted bool) []string {
	switch {
	case !wanted:
		return nil
	case places(w.layer) && w.options.SRID == 4326:
		return []string{"longitude", "latitude"}
	case places(w.layer):
		return []string{"x", "y"}
	default:
		return []string{"geometry"}
	}
}

func (w *writing) shapeCells(g geom.T, comma bool) ([]string, error) {
	if places(w.layer) {
		p, ok := g.(*geom.Point)
		if !ok || p.Empty() {
			return []string{"", ""}, nil
		}
		return []string{text(p.X(), comma), text(p.Y(), comma)}, nil
	}
	if g == nil {
		return []string{""}, nil
	}
	written, err := wkt.Marshal(g)
	if err != nil {
		return nil, fmt.Errorf("writing a shape: %w", err)
	}
	return []string{fmt.Sprintf("SRID=%d;%s", w.options.SRID, written)}, nil
}

// geojson writes a feature collection. Another CRS than WGS 84 is named as
// GeoJSON did before RFC 7946, which GDAL and QGIS read.
func (w *writing) geojson(to io.Writer, features layers.Features) error {
	out := bufio.NewWriterSize(to, 64<<10)
	name, err := json.Marshal(w.layer.Title.In(w.viewer.Language))
	if err != nil {
		return err
	}
	fmt.Fprintf(out, `{"type":"FeatureCollection","name":%s,`, name)
	if w.options.SRID != 4326 {
		fmt.Fprintf(out, `"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::%d"}},`, w.options.SRID)
	}
	fmt.Fprint(out, `"features":[`)
	separator := "\n"
	for f, err := range features {
		if err != nil {
			return err
		}
		feature := struct {
			Type       string          `json:"type"`
			ID         string          `json:"id"`
			Properties json.RawMessage `json:"properties"`
			Geometry   json.RawMessage `json:"geometry"`
		}{"Feature", f.ID, nil, json.RawMessage("null")}
		if feature.Properties, err = w.properties(f); err != nil {
			return err
		}
		if f.Geometry != nil {
			if feature.Geometry, err = geojson.Marshal(f.Geometry); err != nil {
				return fmt.Errorf("writing a shape: %w", err)
			}
		}
		encoded, err := json.Marshal(feature)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(out, "%s%s", separator, encoded); err != nil {
			return err
		}
		separator = ",\n"
	}
	fmt.Fprint(out, "\n]}\n")
	return out.Flush()
}

// properties writes the columns in their order.
func (w *writing) properties(f *layers.Feature) (json.RawMessage, error) {
	out := []byte{'{'}
	for i, c := range w.columns {
		name, err := json.Marshal(c.name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(w.value(c, f))
		if err != nil {
			return nil, err
		}
		if i > 0 {
			out = append(out, ',')
		}
		out = append(append(append(out, name...), ':'), value...)
	}
	return append(out, '}'), nil
}

// gdal lets GDAL write the file from a table with types beside it, which it
// reads record by record.
func (w *writing) gdal(ctx context.Context, folder, path string, features layers.Features) error {
	if w.options.Format == Shapefile {
		w.short()
	}
	source := filepath.Join(folder, "source.csv")
	if err := os.WriteFile(filepath.Join(folder, "source.csvt"), []byte(w.types()), 0o600); err != nil {
		return err
	}
	if err := toFile(source, func(to io.Writer) error { return w.source(to, features) }); err != nil {
		return err
	}
	layer := w.layer.ID[strings.LastIndexByte(w.layer.ID, '.')+1:]
	shaped := w.shaped()
	o := exchange.Output{Source: source, Layer: layer, SRID: w.options.SRID}
	if shaped {
		o.Shape, o.Z = w.layer.Geometry.Type, w.layer.Geometry.Z
	}
	var made string
	switch w.options.Format {
	case Shapefile:
		made = filepath.Join(folder, "made")
		if err := os.Mkdir(made, 0o700); err != nil {
			return err
		}
		o.Driver, o.Options = "ESRI Shapefile", []string{"-lco", "ENCODING=UTF-8", "-lco", "RESIZE=YES"}
		o.Path = filepath.Join(made, layer+map[bool]string{true: ".shp", false: ".dbf"}[shaped])
	case GeoPackage:
		made = filepath.Join(folder, "made.gpkg")
		// A field may be called fid, as QGIS calls its identifiers.
		o.Driver, o.Path, o.Options = "GPKG", made, []string{"-lco", "FID=arpent_fid"}
	case KML:
		made = filepath.Join(folder, "made.kml")
		o.Driver, o.Path = "KML", made
	case XLSX:
		made = filepath.Join(folder, "made.xlsx")
		o.Driver, o.Path = "XLSX", made
	}
	if err := exchange.Write(ctx, o); err != nil {
		return err
	}
	if err := exchange.Whole(ctx, o.Path, w.outcome.Records); err != nil {
		return err
	}
	if w.options.Format == Shapefile {
		return errors.Join(w.pack(made, path), os.RemoveAll(made), w.forget(folder))
	}
	return errors.Join(os.Rename(made, path), w.forget(folder))
}

func (w *writing) forget(folder string) error {
	return errors.Join(os.Remove(filepath.Join(folder, "source.csv")), os.Remove(filepath.Join(folder, "source.csvt")))
}

// shaped reports whether GDAL writes shapes: a workbook has none.
func (w *writing) shaped() bool { return w.layer.Source.Geometry != "" && w.options.Format != XLSX }

// types are the types of the columns, as GDAL reads them beside a table.
func (w *writing) types() string {
	var all []string
	for _, c := range w.columns {
		kind := "String"
		if !w.isText(c) {
			kind = map[string]string{"integer": "Integer64", "number": "Real", "boolean": "Integer(Boolean)", "date": "Date", "datetime": "DateTime"}[c.field.Type]
			if c.field.Type == "datetime" && w.options.Format == Shapefile || c.field.Type == "boolean" && w.options.Labels {
				kind = "String"
			}
		}
		all = append(all, kind)
	}
	if w.tabled() {
		all = append(all, "Real", "Real")
	}
	if w.shaped() {
		all = append(all, "WKT")
	}
	return strings.Join(all, ",")
}

// tabled reports whether a workbook has columns of coordinates.
func (w *writing) tabled() bool { return w.options.Format == XLSX && w.options.shaped(w.layer) }

// source writes the table that GDAL reads.
func (w *writing) source(to io.Writer, features layers.Features) error {
	buffered := bufio.NewWriterSize(to, 64<<10)
	out := csv.NewWriter(buffered)
	header := w.header()
	if w.tabled() {
		header = append(header, w.shapeHeader(true)...)
	}
	if w.shaped() {
		header = append(header, exchange.ShapeColumn)
	}
	if err := out.Write(header); err != nil {
		return err
	}
	for f, err := range features {
		if err != nil {
			return err
		}
		var row []string
		for _, c := range w.columns {
			row = append(row, w.cell(c, f))
		}
		if w.tabled() {
			cells, err := w.shapeCells(f.Geometry, false)
			if err != nil {
				return err
			}
			row = append(row, cells...)
		}
		if w.shaped() {
			shape := ""
			if f.Geometry != nil {
				if shape, err = wkt.Marshal(f.Geometry); err != nil {
					return fmt.Errorf("writing a shape: %w", err)
				}
			}
			row = append(row, shape)
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return errors.Join(out.Error(), buffered.Flush())
}

// cell is a value as GDAL reads it from a table.
func (w *writing) cell(c column, f *layers.Feature) string {
	value := w.yes(w.value(c, f))
	if b, ok := value.(bool); ok {
		return map[bool]string{true: "1", false: "0"}[b]
	}
	s := text(value, false)
	if w.options.Format == Shapefile && w.isText(c) && len(s) > 254 {
		w.outcome.Cut++
		s = cut(s, 254)
	}
	if w.options.Format == XLSX && w.isText(c) {
		s = exchange.Harmless(s)
	}
	return s
}

// pack puts the parts of a shapefile into a zip, with what was renamed.
func (w *writing) pack(folder, path string) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	return toFile(path, func(to io.Writer) error {
		out := zip.NewWriter(to)
		for _, e := range entries {
			if err := addFile(out, filepath.Join(folder, e.Name()), e.Name()); err != nil {
				return err
			}
		}
		if len(w.outcome.Renamed) > 0 {
			if err := w.explain(out); err != nil {
				return err
			}
		}
		return out.Close()
	})
}

func addFile(out *zip.Writer, path, name string) error {
	from, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = from.Close() }()
	to, err := out.Create(name)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, from)
	return err
}

// explain adds a text on the names of columns, which shapefiles cut.
func (w *writing) explain(out *zip.Writer) error {
	name, lines := "colonnes.txt", []string{"Un shapefile coupe les noms de colonnes à dix caractères :"}
	if w.viewer.Language == "en" {
		name, lines = "columns.txt", []string{"A shapefile cuts the names of columns after ten characters:"}
	}
	for long, short := range w.outcome.Renamed {
		lines = append(lines, short+" = "+long)
	}
	slices.Sort(lines[1:])
	to, err := out.Create(name)
	if err != nil {
		return err
	}
	_, err = io.WriteString(to, strings.Join(lines, "\r\n")+"\r\n")
	return err
}
