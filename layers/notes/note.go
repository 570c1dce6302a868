package notes

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"strings"
	"unicode/utf8"

	"arpent/layers"
)

// Kind is what a note is drawn as.
type Kind string

// The kinds.
const (
	Text     Kind = "text"     // words at a place
	Line     Kind = "line"     // through corners
	Arrow    Kind = "arrow"    // a line that ends in a head
	Freehand Kind = "freehand" // a line as the hand goes
	Polygon  Kind = "polygon"  // an outline
)

// places is the least number of places of each kind.
var places = map[Kind]int{Text: 1, Line: 2, Arrow: 2, Freehand: 2, Polygon: 3}

// Note is something drawn on the map.
type Note struct {
	ID      string       `json:"id" doc:"Made by who draws it; unique in its sheet"`
	Kind    Kind         `json:"kind" enum:"text,line,arrow,freehand,polygon"`
	Places  [][2]float64 `json:"places" nullable:"false" doc:"EPSG:3857; of a polygon the outline, its first place not repeated"`
	Text    string       `json:"text" doc:"Plain text, never markup"`
	Colour  string       `json:"colour" example:"#c92a2a"`
	Width   float64      `json:"width" doc:"Of lines, in CSS pixels"`
	Figures bool         `json:"figures" doc:"Length and area are written beside it"`
}

// bounds of what people draw.
const (
	maxSheets  = 200 // of one person
	maxNotes   = 500 // of a sheet
	maxPlaces  = 20_000
	maxTitle   = 200 // characters, as all that follow
	maxText    = 2000
	maxID      = 36 // bytes: that of a UUID
	maxWidth   = 20
	halfWorld  = 20_037_508.342789244
	wordsOfAll = 200_000 // in one sheet
)

var colour = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

// check trims the content, refuses what is out of bounds at its place, and
// answers the notes as they are kept.
func (c *Content) check() ([]byte, error) {
	c.Title = strings.TrimSpace(c.Title)
	if c.Title == "" || utf8.RuneCountInString(c.Title) > maxTitle || strings.ContainsRune(c.Title, 0) {
		return nil, wrong("title", "give the sheet a title of at most %d characters", maxTitle)
	}
	if len(c.Notes) > maxNotes {
		return nil, wrong("notes", "a sheet has at most %d notes: begin another", maxNotes)
	}
	ids, drawn, words := map[string]bool{}, 0, 0
	for i, n := range c.Notes {
		at := fmt.Sprintf("notes[%d]", i)
		if n.ID == "" || len(n.ID) > maxID || strings.ContainsRune(n.ID, 0) || ids[n.ID] {
			return nil, wrong(at+".id", "is empty, longer than %d characters, or that of another note", maxID)
		}
		ids[n.ID] = true
		if err := n.check(at); err != nil {
			return nil, err
		}
		drawn += len(n.Places)
		words += utf8.RuneCountInString(n.Text)
	}
	if drawn > maxPlaces {
		return nil, wrong("notes", "all lines together have more than %d places: draw some in a sheet of their own", maxPlaces)
	}
	if words > wordsOfAll {
		return nil, wrong("notes", "all texts together are longer than %d characters: write some in a sheet of their own", wordsOfAll)
	}
	if c.Notes == nil {
		c.Notes = []Note{}
	}
	kept, err := json.Marshal(c.Notes)
	if err != nil {
		return nil, fmt.Errorf("writing notes: %w", err)
	}
	return kept, nil
}

func (n Note) check(at string) error {
	least, known := places[n.Kind]
	switch {
	case !known:
		return wrong(at+".kind", "%q is none of text, line, arrow, freehand, polygon", n.Kind)
	case len(n.Places) < least || n.Kind == Text && len(n.Places) > 1:
		return wrong(at+".places", "has %d places: a text has one, a line two at least, a polygon three", len(n.Places))
	case utf8.RuneCountInString(n.Text) > maxText:
		return wrong(at+".text", "is longer than %d characters", maxText)
	case strings.ContainsRune(n.Text, 0):
		return wrong(at+".text", "has a character that is none: write it anew")
	case !colour.MatchString(n.Colour):
		return wrong(at+".colour", "is not a colour such as #c92a2a")
	case !(n.Width >= 1 && n.Width <= maxWidth):
		return wrong(at+".width", "is not between 1 and %d", maxWidth)
	}
	for k, p := range n.Places {
		if !(math.Abs(p[0]) <= halfWorld && math.Abs(p[1]) <= halfWorld) {
			return wrong(fmt.Sprintf("%s.places[%d]", at, k), "lies outside of the map")
		}
	}
	return nil
}

func wrong(at, format string, args ...any) error {
	message := fmt.Sprintf(format, args...)
	return &layers.Error{Kind: layers.Invalid, Detail: at + ": " + message, Faults: []layers.Fault{{Location: at, Message: message}}}
}
