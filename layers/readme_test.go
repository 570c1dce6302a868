package layers_test

import (
	"os"
	"strings"
	"testing"

	"arpent/layers"
)

func TestTheLayerFileOfTheREADMEIsOne(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(readme), "```yaml\n")
	file, _, _ := strings.Cut(rest, "```")
	if l, err := layers.ReadFile("README.md", []byte(file)); err != nil || l.Field("age") == nil {
		t.Errorf("layer %v, error %v", l, err)
	}
}
