package sets

import "embed"

//go:embed x12 edifact
var files embed.FS

// Files are the definitions, laid out as guide.NewLibrary reads them:
// x12/004010/867/guide, edifact/d96a/ORDERS/guide and the dictionaries beside.
func Files() embed.FS { return files }
