package cql2_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"arpent/layers/cql2"
)

func TestJSONThatIsWrittenIsReadAgain(t *testing.T) {
	for _, text := range []string{
		`{"op":"=","args":[{"property":"state"},"free"]}`,
		`{"op":"and","args":[{"op":">","args":[{"property":"area"},12.5]},{"op":"not","args":[{"op":"isNull","args":[{"property":"ends_on"}]}]}]}`,
		`{"op":"between","args":[{"property":"ends_on"},{"date":"2026-01-01"},{"date":"2026-12-31"}]}`,
		`{"op":"in","args":[{"property":"kind"},["a",1,true,null]]}`,
		`{"op":"in","args":[{"property":"kind"},[]]}`,
		`{"op":"like","args":[{"op":"casei","args":[{"op":"accenti","args":[{"property":"path.name"}]}]},{"op":"casei","args":["du%"]}]}`,
		`{"op":"related","args":[{"property":"cemetery.deceased.plot"},{"op":"<","args":[{"property":"at"},{"timestamp":"2026-01-31T08:30:00Z"}]}]}`,
		`{"op":"related","args":[{"property":"cemetery.deceased.plot"}]}`,
		`{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]],"crs":"EPSG:3857"}]}`,
		`{"op":"s_within","args":[{"property":"geometry"},{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]],[[[5,5],[6,5],[6,6],[5,5]]]]}]}`,
		`{"op":"s_dwithin","args":[{"property":"geometry"},{"type":"Point","coordinates":[2.5,48]},30]}`,
		`{"op":"s_touches","args":[{"property":"geometry"},{"features":{"layer":"planning.zones","ids":["7","8"]}}]}`,
	} {
		read, err := cql2.ParseJSON([]byte(text))
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		written, err := json.Marshal(read)
		if err != nil {
			t.Fatal(err)
		}
		if plain := strings.NewReplacer(`\u003c`, "<", `\u003e`, ">").Replace(string(written)); plain != text {
			t.Errorf("%s is written as %s", text, written)
		}
		var again cql2.Expr
		if err := json.Unmarshal(written, &again); err != nil || !reflect.DeepEqual(again, *read) {
			t.Errorf("%s is read as another tree (%v)", text, err)
		}
	}
}

func TestJSONThatIsNoFilterIsRefusedWithItsPlace(t *testing.T) {
	deep := strings.Repeat(`{"op":"not","args":[`, 40) + `{"op":"isNull","args":[{"property":"a"}]}` + strings.Repeat(`]}`, 40)
	for text, want := range map[string]string{
		`{"op":"=","args":[{"property":"a"},`:                                         "is no JSON",
		`{"op":"isNull","args":[{"property":"a"}]} more`:                              "after the end",
		`{"property":"a"}`:                                                            "is no condition",
		`{"op":"drop","args":[]}`:                                                     `no operator "drop"`,
		`{"op":"=","args":[1]}`:                                                       "1 arguments",
		`{"op":"and","args":[{"op":"=","args":[{"property":"a"},[1]]}]}`:              "args[0].args[1]",
		`{"op":"and","args":["a"]}`:                                                   "args[0]",
		`{"op":"in","args":[{"property":"a"},"a"]}`:                                   "no list",
		`{"op":"=","args":[{"property":"a"},{"date":"31/01/2026"}]}`:                  "is no day",
		`{"op":"=","args":[{"property":"a"},{"timestamp":"2026-01-31"}]}`:             "is no moment",
		`{"op":"=","args":[{"property":"a"},{"op":"=","args":[1,1]}]}`:                "compares values",
		`{"op":"related","args":["a"]}`:                                               "layer.field",
		deep:                                                                          "nested more than",
		`{"op":"in","args":[{"property":"a"},[` + strings.Repeat("1,", 3000) + `1]]}`: "parts",
		`"` + strings.Repeat("a", 70000) + `"`:                                        "longer than",
	} {
		if _, err := cql2.ParseJSON([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.80s: error %v, want one with %q", text, err, want)
		}
	}
}
