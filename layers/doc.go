// Package layers says what a layer is and everything that can be done to its
// features: the layer file, who may see and edit, validation, the one write
// path (Transact), history and search.
//
// A layer is a PostGIS table together with a layer file that says how people
// see it, edit it and may touch it. The package knows no SQL: the store in
// layers/postgis does, behind the Store interface, which exists because the
// store must know the layers and not the other way round.
package layers
