package auth

import (
	"fmt"
	"net/http"

	"arpent/web/problem"
)

// varyReader is what the answers of a Reader depend on; nobody writes to it.
var varyReader = []string{"Authorization, Cookie"}

// Reader is the Middleware of what neither begins nor ends a session, such as
// tiles, which are asked for by the dozen: a session is read and not written
// anew each time, who has none is anybody at once, and who was just recognised
// is remembered for a moment.
func (s *Service) Reader(next http.Handler) http.Handler {
	guard := http.NewCrossOriginProtection()
	return withLanguage(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Vary"] = varyReader
		token := r.Header.Get("Authorization")
		cookie, err := r.Cookie(s.sessions.Cookie.Name)
		if token == "" && err != nil {
			next.ServeHTTP(w, r)
			return
		}
		kind, shown := "token", token
		if token == "" {
			kind, shown = "session", cookie.Value
		}
		key := keyOf(kind, shown)
		reads := r.Method == http.MethodGet || r.Method == http.MethodHead
		v, turn, ok := s.known.get(key)
		if ok && reads {
			v.Purpose = purposeOf(r)
			next.ServeHTTP(w, r.WithContext(With(r.Context(), v)))
			return
		}
		recognised := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			s.known.put(key, Viewer(r.Context()), turn)
			next.ServeHTTP(w, r)
		})
		s.fromProgram(recognised, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			ctx, err := s.sessions.Load(r.Context(), cookie.Value)
			if err != nil {
				problem.Write(w, r, fmt.Errorf("reading a session: %w", err))
				return
			}
			guard.Handler(s.fromSession(recognised)).ServeHTTP(w, r.WithContext(ctx))
		})).ServeHTTP(w, r)
	}))
}
