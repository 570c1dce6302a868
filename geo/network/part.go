package network

import "math"

// Part says that an edge, from one share of its length to another, has what was
// of an edge from one share of its length to another; the latter runs down where
// the edge was turned round. With it one shares out what belongs to edges: what
// is copied comes from the longest part, what is a quantity by |To-From|, what
// changes along the edge (an invert level) from the value at From to that at To.
type Part struct {
	Of         ID
	From, To   float64 // of the length of Of
	Start, End float64 // of the length of the edge itself
}

// Origin says on which edge a new node was put, and at which share of its length.
type Origin struct {
	Of ID
	At float64
}

// Whole is all of an edge.
func Whole(id ID) []Part { return []Part{{Of: id, To: 1, End: 1}} }

// section answers what parts of an edge lie between two shares of its length,
// the second one first when the edge is turned round; as parts of an edge from
// one share of its length to another.
func section(parts []Part, from, to, start, end float64) []Part {
	low, high := min(from, to), max(from, to)
	if high <= low {
		return nil
	}
	var all []Part
	for _, p := range parts {
		a, b := max(low, p.Start), min(high, p.End)
		if b <= a {
			continue
		}
		at := func(x float64) float64 { return p.From + (p.To-p.From)*(x-p.Start)/(p.End-p.Start) }
		put := func(x float64) float64 { return start + (end-start)*(x-from)/(to-from) }
		q := Part{Of: p.Of, From: at(a), To: at(b), Start: put(a), End: put(b)}
		if from > to {
			q = Part{Of: p.Of, From: at(b), To: at(a), Start: put(b), End: put(a)}
		}
		all = append(all, q)
	}
	if from > to {
		for i, j := 0, len(all)-1; i < j; i, j = i+1, j-1 {
			all[i], all[j] = all[j], all[i]
		}
	}
	return joined(all)
}

// joined makes one of parts that go on where the one before ends.
func joined(parts []Part) []Part {
	var all []Part
	for _, p := range parts {
		if n := len(all); n > 0 && all[n-1].Of == p.Of && math.Abs(all[n-1].To-p.From) < 1e-12 &&
			(all[n-1].To > all[n-1].From) == (p.To > p.From) {
			all[n-1].To, all[n-1].End = p.To, p.End
			continue
		}
		all = append(all, p)
	}
	return all
}

// Traced answers parts of edges as parts of what these were themselves.
func Traced(parts []Part, of func(ID) []Part) []Part {
	var all []Part
	for _, p := range parts {
		all = append(all, section(of(p.Of), p.From, p.To, p.Start, p.End)...)
	}
	return joined(all)
}

// Level answers a value that changes evenly along edges, at both ends of an edge
// made of parts; false where it is not known at either.
func Level(parts []Part, at func(of ID) (start, end float64, known bool)) (from, to float64, known bool) {
	if len(parts) == 0 {
		return 0, 0, false
	}
	value := func(p Part, share float64) (float64, bool) {
		a, b, ok := at(p.Of)
		return a + (b-a)*share, ok
	}
	first, last := parts[0], parts[len(parts)-1]
	from, one := value(first, first.From)
	to, other := value(last, last.To)
	return from, to, one && other
}
