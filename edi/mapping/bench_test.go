package mapping_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"fondaco/edi/mapping"
	"fondaco/edi/sets"
)

// BenchmarkJSON reads, validates and maps a file of a hundred reports with a hundred lines each.
func BenchmarkJSON(b *testing.B) {
	lib, _ := report(b)
	maps := mapping.NewLibrary(sets.Files())
	var body strings.Builder
	segments := 3
	for i := range 100 {
		fmt.Fprintf(&body, "PTD*SS~\nDTM*003*20240402~\nREF*IV*FT %d~\nN1*EN*Hospital de Braga EPE*92*E%d~\nN4*Braga**4710-243*PT~\n"+
			"QTY*32*3~\nLIN*%d*VP*MX-AP-650*UP*036000291452~\nUIT*EA*412.50~\nREF*SE*MX650A%d~\n", i, i, i+1, i)
		segments += 9
	}
	var file strings.Builder
	file.WriteString("ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *240408*0612*U*00401*000000001*0*P*>~\n" +
		"GS*PT*SENDER*RECEIVER*20240408*0612*1*X*004010~\n")
	for i := range 100 {
		fmt.Fprintf(&file, "ST*867*%04d~\nBPT*00*R1*20240408*02~\n%sSE*%d*%04d~\n", i+1, body.String(), segments, i+1)
	}
	file.WriteString("GE*100*1~\nIEA*1*000000001~\n")
	data := []byte(file.String())
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if err := mapping.JSON(io.Discard, bytes.NewReader(data), lib, maps); err != nil {
			b.Fatal(err)
		}
	}
}
