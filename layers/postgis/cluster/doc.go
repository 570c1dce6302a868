// Package cluster keeps a private PostGIS cluster under the data folder of a
// server that was given no database: made by initdb on first use, reachable
// over a unix socket only, started with its first user and stopped with its
// last.
//
// Several processes may use one cluster, a server and some commands. Each holds
// a shared lock on postgres/users.lock. Exactly one of them owns the cluster, by
// a lock on postgres/owner.lock: it starts PostgreSQL and starts it again when
// it dies. When the owner ends before the others, or is killed, another of them
// becomes the owner and PostgreSQL goes on running. The last user to end stops
// it; PostgreSQL whose users were all killed is adopted by the next.
package cluster
