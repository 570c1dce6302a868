package documents

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxName is how long a name or a title may be, in characters.
const maxName = 200

// cleanName makes of what a sender calls a file a name that any system can
// store: without folders, without characters that are not seen or that mean
// something to a system.
func cleanName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(`<>:"|?*`, r):
			return '_'
		case r == unicode.ReplacementChar, !unicode.IsPrint(r) && r != ' ':
			return -1 // controls, and what turns the direction of writing, which hides an ending
		}
		return r
	}, norm.NFC.String(strings.ToValidUTF8(name, "")))
	name = strings.TrimRight(strings.TrimLeft(strings.TrimSpace(name), ". "), ". ")
	return shorten(name)
}

// shorten cuts a long name before its ending.
func shorten(name string) string {
	runes := []rune(name)
	if len(runes) <= maxName {
		return name
	}
	ending := ""
	if dot := strings.LastIndexByte(name, '.'); dot > 0 && len(name)-dot <= 10 {
		ending = name[dot:]
	}
	return string(runes[:maxName-len([]rune(ending))]) + ending
}

func cleanTitle(title string) string {
	title = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) && r != ' ' {
			return -1
		}
		return r
	}, norm.NFC.String(strings.ToValidUTF8(title, "")))
	runes := []rune(strings.TrimSpace(title))
	return string(runes[:min(len(runes), maxName)])
}
