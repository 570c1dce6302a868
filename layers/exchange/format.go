package exchange

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"arpent/layers"
)

// Format is how the content of a file is written.
type Format string

// The formats that can be read.
const (
	CSV        Format = "csv"
	XLSX       Format = "xlsx"
	GeoJSON    Format = "geojson"
	Shapefile  Format = "shp"
	DBase      Format = "dbf" // a shapefile without shapes
	GeoPackage Format = "gpkg"
	KML        Format = "kml"
	DXF        Format = "dxf"
	EDIGEO     Format = "thf"
	packedZip  Format = "zip"
	packedTar  Format = "tar.bz2"
)

// endings are those by which people know each format.
var endings = map[Format][]string{
	CSV: {"csv", "tsv", "txt"}, XLSX: {"xlsx"}, GeoJSON: {"geojson", "json"}, Shapefile: {"shp"}, DBase: {"dbf"}, GeoPackage: {"gpkg"},
	KML: {"kml"}, DXF: {"dxf"}, EDIGEO: {"thf"}, packedZip: {"zip", "kmz"}, packedTar: {"bz2"},
}

// companions are parts of a file that lie beside the one that is opened.
var companions = []string{"shx", "dbf", "prj", "cpg", "qpj", "dic", "gen", "geo", "qal", "scd", "vec"}

// ending is what follows the last dot of a name, in small letters.
func ending(name string) string {
	return strings.ToLower(strings.TrimPrefix(path.Ext(name), "."))
}

// Sniff tells the format of a file by its content. A name that promises
// another one is told: the sender meant something else than came.
func Sniff(file, name string) (Format, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }()
	head := make([]byte, 8192)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return "", err
	}
	if n == 0 {
		return "", layers.Errorf(layers.Invalid, "%s is empty: choose a file with something in it", name)
	}
	is := sniff(head[:n], ending(name))
	if is == packedZip {
		is = sniffZip(file)
	}
	if is == "" {
		return "", layers.Errorf(layers.WrongType, "%s is no file that can be read: give CSV, XLSX, GeoJSON, GeoPackage, KML, DXF, a shapefile (all its parts, or in a zip) or EDIGEO (zip or tar.bz2)", name)
	}
	for format, names := range endings {
		if format != is && slices.Contains(names, ending(name)) {
			return "", layers.Errorf(layers.WrongType, "%s is called .%s but holds %s: name it .%s if that is what you mean, or save it again", name, ending(name), strings.ToUpper(string(is)), endings[is][0])
		}
	}
	return is, nil
}

func sniff(head []byte, called string) Format {
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\ufeff")), " \t\r\n")
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return packedZip
	case bytes.HasPrefix(head, []byte("BZh")):
		return packedTar
	case bytes.HasPrefix(head, []byte("SQLite format 3\x00")):
		return GeoPackage
	case len(head) >= 100 && binary.BigEndian.Uint32(head) == 9994 && binary.LittleEndian.Uint32(head[28:]) == 1000:
		return Shapefile
	case called == "dbf" && len(head) > 32 && slices.Contains([]byte{0x03, 0x30, 0x31, 0x83, 0x8b, 0xf5}, head[0]):
		return DBase
	case bytes.ContainsRune(head, 0) && !utf16(head):
		return ""
	case bytes.HasPrefix(text, []byte("{")):
		return GeoJSON
	case bytes.HasPrefix(text, []byte("<")):
		if bytes.Contains(text, []byte("<kml")) || bytes.Contains(text, []byte(":kml")) {
			return KML
		}
		return "" // other XML may name services and files
	case called == "thf" || bytes.HasPrefix(text, []byte("BOMT 12")):
		return EDIGEO
	case dxfStart(text):
		return DXF
	case bytes.HasPrefix(text, []byte("%PDF")), bytes.HasPrefix(text, []byte("{\\rtf")), bytes.HasPrefix(text, []byte("GIF8")):
		return ""
	default:
		return CSV
	}
}

// dxfStart: the first group of a drawing is a comment (999) or a section (0).
func dxfStart(text []byte) bool {
	code, rest, _ := bytes.Cut(text, []byte("\n"))
	value, _, _ := bytes.Cut(rest, []byte("\n"))
	switch string(bytes.TrimSpace(code)) {
	case "0":
		return string(bytes.TrimSpace(value)) == "SECTION"
	case "999":
		return bytes.Contains(text, []byte("SECTION"))
	}
	return false
}

// utf16 reports whether a text is in UTF-16, by its mark.
func utf16(head []byte) bool {
	return bytes.HasPrefix(head, []byte{0xff, 0xfe}) || bytes.HasPrefix(head, []byte{0xfe, 0xff})
}

// sniffZip tells a workbook from an archive.
func sniffZip(file string) Format {
	archive, err := zip.OpenReader(file)
	if err != nil {
		return packedZip // what is wrong with it is told when it is unpacked
	}
	defer func() { _ = archive.Close() }()
	for _, f := range archive.File {
		if f.Name == "xl/workbook.xml" {
			return XLSX
		}
	}
	return packedZip
}

// CleanName makes of what a sender calls a file a name for people to read:
// without folders and characters that are not seen.
func CleanName(name string) string {
	name = strings.ToValidUTF8(name[strings.LastIndexAny(name, `/\`)+1:], "")
	name = strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x200b && r <= 0x202e || r == '<' || r == '>' || r == '"' {
			return -1
		}
		return r
	}, name))
	for utf8.RuneCountInString(name) > 120 {
		_, size := utf8.DecodeRuneInString(name)
		name = name[size:]
	}
	if name == "" || strings.Trim(name, ".") == "" {
		return "file"
	}
	return name
}

// StoredName is the name under which a file or a part of it is stored: plain
// characters, so that it means nothing to GDAL or a shell.
func StoredName(name string) string {
	base := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' {
			return r
		}
		return '_'
	}, strings.TrimSuffix(CleanName(name), path.Ext(name)))
	return base[max(0, len(base)-80):] + "." + ending(name)
}

// wanted reports whether a part of an archive is one that can be read.
func wanted(name string) bool {
	e := ending(name)
	if strings.HasPrefix(filepath.Base(name), ".") || strings.Contains(name, "__MACOSX/") {
		return false
	}
	if slices.Contains(companions, e) {
		return true
	}
	for format, names := range endings {
		if format != packedZip && format != packedTar && slices.Contains(names, e) {
			return true
		}
	}
	return false
}
