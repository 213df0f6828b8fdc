// Package directory reads the directories of UN/EDIFACT as UNECE publishes them
// and writes them in the format of package guide: one dictionary and a guide for
// each message.
//
// # Nouns
//
// A directory is a ZIP file, often with further ZIP files inside, of texts for
// the eye: lists of data elements (EDED or TRED), composites (EDCD or TRCD),
// segments (EDSD or TRSD), code lists (UNCL), their counterparts for interactive
// EDI (IDCD, IDSD), and a specification for each message. An outlet is where the
// guides go: a Folder, or Memory.
//
// # One flow
//
//	report, err := directory.Import(zip, size, directory.Folder("guides"), directory.Options{})
//	library := guide.NewLibrary(os.DirFS("guides"), sets.Files())
//
// # Why it is so
//
// The texts have changed their layout several times: column positions, line
// drawing in code page 437 or in ASCII, repetition columns, names that wrap,
// marks of change before a line. What has not changed is what a line says, so
// lines are recognised by their words, and the nesting of segment groups by how
// many bars a line has at its end. Everything that comes out has been compiled
// once; what does not compile is reported and left out.
package directory
