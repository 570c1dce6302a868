// Package cluster keeps a private PostGIS cluster under the data folder of a
// server that was given no database: made by initdb on first use, reachable
// over a unix socket only, started and stopped with its owner.
//
// Exactly one process owns a cluster, by a lock on postgres/owner.lock: it
// starts PostgreSQL, watches it, and stops it. Others use what the owner runs.
package cluster
