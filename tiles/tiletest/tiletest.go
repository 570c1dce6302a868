// Package tiletest reads Mapbox vector tiles (version 2.1) for tests: strictly,
// so that a tile that some client may refuse is refused here.
package tiletest

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

// Layer is one layer of a tile.
type Layer struct {
	Name     string
	Version  int
	Extent   int
	Features []Feature
}

// Feature is one feature. Rings and lines are in tile units from the upper
// left corner, rings closed.
type Feature struct {
	ID         *uint64
	Type       string // Point, LineString, Polygon
	Parts      [][][2]int
	Properties map[string]any // string, float64, int64, uint64, bool
}

// Decode reads the layers of a tile and fails the test if anything in it is
// not as the specification has it.
func Decode(t testing.TB, data []byte) []Layer {
	t.Helper()
	all, err := decode(data)
	if err != nil {
		t.Fatalf("the tile is no vector tile: %v", err)
	}
	return all
}

// Dump writes a tile as text for people to compare.
func Dump(all []Layer) string {
	var s strings.Builder
	for _, l := range all {
		fmt.Fprintf(&s, "layer %s, version %d, extent %d\n", l.Name, l.Version, l.Extent)
		for _, f := range l.Features {
			id := "without number"
			if f.ID != nil {
				id = fmt.Sprint(*f.ID)
			}
			fmt.Fprintf(&s, "  %s %s\n", f.Type, id)
			for _, name := range slices.Sorted(keys(f.Properties)) {
				fmt.Fprintf(&s, "    %s = %#v\n", name, f.Properties[name])
			}
			for _, part := range f.Parts {
				fmt.Fprintf(&s, "    %v\n", part)
			}
		}
	}
	return s.String()
}

func keys[V any](m map[string]V) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// message calls field for each field of a protobuf message: number is its
// value where it is one, bytes where it is a string, a message or packed.
func message(data []byte, field func(tag int, number uint64, bytes []byte) error) error {
	for len(data) > 0 {
		head, n := binary.Uvarint(data)
		if n <= 0 {
			return fmt.Errorf("cut off within a tag")
		}
		data = data[n:]
		var number uint64
		var bytes []byte
		switch head & 7 {
		case 0:
			if number, n = binary.Uvarint(data); n <= 0 {
				return fmt.Errorf("cut off within a number")
			}
			data = data[n:]
		case 1:
			if len(data) < 8 {
				return fmt.Errorf("cut off within a double")
			}
			number, data = binary.LittleEndian.Uint64(data), data[8:]
		case 2:
			size, n := binary.Uvarint(data)
			if n <= 0 || size > uint64(len(data)-n) {
				return fmt.Errorf("cut off within a string")
			}
			bytes, data = data[n:n+int(size)], data[n+int(size):]
		case 5:
			if len(data) < 4 {
				return fmt.Errorf("cut off within a float")
			}
			number, data = uint64(binary.LittleEndian.Uint32(data)), data[4:]
		default:
			return fmt.Errorf("unknown wire type %d", head&7)
		}
		if err := field(int(head>>3), number, bytes); err != nil {
			return err
		}
	}
	return nil
}

func packed(data []byte) ([]uint64, error) {
	var all []uint64
	for len(data) > 0 {
		v, n := binary.Uvarint(data)
		if n <= 0 {
			return nil, fmt.Errorf("cut off within a list of numbers")
		}
		all, data = append(all, v), data[n:]
	}
	return all, nil
}

func decode(data []byte) ([]Layer, error) {
	var all []Layer
	err := message(data, func(tag int, _ uint64, bytes []byte) error {
		if tag != 3 {
			return fmt.Errorf("a tile holds field %d", tag)
		}
		l, err := decodeLayer(bytes)
		if slices.ContainsFunc(all, func(other Layer) bool { return other.Name == l.Name }) {
			return fmt.Errorf("two layers are named %q", l.Name)
		}
		all = append(all, l)
		return err
	})
	return all, err
}

