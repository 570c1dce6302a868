// Package classes divides numbers into classes for a map: each class a range
// of values that one colour or one size stands for. Classes are told by their
// bounds, lowest first: n+1 numbers for n classes, the first the lowest value,
// each other the highest that its class takes in.
package classes

import (
	"errors"
	"math"
	"slices"
)

// Value is a number and how often it is there.
type Value struct {
	Number float64
	Count  int64
}

// Method says how bounds are found.
type Method string

// The methods.
const (
	// Quantiles puts as many values into each class as into every other.
	Quantiles Method = "quantiles"
	// Equal makes each class as wide as every other.
	Equal Method = "equal"
	// Jenks finds the natural breaks: the classes in which values differ least
	// from their mean, all squares of the differences added up.
	Jenks Method = "jenks"
)

// Most is how many classes there may be: the eye tells no more colours apart.
const Most = 12

// Breaks are the bounds of at most n classes of the values. There are fewer
// where the values are fewer, or where many of them are one and the same. The
// values come in order, each number once; there must be one.
func Breaks(values []Value, method Method, n int) ([]float64, error) {
	if len(values) == 0 {
		return nil, errors.New("there are no values to divide into classes")
	}
	if n < 1 || n > Most {
		return nil, errors.New("there are at least one and at most 12 classes")
	}
	var upper []float64
	switch method {
	case Quantiles:
		upper = quantiles(values, n)
	case Equal:
		upper = equal(values[0].Number, values[len(values)-1].Number, n)
	case Jenks:
		upper = jenks(values, min(n, len(values)))
	default:
		return nil, errors.New("there is no such method")
	}
	return append([]float64{values[0].Number}, slices.Compact(upper)...), nil
}

// Counts are how many values are in each class.
func Counts(values []Value, breaks []float64) []int64 {
	counts := make([]int64, len(breaks)-1)
	class := 0
	for _, v := range values {
		for class < len(counts)-1 && v.Number > breaks[class+1] {
			class++
		}
		counts[class] += v.Count
	}
	return counts
}

// quantiles takes, of each class, the value at its last rank (the nearest rank,
// as PostgreSQL's percentile_disc).
func quantiles(values []Value, n int) []float64 {
	var total int64
	for _, v := range values {
		total += v.Count
	}
	upper := make([]float64, 0, n)
	var seen int64
	i := 0
	for class := 1; class <= n; class++ {
		rank := int64(math.Ceil(float64(total) * float64(class) / float64(n)))
		for seen+values[i].Count < rank {
			seen += values[i].Count
			i++
		}
		upper = append(upper, values[i].Number)
	}
	return upper
}

func equal(lowest, highest float64, n int) []float64 {
	upper := make([]float64, 0, n)
	for class := 1; class < n; class++ {
		upper = append(upper, lowest+(highest-lowest)*float64(class)/float64(n))
	}
	return append(upper, highest)
}
