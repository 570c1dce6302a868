package classes

import "math"

// jenks finds the n classes with the least sum of squared differences from
// their means, which Jenks (1967) called natural breaks. Fisher ("On grouping
// for maximum homogeneity", JASA 53, 1958) showed that classes of ordered
// values are found exactly by dynamic programming; that the best first value
// of a class never moves down as its last moves up lets each row be filled by
// halves, in n·v·log v steps for v values (Wang and Song, "Ckmeans.1d.dp",
// The R Journal 3/2, 2011; Song and Zhong, Bioinformatics 36, 2020).
func jenks(values []Value, n int) []float64 {
	s := newSums(values)
	before := make([]float64, len(values)) // the least cost of the values up to i in one class fewer
	for i := range before {
		before[i] = s.cost(0, i)
	}
	starts := make([][]int32, n) // by class and its last value: its first
	starts[0] = make([]int32, len(values))
	for class := 1; class < n; class++ {
		starts[class] = make([]int32, len(values))
		here := make([]float64, len(values))
		s.fill(before, here, starts[class], class, len(values)-1, class, len(values)-1)
		before = here
	}
	upper := make([]float64, n)
	last := len(values) - 1
	for class := n - 1; class >= 0; class-- {
		upper[class] = values[last].Number
		last = int(starts[class][last]) - 1
	}
	return upper
}

// fill finds, for each last value from low to high, the best first value of
// its class, which lies between first and final.
func (s *sums) fill(before, here []float64, start []int32, low, high, first, final int) {
	if low > high {
		return
	}
	middle := (low + high) / 2
	best, at := math.Inf(1), first
	for j := first; j <= min(middle, final); j++ {
		if cost := before[j-1] + s.cost(j, middle); cost < best {
			best, at = cost, j
		}
	}
	here[middle], start[middle] = best, int32(at)
	s.fill(before, here, start, low, middle-1, first, at)
	s.fill(before, here, start, middle+1, high, at, final)
}

// sums are of the values before each, counted from the one in the middle:
// squares of large numbers would lose what tells them apart.
type sums struct {
	count, first, second []float64
}

func newSums(values []Value) *sums {
	s := &sums{make([]float64, len(values)+1), make([]float64, len(values)+1), make([]float64, len(values)+1)}
	middle := values[len(values)/2].Number
	for i, v := range values {
		d, n := v.Number-middle, float64(v.Count)
		s.count[i+1] = s.count[i] + n
		s.first[i+1] = s.first[i] + n*d
		s.second[i+1] = s.second[i] + n*d*d
	}
	return s
}

// cost is the sum of squared differences from the mean of the values i to j.
func (s *sums) cost(i, j int) float64 {
	n := s.count[j+1] - s.count[i]
	sum := s.first[j+1] - s.first[i]
	return max(0, s.second[j+1]-s.second[i]-sum*sum/n)
}
