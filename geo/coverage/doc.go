// Package coverage edits polygons that tile the plane: the parcels of a
// section, the zones of a plan, districts. Neighbours share their borders, and
// every operation keeps it so: a border that moves, moves for both.
//
// All computation is exact, in whole numbers on a grid of one millimetre
// (metric CRS only). Lines that cross are cut at a place of the grid by snap
// rounding (Hobby 1999; Guibas and Marimont 1998), so that no operation can
// leave a gap or an overlap narrower than one can see, and areas add up to the
// last square millimetre.
//
// An operation is a method of a [Coverage] that changes nothing: it answers a
// [Change] with each polygon as it was and as it would be, or a [Fault] that
// says what is in the way and where. [Coverage.Apply] makes a change and
// [Change.Inverse] takes it back to the very same coordinates.
package coverage
