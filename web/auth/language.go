package auth

import (
	"context"
	"net/http"

	"golang.org/x/text/language"
)

var languages = language.NewMatcher([]language.Tag{language.French, language.English})

// languageKey is the key of the reader's language in a context.
type languageKey struct{}

// withLanguage notes the language in which the reader wants words: fr or en.
func withLanguage(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Accept-Language") == "" {
			next.ServeHTTP(w, r)
			return
		}
		_, i := language.MatchStrings(languages, r.Header.Get("Accept-Language"))
		ctx := context.WithValue(r.Context(), languageKey{}, []string{"fr", "en"}[i])
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

func languageOf(ctx context.Context) string {
	if l, ok := ctx.Value(languageKey{}).(string); ok {
		return l
	}
	return "fr"
}
