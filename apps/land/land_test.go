package land_test

import (
	"testing"

	"arpent/apps/land"
	"arpent/layers/postgis/postgistest"
)

func TestMain(m *testing.M) { postgistest.Main(m) }

func TestLayerFilesFitTheDatabaseAndSpeakBothLanguages(t *testing.T) {
	all, err := land.Layers()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 9 {
		t.Errorf("there are %d layers, want 9", len(all))
	}
	postgistest.Service(t, postgistest.New(t), all...)
	for _, l := range all {
		for _, lang := range []string{"fr", "en"} {
			if l.Title[lang] == "" || l.Description[lang] == "" || l.Application.Title[lang] == "" {
				t.Errorf("layer %s lacks words in %s", l.ID, lang)
			}
			for _, f := range l.Fields {
				if f.Label[lang] == "" || f.Help != nil && f.Help[lang] == "" {
					t.Errorf("field %s of layer %s lacks words in %s", f.Name, l.ID, lang)
				}
			}
		}
	}
}
