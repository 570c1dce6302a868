package exchange

import "strings"

// formula are the characters with which a spreadsheet begins a formula, which
// could send what is in the table elsewhere.
const formula = "=+-@\t\r"

// Harmless keeps a spreadsheet from taking a text for a formula: with an
// apostrophe before it, which Plain takes away again.
func Harmless(s string) string {
	if guarded(s) {
		return "'" + s
	}
	return s
}

// Plain is a text of a spreadsheet without the apostrophe that keeps it from
// being a formula.
func Plain(s string) string {
	if rest, ok := strings.CutPrefix(s, "'"); ok && guarded(rest) {
		return rest
	}
	return s
}

// guarded reports whether a formula begins in the text, be it after
// apostrophes: a text that has one of its own gets another.
func guarded(s string) bool {
	s = strings.TrimLeft(s, "'")
	return s != "" && strings.ContainsRune(formula, rune(s[0]))
}
