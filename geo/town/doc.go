// Package town invents a French town: commune, cadastral sections, street blocks,
// parcels, buildings, streets, addresses with their inhabitants, place names and a river.
//
// The same [Options] always give the same town, to the last bit, whatever the number of
// processors. (Between processor families Go may fuse floating-point operations, and a
// town may then differ.) Nothing in it is copied from a real place; names are combinations
// of common words.
//
// Coordinates are Lambert-93 (EPSG:2154) metres on an exact 1 mm grid: every ordinate is
// the double nearest to a decimal with three places. All construction is done on whole
// millimetres, and land is divided by adding edges to a planar subdivision, so that
// neighbours share their vertices, T-junctions included:
//
//   - the sections tile the commune, edge for edge;
//   - the parcels of a block tile the block, edge for edge;
//   - what lies between the blocks is public ground (streets, squares, river) and is in no parcel;
//   - a building lies in one parcel and overlaps no other building.
package town
