// Command fondaco runs Fondaco: a node, a demo of two, and the tools of its
// operators.
//
// It is the only place where the rooms of the house meet. A program is one
// node: it opens the database and the service on it, and puts the doors side
// by side on one listener; see program.go. The demo opens two of them on a
// private PostgreSQL and tells them a story; see demo.go. Other commands work
// on a node's data directly, or ask a running node at the control socket in
// its data folder; see control.go.
//
// Settings come from flags, the environment and a file, in this order; see
// settings.go. Errors name cause and remedy, and end with an exit code of
// exit.go. The manual is in help/ and comes with the program.
package main
