package documents

import (
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/gabriel-vasile/mimetype"

	"arpent/layers"
)

// endings are the types that people expect behind the ending of a name. They
// are listed here so that every server judges alike.
var endings = map[string]string{
	".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".gif": "image/gif", ".webp": "image/webp",
	".tif": "image/tiff", ".tiff": "image/tiff", ".heic": "image/heic", ".svg": "image/svg+xml", ".dwg": "image/vnd.dwg",
	".pdf": "application/pdf", ".zip": "application/zip", ".txt": "text/plain", ".csv": "text/csv", ".html": "text/html", ".htm": "text/html",
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
	".odt":  "application/vnd.oasis.opendocument.text", ".ods": "application/vnd.oasis.opendocument.spreadsheet",
	".mp4": "video/mp4", ".mov": "video/quicktime",
}

// mediaType finds the type in the content and refuses a file whose name or
// sender says another.
func mediaType(content io.ReadSeeker, name, declared string) (string, error) {
	if _, err := content.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	found, err := mimetype.DetectReader(content)
	if err != nil {
		return "", fmt.Errorf("looking into a file: %w", err)
	}
	is, _, _ := strings.Cut(found.String(), ";")
	claim := endings[strings.ToLower(path.Ext(name))]
	declared, _, _ = strings.Cut(declared, ";")
	if !fits(found, claim) || isPicture(declared) && !fits(found, declared) {
		said := claim
		if fits(found, claim) {
			said = declared
		}
		return "", layers.Errorf(layers.WrongType, "%s is not what its name says: it should be %s and is %s", name, said, is)
	}
	if claim != "" && is == "text/plain" { // a table is text as well
		return claim, nil
	}
	return is, nil
}

// isPicture tells the types of which browsers are sure; a table they call
// what the program is called that opens it.
func isPicture(t string) bool { return strings.HasPrefix(t, "image/") || t == "application/pdf" }

// fits reports whether what was found may be called by a claimed type.
func fits(found *mimetype.MIME, claim string) bool {
	if claim == "" || found.Is(claim) {
		return true
	}
	known := mimetype.Lookup(claim)
	switch {
	case isMarkup(found):
		return false // programs run in it
	case known == nil:
		return true // nothing can be said against it
	case descends(known, "text/plain"):
		return descends(found, "text/plain")
	default:
		return descends(found, claim)
	}
}

func isMarkup(found *mimetype.MIME) bool {
	return found.Is("text/html") || found.Is("image/svg+xml") || descends(found, "text/xml")
}

func descends(m *mimetype.MIME, from string) bool {
	for ; m != nil; m = m.Parent() {
		if m.Is(from) {
			return true
		}
	}
	return false
}

// accepts reports whether a type is among those that a layer file allows.
func accepts(allowed []string, mediaType string) bool {
	for _, a := range allowed {
		family, any := strings.CutSuffix(a, "*")
		if a == mediaType || any && strings.HasPrefix(mediaType, family) {
			return true
		}
	}
	return len(allowed) == 0
}
