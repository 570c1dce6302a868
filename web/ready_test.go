package web

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestReadinessSaysWhatIsWrong(t *testing.T) {
	var wrong []Wrong
	ask := func() (int, string) {
		w := httptest.NewRecorder()
		ready(func(context.Context) []Wrong { return wrong })(w, httptest.NewRequest("GET", "/readyz", nil))
		return w.Code, strings.TrimSpace(w.Body.String())
	}
	if code, said := ask(); code != 200 || said != `{"ready":true}` {
		t.Errorf("%d %s", code, said)
	}
	wrong = []Wrong{{"changes", "nothing has been heard"}}
	if code, said := ask(); code != 503 || said != `{"ready":false,"wrong":[{"part":"changes","detail":"nothing has been heard"}]}` {
		t.Errorf("%d %s", code, said)
	}
}
