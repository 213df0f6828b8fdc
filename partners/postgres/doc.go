// Package postgres runs a private PostgreSQL server out of the binaries that a machine has, for the demo, for a trial on
// one host, and for tests. It is not the way to run in production: there, give the program a DATABASE_URL and start
// nothing.
//
// # Nouns
//
// [Binaries] are the programs initdb and postgres of one installation; [Find] looks for them. A [Cluster] is one running
// server with its data, started by [Open] as a child of this process and ended by [Cluster.Stop]. An [Address] is how one
// talks to a cluster: a Unix socket in a folder that only its owner may enter. There is no TCP port, hence nothing to
// collide with and no password to keep. [Join] gives the address of a cluster that another process runs.
//
// # One flow
//
//	Open(dir) -> owner lock -> PG_VERSION -> Find -> choose the account -> clear what a crash left
//	          -> initdb beside, rename into place -> postgres -> "ready" in postmaster.pid -> *Cluster
//
// The folder given to [Open] is laid out as
//
//	owner.lock     flock of the process that runs the cluster, with its process id
//	data/          the data directory, owned by the account that runs the server
//	data.fresh     there while data/ has not come to the disk for the first time
//	run/           the socket (or, when that path would be over 107 bytes, a private folder under the temporary one)
//	postgres.log   what the server says
//
// # Why it is so
//
// PostgreSQL refuses to run as root. A program started by root therefore runs the server under another account (the
// distribution's postgres, else nobody); where that account cannot reach the data, because a parent folder is closed to
// it, the server runs in a user namespace in which root is called by another name. The owner of data/ records the choice:
// later starts follow it. Root is better off with data under /var/lib than under its closed home folder, since a server in
// a namespace still holds root's rights over files.
//
// The server is a direct child with a parent-death signal, so that killing the program with -9 ends the server too. Where
// that did not work, [Open] finds what is left by the working directory of the processes, never by a process id alone,
// since ids are reused.
//
// A half-done initdb leaves no data/ behind: it works in a folder of its own and is renamed into place when it is done. The
// data come to the disk while the server starts and is already used, which on a slow disk takes longer than all the rest;
// [Cluster.Flushed] tells when they are there, and data that were cut off before that are made again. fsync is on unless
// [Options.Unsafe] says that the data may be lost.
package postgres
