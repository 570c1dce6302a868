package imports

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/twpayne/go-geom"
	"github.com/twpayne/go-geom/encoding/wkt"

	"arpent/layers"
)

// spaces are what people part thousands with.
var spaces = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "\u2009", "", "'", "")

var errNumber = errors.New("no number")

// parseNumber reads a number as people write it: 1 234,5 or 1,234.5.
func parseNumber(text string, comma bool) (float64, error) {
	text = spaces.Replace(strings.TrimSpace(text))
	switch {
	case strings.Contains(text, ",") && strings.Contains(text, "."):
		// The last of the two is the decimal one.
		if strings.LastIndexByte(text, ',') > strings.LastIndexByte(text, '.') {
			text = strings.Replace(strings.ReplaceAll(text, ".", ""), ",", ".", 1)
		} else {
			text = strings.ReplaceAll(text, ",", "")
		}
	case comma:
		text = strings.Replace(text, ",", ".", 1)
	case strings.Contains(text, ","):
		if parts := strings.Split(text, ","); len(parts[len(parts)-1]) != 3 {
			return 0, errNumber
		}
		text = strings.ReplaceAll(text, ",", "")
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(n, 0) || math.IsNaN(n) || strings.ContainsAny(text, "xXpPnN_") {
		return 0, errNumber
	}
	return n, nil
}

var booleans = map[string]bool{
	"true": true, "vrai": true, "oui": true, "yes": true, "o": true, "y": true, "v": true, "t": true, "1": true, "x": true,
	"false": false, "faux": false, "non": false, "no": false, "n": false, "f": false, "0": false,
}

// dates are the ways in which days are written: the year first, or as in
// Europe the day first.
var dates = []string{"2006-01-02", "2/1/2006", "2-1-2006", "2.1.2006", "2006/01/02", "20060102", "2/1/06"}

var times = []string{"", "T15:04:05Z07:00", "T15:04:05.999999999Z07:00", "T15:04:05", "T15:04", " 15:04:05Z07", " 15:04:05Z07:00", " 15:04:05", " 15:04"}

func parseTime(text string) (day time.Time, whole bool, err error) {
	for _, d := range dates {
		for _, clock := range times {
			if t, err := time.Parse(d+clock, text); err == nil {
				return t, clock == "" || t.Hour()+t.Minute()+t.Second() == 0, nil
			}
		}
	}
	return time.Time{}, false, errors.New("no date")
}

// value reads the text of a field. The error is for who mends the file.
func (c *converter) value(f *layers.Field, text string) (any, error) {
	if f.Enum != nil {
		return c.choice(f, text)
	}
	switch f.Type {
	case "integer":
		n, err := parseNumber(text, c.plan.DecimalComma)
		if err != nil {
			return nil, c.say("« %s » n'est pas un nombre entier", "“%s” is no whole number", short(text))
		}
		if n != math.Trunc(n) || math.Abs(n) > 1<<53 {
			return nil, c.say("« %s » n'est pas un nombre entier", "“%s” is no whole number", short(text))
		}
		return int64(n), nil
	case "number":
		n, err := parseNumber(text, c.plan.DecimalComma)
		if err != nil {
			return nil, c.say("« %s » n'est pas un nombre", "“%s” is no number", short(text))
		}
		return n, nil
	case "boolean":
		b, ok := booleans[fold(text)]
		if !ok {
			return nil, c.say("« %s » n'est ni oui ni non", "“%s” is neither yes nor no", short(text))
		}
		return b, nil
	case "date":
		day, whole, err := parseTime(text)
		if err != nil || !whole {
			return nil, c.say("« %s » n'est pas une date : écrire 2026-02-28 ou 28/02/2026", "“%s” is no date: write 2026-02-28 or 28/02/2026", short(text))
		}
		return day.Format(time.DateOnly), nil
	case "datetime":
		moment, _, err := parseTime(text)
		if err != nil {
			return nil, c.say("« %s » n'est pas une date avec heure : écrire 2026-02-28 13:45", "“%s” is no date and time: write 2026-02-28 13:45", short(text))
		}
		return moment.Format(time.RFC3339), nil
	default:
		return text, nil
	}
}

// choice finds a value of an enumeration by its code or its label.
func (c *converter) choice(f *layers.Field, text string) (any, error) {
	folded := fold(text)
	for _, choice := range f.Enum {
		if choice.Value == text {
			return text, nil
		}
	}
	for _, choice := range f.Enum {
		if fold(choice.Value) == folded || fold(choice.Label.In("fr")) == folded || fold(choice.Label.In("en")) == folded {
			return choice.Value, nil
		}
	}
	if f.Type == "integer" { // 01 in the file and 1 in the layer, or the other way round
		return nil, c.unknownChoice(f, text)
	}
	for _, choice := range f.Enum {
		if strings.TrimLeft(choice.Value, "0") == strings.TrimLeft(text, "0") && strings.Trim(text, "0123456789") == "" && text != "" {
			return choice.Value, nil
		}
	}
	return nil, c.unknownChoice(f, text)
}

func (c *converter) unknownChoice(f *layers.Field, text string) error {
	var known []string
	for _, choice := range f.Enum {
		known = append(known, choice.Value+" ("+choice.Label.In(c.viewer.Language)+")")
	}
	return c.say("« %s » n'est pas une valeur possible : %s", "“%s” is none of the choices: %s", short(text), strings.Join(known[:min(len(known), 12)], ", "))
}

// say writes a message in the language of who imports.
func (c *converter) say(fr, en string, args ...any) error {
	return errors.New(c.words(fr, en, args...))
}

func (c *converter) words(fr, en string, args ...any) string {
	if c.viewer.Language == "en" {
		return fmt.Sprintf(en, args...)
	}
	return fmt.Sprintf(fr, args...)
}

func short(text string) string {
	runes := []rune(text)
	if len(runes) > 60 {
		return string(runes[:57]) + "…"
	}
	return text
}

// parseShape reads WKT, with its CRS before it as in SRID=2154;POINT (1 2).
func parseShape(text string) (geom.T, int, error) {
	srid := 0
	if rest, ok := strings.CutPrefix(strings.TrimSpace(text), "SRID="); ok {
		code, wkt, _ := strings.Cut(rest, ";")
		n, err := strconv.Atoi(code)
		if err != nil {
			return nil, 0, err
		}
		srid, text = n, wkt
	}
	if strings.TrimSpace(text) == "" {
		return nil, 0, nil
	}
	g, err := wkt.Unmarshal(text)
	return g, srid, err
}

func formatNumber(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
