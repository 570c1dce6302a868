// Package working keeps working sets: the edits of a layer that a person
// gathers, step by step, until they are saved in one transaction or discarded.
// A set is of one layer, or of the edges and nodes of one network; what can be
// done to it follows from the model of the layer: operations on a coverage, a
// network or free shapes, each with a table of its own.
//
// A set is kept in the database, one for each person and layer, so that it
// survives a reload, a lost connection and a restart of the server, and so that
// others see who edits where. Its shapes are in the CRS of the layer, exact.
package working
