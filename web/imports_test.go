package web_test

import (
	"bytes"
	"context"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"
)

// working lets the site do long work until the test ends.
func (s *site) working() {
	s.Helper()
	ctx, stop := context.WithCancel(context.Background())
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		_ = s.work.Run(ctx)
	}()
	s.Cleanup(func() {
		stop()
		<-stopped
	})
}

// send uploads files, given as name and content in turn.
func (s *site) send(layer string, files ...string) answer {
	s.Helper()
	var body bytes.Buffer
	out := multipart.NewWriter(&body)
	for i := 0; i < len(files); i += 2 {
		part, err := out.CreateFormFile("file", files[i])
		if err != nil {
			s.Fatal(err)
		}
		if _, err := part.Write([]byte(files[i+1])); err != nil {
			s.Fatal(err)
		}
	}
	if err := out.Close(); err != nil {
		s.Fatal(err)
	}
	return s.call(http.DefaultClient, http.MethodPost, "/api/layers/"+layer+"/imports", body.String(), s.admin(), "Content-Type: "+out.FormDataContentType(), "Accept-Language: en")
}

// ended waits for a job of the administrator to end.
func (s *site) ended(job map[string]any) map[string]any {
	s.Helper()
	return s.endedFor(job, s.admin())
}

// endedFor waits for a job to end as who ordered it.
func (s *site) endedFor(job map[string]any, who string) map[string]any {
	s.Helper()
	deadline, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	request, err := http.NewRequestWithContext(deadline, http.MethodGet, s.url+"/api/changes", nil)
	if err != nil {
		s.Fatal(err)
	}
	request.Header.Set("Authorization", strings.TrimPrefix(who, "Authorization: "))
	stream, err := http.DefaultClient.Do(request)
	if err != nil {
		s.Fatal(err)
	}
	defer func() { _ = stream.Body.Close() }()
	buffer := make([]byte, 4096)
	for {
		now := s.want(s.get(fmt.Sprintf("/api/jobs/%v", job["id"]), who), 200).json(s.TB)
		if state := now["state"]; state != "waiting" && state != "running" {
			return now
		}
		if _, err := stream.Body.Read(buffer); err != nil { // something happened
			s.Fatalf("waiting for a job: %v; it is %v", err, now)
		}
	}
}

func TestACSVIsImportedFromUploadToHistory(t *testing.T) {
	s := newSite(t)
	s.working()
	csv := "Voie;Numéro;Complément;Électeurs;x;y\n" +
		"Rue de l'Église;1;;3;900010,5;6690020\n" +
		"Rue de l'Église;2;bis;deux;900020;6690020\n" +
		"Rue de l'Église;3;;1;;\n"
	sent := s.want(s.send("land.addresses", "../../adresses été.csv", csv), 201).json(t)
	if sent["file"] != "adresses été.csv" {
		t.Errorf("the file is called %v", sent["file"])
	}
	path := fmt.Sprintf("/api/imports/%v", sent["id"])
	seen := s.want(s.call(http.DefaultClient, http.MethodPost, path+"/inspect", map[string]any{}, s.admin()), 200).json(t)
	plan := seen["plan"].(map[string]any)
	columns := plan["columns"].(map[string]any)
	shape := plan["shape"].(map[string]any)
	reading := plan["reading"].(map[string]any)
	if columns["street"] != "Voie" || columns["number"] != "Numéro" || columns["electors"] != "Électeurs" || reading["separator"] != ";" || plan["decimalComma"] != true ||
		shape["from"] != "columns" || shape["srid"] != float64(2154) {
		t.Fatalf("the plan is %v", plan)
	}
	plan["collectivity"] = s.town.Code
	plan["key"] = []string{}
	run := func(dry bool) map[string]any {
		t.Helper()
		job := s.want(s.call(http.DefaultClient, http.MethodPost, path+"/run", map[string]any{"plan": plan, "dryRun": dry}, s.admin(), "Accept-Language: en"), 200).json(t)
		ended := s.ended(job)
		if ended["state"] != "done" {
			t.Fatalf("the job is %v", ended)
		}
		return ended
	}
	before := s.rows()
	tried := run(true)["result"].(map[string]any)
	if tried["created"] != 2.0 || tried["rejected"] != 1.0 || tried["written"] != false || s.rows() != before {
		t.Fatalf("a dry run is %v", tried)
	}
	reject := tried["rejects"].([]any)[0].(map[string]any)
	if reject["row"] != 2.0 || !strings.Contains(reject["reason"].(string), "“deux” is no whole number") {
		t.Errorf("the rejected record is %v", reject)
	}
	done := run(false)
	result := done["result"].(map[string]any)
	if result["created"] != 2.0 || result["written"] != true || result["cause"] != fmt.Sprintf("import %v", done["id"]) {
		t.Fatalf("an import is %v", result)
	}
	var n int
	if err := s.pool.QueryRow(t.Context(), `select count(*) from arpent.history where cause = $1 and relation = 'land.addresses' and who = 'admin'`, result["cause"]).Scan(&n); err != nil || n != 2 {
		t.Errorf("history has %d records (%v)", n, err)
	}
	rejects := string(s.want(s.get(path+"/rejects", s.admin()), 200).body)
	if want := "\ufeffVoie;Numéro;Complément;Électeurs;x;y;number in the file;reason for rejection\nRue de l'Église;2;bis;deux;900020;6690020;2;"; !strings.HasPrefix(rejects, want) {
		t.Errorf("the rejects are %q", rejects)
	}
	again := s.want(s.send("land.addresses", "rejets.csv", strings.Replace(rejects, "deux", "2", 1)), 201).json(t)
	path = fmt.Sprintf("/api/imports/%v", again["id"])
	seen = s.want(s.call(http.DefaultClient, http.MethodPost, path+"/inspect", map[string]any{}, s.admin()), 200).json(t)
	if seen["remembered"] != true {
		t.Fatalf("the plan of the mended rejects is not remembered: %v", seen)
	}
	plan = seen["plan"].(map[string]any)
	if result := run(false)["result"].(map[string]any); result["created"] != 1.0 || result["rejected"] != 0.0 {
		t.Errorf("the mended rejects are %v", result)
	}
}
