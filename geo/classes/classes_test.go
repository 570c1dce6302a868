package classes_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"arpent/geo/classes"
)

// valuesOf counts numbers.
func valuesOf(numbers ...float64) []classes.Value {
	slices.Sort(numbers)
	var values []classes.Value
	for _, n := range numbers {
		if k := len(values); k > 0 && values[k-1].Number == n {
			values[k-1].Count++
			continue
		}
		values = append(values, classes.Value{Number: n, Count: 1})
	}
	return values
}

func TestBreaks(t *testing.T) {
	for name, c := range map[string]struct {
		numbers []float64
		method  classes.Method
		n       int
		want    []float64
		counts  []int64
	}{
		"quantiles hold as many values each":       {[]float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, classes.Quantiles, 4, []float64{1, 3, 6, 9, 12}, []int64{3, 3, 3, 3}},
		"quantiles of what does not divide":        {[]float64{1, 2, 3, 4, 5, 6, 7}, classes.Quantiles, 3, []float64{1, 3, 5, 7}, []int64{3, 2, 2}},
		"quantiles of much the same are fewer":     {[]float64{0, 0, 0, 0, 0, 0, 0, 5}, classes.Quantiles, 4, []float64{0, 0, 5}, []int64{7, 1}},
		"equal intervals":                          {[]float64{0, 1, 2, 100}, classes.Equal, 4, []float64{0, 25, 50, 75, 100}, []int64{3, 0, 0, 1}},
		"natural breaks":                           {[]float64{1, 2, 4, 5, 7, 9, 10, 20}, classes.Jenks, 2, []float64{1, 10, 20}, []int64{7, 1}},
		"natural breaks of three heaps":            {[]float64{4, 5, 9, 10, 1, 2, 50, 51, 52}, classes.Jenks, 3, []float64{1, 5, 10, 52}, []int64{4, 2, 3}},
		"natural breaks heed how often values are": {[]float64{1, 1, 1, 1, 1, 1, 3, 4}, classes.Jenks, 2, []float64{1, 1, 4}, []int64{6, 2}},
		"natural breaks of fewer values":           {[]float64{3, 7}, classes.Jenks, 5, []float64{3, 3, 7}, []int64{1, 1}},
		"one value":                                {[]float64{3}, classes.Jenks, 5, []float64{3, 3}, []int64{1}},
		"one value in equal intervals":             {[]float64{3, 3}, classes.Equal, 5, []float64{3, 3}, []int64{2}},
	} {
		t.Run(name, func(t *testing.T) {
			values := valuesOf(c.numbers...)
			got, err := classes.Breaks(values, c.method, c.n)
			if err != nil || !slices.Equal(got, c.want) {
				t.Fatalf("breaks %v, error %v, want %v", got, err, c.want)
			}
			if counts := classes.Counts(values, got); !slices.Equal(counts, c.counts) {
				t.Errorf("counts %v, want %v", counts, c.counts)
			}
		})
	}
	if _, err := classes.Breaks(nil, classes.Jenks, 3); err == nil {
		t.Error("classes of nothing")
	}
	if _, err := classes.Breaks(valuesOf(1), classes.Jenks, 99); err == nil {
		t.Error("99 classes")
	}
}

// The classes found are as good as the best of all that can be made.
func TestNaturalBreaksAreTheBest(t *testing.T) {
	const seed = 11
	random := rand.New(rand.NewPCG(seed, 0))
	for range 300 {
		numbers := make([]float64, 3+random.IntN(9))
		for i := range numbers {
			numbers[i] = 1e6 + math.Round(random.ExpFloat64()*20)
		}
		values := valuesOf(numbers...)
		n := min(2+random.IntN(3), len(values))
		got, err := classes.Breaks(values, classes.Jenks, n)
		if err != nil {
			t.Fatal(err)
		}
		best := math.Inf(1)
		var cut func(from, left int, cost float64)
		cut = func(from, left int, cost float64) {
			if left == 1 {
				best = min(best, cost+spread(values[from:]))
				return
			}
			for to := from + 1; to <= len(values)-left+1; to++ {
				cut(to, left-1, cost+spread(values[from:to]))
			}
		}
		cut(0, n, 0)
		cost, from := 0.0, 0
		for _, upper := range got[1:] {
			to := from
			for to < len(values) && values[to].Number <= upper {
				to++
			}
			cost += spread(values[from:to])
			from = to
		}
		if cost > best+1e-6 {
			t.Fatalf("seed %d: %v in %d classes cost %v, the best are %v", seed, values, n, cost, best)
		}
	}
}

// spread is the sum of squared differences from the mean.
func spread(values []classes.Value) float64 {
	var n, sum, squares float64
	for _, v := range values {
		n += float64(v.Count)
		sum += float64(v.Count) * v.Number
	}
	for _, v := range values {
		squares += float64(v.Count) * (v.Number - sum/n) * (v.Number - sum/n)
	}
	return squares
}

func BenchmarkJenks(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 2))
	numbers := make([]float64, 100_000)
	for i := range numbers {
		numbers[i] = random.ExpFloat64() * 1000
	}
	values := valuesOf(numbers...)
	for b.Loop() {
		if _, err := classes.Breaks(values, classes.Jenks, 7); err != nil {
			b.Fatal(err)
		}
	}
}