func decodeLayer(data []byte) (Layer, error) {
	l := Layer{Version: 1, Extent: 4096}
	var names []string
	var values []any
	var features [][]byte
	err := message(data, func(tag int, number uint64, bytes []byte) error {
		switch tag {
		case 1:
			l.Name = string(bytes)
		case 2:
			features = append(features, bytes)
		case 3:
			names = append(names, string(bytes))
		case 4:
			v, err := decodeValue(bytes)
			values = append(values, v)
			return err
		case 5:
			l.Extent = int(number)
		case 15:
			l.Version = int(number)
		}
		return nil
	})
	if err != nil {
		return l, err
	}
	if l.Name == "" || l.Version != 2 {
		return l, fmt.Errorf("layer %q has version %d", l.Name, l.Version)
	}
	for _, bytes := range features {
		f, err := decodeFeature(bytes, names, values)
		if err != nil {
			return l, fmt.Errorf("layer %s, feature %d: %w", l.Name, len(l.Features), err)
		}
		l.Features = append(l.Features, f)
	}
	return l, nil
}

func decodeValue(data []byte) (any, error) {
	var value any
	err := message(data, func(tag int, number uint64, bytes []byte) error {
		switch tag {
		case 1:
			value = string(bytes)
		case 2:
			value = float64(math.Float32frombits(uint32(number)))
		case 3:
			value = math.Float64frombits(number)
		case 4:
			value = int64(number)
		case 5:
			value = number
		case 6:
			value = zigzag(number)
		case 7:
			value = number != 0
		default:
			return fmt.Errorf("a value holds field %d", tag)
		}
		return nil
	})
	return value, err
}

func zigzag(n uint64) int64 { return int64(n>>1) ^ -int64(n&1) }

func decodeFeature(data []byte, names []string, values []any) (Feature, error) {
	f := Feature{Properties: map[string]any{}}
	var commands []uint64
	err := message(data, func(tag int, number uint64, bytes []byte) error {
		switch tag {
		case 1:
			f.ID = &number
		case 2:
			tags, err := packed(bytes)
			if err != nil || len(tags)%2 != 0 {
				return fmt.Errorf("tags %v: %v", tags, err)
			}
			for pair := range slices.Chunk(tags, 2) {
				if pair[0] >= uint64(len(names)) || pair[1] >= uint64(len(values)) {
					return fmt.Errorf("tag %v points nowhere", pair)
				}
				f.Properties[names[pair[0]]] = values[pair[1]]
			}
		case 3:
			if number < 1 || number > 3 {
				return fmt.Errorf("type of geometry %d", number)
			}
			f.Type = []string{"Point", "LineString", "Polygon"}[number-1]
		case 4:
			var err error
			commands, err = packed(bytes)
			return err
		}
		return nil
	})
	if err != nil {
		return f, err
	}
	f.Parts, err = decodeGeometry(f.Type, commands)
	return f, err
}

// decodeGeometry follows the commands of a geometry (specification, 4.3).
func decodeGeometry(kind string, commands []uint64) ([][][2]int, error) {
	var parts [][][2]int
	var at [2]int
	for i := 0; i < len(commands); {
		command, count := commands[i]&7, int(commands[i]>>3)
		i++
		if command == 7 {
			if kind != "Polygon" || count != 1 || len(parts) == 0 || len(parts[len(parts)-1]) < 3 {
				return nil, fmt.Errorf("a path of a %s is closed wrongly", kind)
			}
			last := &parts[len(parts)-1]
			*last = append(*last, (*last)[0])
			continue
		}
		if command != 1 && command != 2 || count == 0 || i+2*count > len(commands) {
			return nil, fmt.Errorf("command %d with count %d", command, count)
		}
		if command == 2 && (len(parts) == 0 || kind == "Point") || command == 1 && kind != "Point" && count != 1 {
			return nil, fmt.Errorf("command %d is out of place in a %s", command, kind)
		}
		for range count {
			at[0] += int(zigzag(commands[i]))
			at[1] += int(zigzag(commands[i+1]))
			i += 2
			if command == 1 {
				parts = append(parts, nil)
			}
			parts[len(parts)-1] = append(parts[len(parts)-1], at)
		}
	}
	for _, part := range parts {
		if kind == "Polygon" && (len(part) < 4 || doubleArea(part) == 0) || kind == "LineString" && len(part) < 2 {
			return nil, fmt.Errorf("a %s has the part %v", kind, part)
		}
	}
	if len(parts) == 0 || kind == "Polygon" && doubleArea(parts[0]) < 0 {
		return nil, fmt.Errorf("a %s has no part, or begins with a hole", kind)
	}
	return parts, nil
}

// doubleArea is twice the area of a ring, positive for one that goes
// clockwise on the screen: an outer one.
func doubleArea(ring [][2]int) int {
	sum := 0
	for i := range len(ring) - 1 {
		sum += ring[i][0]*ring[i+1][1] - ring[i+1][0]*ring[i][1]
	}
	return sum
}
