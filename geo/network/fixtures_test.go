package network_test

import (
	"bytes"
	"fmt"
	"os/exec"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"arpent/geo/network"
	"arpent/geo/town"
	"arpent/layers/postgis/postgistest"
)

func TestMain(m *testing.M) { postgistest.Main(m) }

// sewers answers the networks of a made-up town, levels included.
func sewers(t testing.TB, inhabitants int) ([]network.Node, []network.Edge) {
	t.Helper()
	all, err := town.Generate(town.Options{Seed: 7, Inhabitants: inhabitants})
	if err != nil {
		t.Fatal(err)
	}
	works := town.NewSewers(all, 7)
	var nodes []network.Node
	for i, m := range works.Manholes {
		nodes = append(nodes, network.Node{ID: network.ID(fmt.Sprint(i)), At: network.Position{m.Position[0], m.Position[1], m.CoverLevel}})
	}
	var edges []network.Edge
	for i, p := range works.Pipes {
		line := positions(p.Geometry)
		line[0][2], line[len(line)-1][2] = p.InvertUp, p.InvertDown
		edges = append(edges, network.Edge{ID: network.ID(fmt.Sprint(i)), Line: line})
	}
	return nodes, edges
}

// read answers the nodes and edges of files, in metres.
func read(t testing.TB, srs string, points, lines [2]string) ([]network.Node, []network.Edge) {
	t.Helper()
	var nodes []network.Node
	for i, f := range features(t, srs, points) {
		if p, ok := f.Geometry.(orb.Point); ok {
			nodes = append(nodes, network.Node{ID: network.ID(fmt.Sprint(i)), At: network.At(p)})
		}
	}
	var edges []network.Edge
	for i, f := range features(t, srs, lines) {
		if l, ok := f.Geometry.(orb.LineString); ok {
			edges = append(edges, network.Edge{ID: network.ID(fmt.Sprint(i)), Line: positions(l)})
		}
	}
	return nodes, edges
}

func features(t testing.TB, srs string, source [2]string) []*geojson.Feature {
	t.Helper()
	read := exec.Command("ogr2ogr", "-f", "GeoJSON", "-dim", "XY", "-t_srs", srs, "-lco", "COORDINATE_PRECISION=6", "/vsistdout/", source[0], source[1])
	var text bytes.Buffer
	read.Stdout = &text
	if err := read.Run(); err != nil {
		t.Fatal(err)
	}
	all, err := geojson.UnmarshalFeatureCollection(text.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return all.Features
}

func stareau(t testing.TB) ([]network.Node, []network.Edge) {
	t.Helper()
	file := "../../../shared/data/sewer-stareau/assainissement_demo_hist.gpkg"
	return read(t, "EPSG:2154", [2]string{file, "ass_regard"}, [2]string{file, "ass_canalisation"})
}

func brattleboro(t testing.TB) ([]network.Node, []network.Edge) {
	t.Helper()
	folder := "../../../shared/data/sewer-brattleboro/Brattleboro/Brattleboro"
	return read(t, "EPSG:32618", [2]string{folder + "PointFeatures.geojson", "BrattleboroPointFeatures"}, [2]string{folder + "LinearFeatures.geojson", "BrattleboroLinearFeatures"})
}

func positions(l orb.LineString) []network.Position {
	all := make([]network.Position, len(l))
	for i, p := range l {
		all[i] = network.At(p)
	}
	return all
}
