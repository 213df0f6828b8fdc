package mapping_test

import (
	"fmt"
	"strings"

	"fondaco/edi/guide"
	"fondaco/edi/mapping"
	"fondaco/edi/sets"
)

// A report of what was sold on is read, and an error in it corrected in place.
func Example() {
	file := `ISA*00*          *00*          *ZZ*LUSODIST       *01*364128874      *240408*0612*U*00401*000000417*0*P*>~
GS*PT*LUSODIST*MAKERPL*20240408*0612*417*X*004010~
ST*867*0001~
BPT*00*POS-2024-14*20240408~
PTD*SS~
REF*IV*FT 2024/10231~
N1*EN*Hospital de Braga~
QTY*32*3~
LIN*1*VP*MX-AP-650~
SE*8*0001~
GE*1*417~
IEA*1*000000417~`
	guides := guide.NewLibrary(sets.Files())
	docs, _, err := mapping.Documents(strings.NewReader(file), guides, guide.Options{})
	if err != nil {
		panic(err)
	}
	m, err := mapping.NewLibrary(sets.Files()).Map(docs[0].Guide)
	if err != nil {
		panic(err)
	}
	o, _ := m.Decode(docs[0])
	line := o.Objects("sales")[0].Objects("lines")[0]
	fmt.Println(line.Text("quantity"), line.Text("partNumber"), "from", line.Origin("partNumber").Path())

	line.Field("quantity").Text = "30"
	changed, err := m.Put(o, docs[0])
	if err != nil {
		panic(err)
	}
	fmt.Println(strings.Split(string(changed.Bytes()), "\n")[6])
	// Output:
	// 3 MX-AP-650 from ISA[1]/GS[1]/ST[1]/PTD[1]/QTY[1]/LIN#7/03
	// QTY*32*30~
}
