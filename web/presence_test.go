package web_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"arpent/layers/postgis/postgistest"
)

// stream is what somebody is told of changes.
type stream struct {
	*site
	lines *bufio.Scanner
	end   func()
}

func (s *site) stream(headers ...string) *stream {
	s.Helper()
	ctx, end := context.WithTimeout(context.Background(), time.Minute)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/api/changes", nil)
	if err != nil {
		s.Fatal(err)
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		request.Header.Set(name, value)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() { end(); _ = answer.Body.Close() })
	return &stream{s, bufio.NewScanner(answer.Body), end}
}

// until reads up to the next event of a name, and answers its data.
func (s *stream) until(event string) (data map[string]any) {
	s.Helper()
	found := false
	for s.lines.Scan() {
		line := s.lines.Text()
		text, is := strings.CutPrefix(line, "data: ")
		switch {
		case line == "event: "+event:
			found = true
		case found && is:
			if err := json.Unmarshal([]byte(text), &data); err != nil {
				s.Fatal(err)
			}
			return data
		}
	}
	s.Fatalf("the stream ended before an event %s: %v", event, s.lines.Err())
	return nil
}

func TestThoseWhoEditALayerKnowOfEachOther(t *testing.T) {
	s := newSite(t)
	postgistest.Account(t, s.pool, "bob", s.town.Code, "manager")
	other := s.bearer("bob")
	mine, theirs := s.stream(s.admin()), s.stream(other)
	mine.until("ready")
	window := theirs.until("ready")["stream"]
	id := s.largest(1)[0]
	path := workingPath + "/presence"
	others := func() []any {
		t.Helper()
		return s.ask(200, http.MethodGet, workingPath+"/others", nil, s.admin()).json(t)["others"].([]any)
	}
	body := map[string]any{"stream": window, "chosen": []string{id}, "view": [4]float64{0, 0, 100, 100}}
	s.ask(204, http.MethodPut, path, body, other)
	for mine.until("working")["layer"] != "land.parcels" { // "" when the server has begun to listen
	}
	now := others()
	if len(now) != 1 {
		t.Fatalf("%v", now)
	}
	o := now[0].(map[string]any)
	if o["who"] != "bob" || o["chosen"].([]any)[0] != id || o["bbox"] != nil || o["view"] == nil {
		t.Errorf("%v", o)
	}
	s.ask(401, http.MethodPut, path, body)
	body["view"] = [4]float64{0, 0, 1e12, 0}
	s.ask(422, http.MethodPut, path, body, other)
	theirs.end() // the window was closed
	mine.until("working")
	if now := others(); len(now) > 0 {
		t.Errorf("%v", now)
	}
}
