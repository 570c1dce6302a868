package layers

// Text is a text in the languages of the page, by language code ("fr", "en").
type Text map[string]string

// In returns the text in lang, else in French, else in any language there is.
func (t Text) In(lang string) string {
	for _, l := range []string{lang, "fr", "en"} {
		if s, ok := t[l]; ok && s != "" {
			return s
		}
	}
	return ""
}
