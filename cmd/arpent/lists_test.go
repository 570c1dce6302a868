package main_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAListLeavesAndComesBackByTheCommandLine(t *testing.T) {
	i := newInstallation(t)
	i.answer("demo", "--inhabitants", "300")
	folder := t.TempDir()
	csv := filepath.Join(folder, "parcels.csv")
	if said := i.answer("export", "--layer", "land.parcels", "--filter", "section=AA", "--shape", "--language", "en", csv); said != csv {
		t.Errorf("export says %q", said)
	}
	content, err := os.ReadFile(csv)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(content), "\n")
	rows := len(lines) - 2 // header, and nothing after the last
	fill := func(args ...string) string {
		t.Helper()
		out, err := i.command(append([]string{"import", "--layer", "land.parcels", "--collectivity", "00001", "--key", "id", csv}, args...)...).CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		return string(out)
	}
	if said := fill(); rows < 10 || !strings.Contains(said, fmt.Sprintf("0 created, 0 updated, %d unchanged, 0 skipped, 0 rejected", rows)) {
		t.Errorf("importing %d rows again says %s", rows, said)
	}
	cells := strings.SplitN(lines[1], ",", 6)
	lines[1] = strings.Join([]string{cells[0], cells[1], cells[2], cells[3], "moved here", cells[5]}, ",")
	cells = strings.SplitN(lines[2], ",", 5)
	lines[2] = strings.Join([]string{cells[0], cells[1], cells[2], "many", cells[4]}, ",")
	if err := os.WriteFile(csv, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	changed := func() int {
		t.Helper()
		other := filepath.Join(folder, "other.csv")
		i.answer("export", "--layer", "land.parcels", "--filter", "address=moved here", other)
		content, err := os.ReadFile(other)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Count(string(content), "\n") - 1
	}
	if said := fill("--dry-run"); !strings.Contains(said, "1 updated") || !strings.Contains(said, "nothing was written") || changed() != 0 {
		t.Errorf("a try says %s", said)
	}
	rejects := filepath.Join(folder, "parcels-rejects.csv")
	if said := fill(); !strings.Contains(said, "1 updated") || !strings.HasSuffix(said, "\n"+rejects+"\n") || changed() != 1 {
		t.Errorf("an import says %s", said)
	}
	if left, err := os.ReadFile(rejects); err != nil || !strings.Contains(string(left), "“many” is no whole number") {
		t.Errorf("the rejects are %s (%v)", left, err)
	}
	for want, args := range map[string][]string{
		"name a zip for them":         {"export", "--layer", "land.parcels", filepath.Join(folder, "p.shp")},
		"is none of csv":              {"export", "--layer", "land.parcels", filepath.Join(folder, "p.doc")},
		"choose another":              {"export", "--layer", "land.parcels", "--srid", "999999", filepath.Join(folder, "p.gpkg")},
		"has no field of this name":   {"export", "--layer", "land.parcels", "--filter", "zone=1", filepath.Join(folder, "p.csv")},
		"--layer or --app":            {"import", csv},
		"say --collectivity":          {"import", "--app", "land", csv},
		"has no field street":         {"import", "--layer", "land.parcels", "--collectivity", "00001", "--key", "notes,street", csv},
		"which collectivity owns the": {"import", "--layer", "land.parcels", csv},
	} {
		if out, err := i.command(args...).CombinedOutput(); err == nil || !strings.Contains(string(out), want) {
			t.Errorf("%v says %s, not %q", args, out, want)
		}
	}
}
