package sets

import "embed"

//go:embed x12
var files embed.FS

// Files are the definitions, laid out as guide.NewLibrary reads them:
// x12/004010/dictionary and x12/004010/867/guide.
func Files() embed.FS { return files }
