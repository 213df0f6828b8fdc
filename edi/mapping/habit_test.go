package mapping_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fondaco/edi/guide"
	"fondaco/edi/mapping"
	"fondaco/edi/sets"
)

// linesOf are the lines of an order, each as JSON.
func linesOf(t *testing.T, file string, guides *guide.Library, maps *mapping.Library) []string {
	t.Helper()
	var out bytes.Buffer
	if err := mapping.JSON(&out, strings.NewReader(file), guides, maps); err != nil {
		t.Fatal(err)
	}
	var order struct {
		Record struct{ Lines []json.RawMessage }
	}
	if err := json.Unmarshal(out.Bytes(), &order); err != nil {
		t.Fatalf("%v in %s", err, out.Bytes())
	}
	var all []string
	for _, l := range order.Record.Lines {
		all = append(all, string(l))
	}
	return all
}

// TestHabits: a line reads as it does alone, whatever the lines before it were
// like, whose way of reading is remembered.
func TestHabits(t *testing.T) {
	t.Parallel()
	guides, maps := guide.NewLibrary(sets.Files()), mapping.NewLibrary(sets.Files())
	for _, c := range []struct {
		name, head, tail string
		lines            []string
	}{
		{
			"850", "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *240408*0612*U*00401*000000001*0*P*>~\n" +
				"GS*PO*SENDER*RECEIVER*20240408*0612*1*X*004010~\nST*850*0001~\nBEG*00*SA*1**20240408~\n", "SE*9*0001~\nGE*1*1~\nIEA*1*000000001~\n",
			[]string{
				"PO1*1*1*EA*1**BP*A*VP*B*UP*C~\n", "PO1*2*1*EA*1**BP*A*VP*D*UP*E~\n", "PO1*3*1*EA*1**BP*A*VP**UP*E~\n",
				"PO1*4*1*EA*1**BP*A*MG*B*VP*F~\n", "PO1*5*1*EA*1**BP*A*MG*B*VP*~\n", "PO1*6*1*EA*1**BP*A*MG*B*VP*F~\n", "PO1*7*1*EA*1**VP*A*MG*B*UP*F~\n",
				"PO1*8*1*EA*1**VP*A*MG*B~\n", "PO1*9*1*EA*1**VP*A*MG*B*ZZ*1~\n", "PO1*10*1*EA*1**VP*A*MG*B*UP*1*UK*2~\n", "PO1*11*1*EA*1**VPVPVPVP*A*MG*B~\n",
				"PO1*12*1*EA*1**BP*A*VP*B*UP*C~\nREF*CT*1~\nREF*PR*2~\n", "PO1*13*1*EA*1**BP*A*VP*B*UP*C~\nREF*PR*2~\nREF*CT*1~\n",
				"PO1*17*1*EA*1~\nDTM*002*20240415~\n", "PO1*18*1*EA*1~\nDTM*002*20240230~\n", "PO1*19*1*EA*1~\nDTM*002*20240416~\nDTM*002*20240415~\n",
				"PO1*20*1*EA*1~\nSAC*C*D240***1250~\nSAC*A*D240***1250~\nSAC*a*D240***x~\nSCH*1.50*EA***002*20240415~\n",
				"PO1*14*1*EA*1~\n", "PO1*15*1*EA*1**BP**VP*B*UP*C~\n", "PO1*16*1*EA*1**BP*\"*VP*B*UP*C~\n",
			},
		},
		{
			"ORDERS", "UNB+UNOC:3+S:14+R:14+240331:1805+1'\nUNH+1+ORDERS:D:96A:UN'\nBGM+220+1+9'\nDTM+137:20240331:102'\n", "UNS+S'\nUNT+9+1'\nUNZ+1+1'\n",
			[]string{
				"LIN+1++A:EN'\nPIA+1+B:SA+C:IN'\n", "LIN+2++A:EN'\nPIA+5+D:SA+E:IN'\n", "LIN+3++A:EN'\nPIA+1+B:SA+:IN'\n", "LIN+4++A:EN'\nPIA+1+B:MF+C:SA'\n",
				"LIN+5++A:EN'\nPIA+1+B:MF+?+C:SA'\n", "LIN+6++A:EN'\nPIA+1+B:MF+C??:SA'\n", "LIN+7++A'\nPIA+1+B+C:SA'\n", "LIN+8++A:EN:1'\nPIA+1+B:MF+C:SA'\n",
				"LIN+9++A:EN'\nPIA+1+B:SA+C:IN+D:BP+E:VP+F:MF'\nPIA+5+G:BP'\n", "LIN+10++A:EN'\nIMD+F++:::Bolt'\n", "LIN+11++A:EN'\nIMD+F++:::Bolt 4??'\nQTY+21:4:PCE'\n",
				"LIN+12++A:EN'\nIMD+F++:::?:?'\nQTY+21:4.0:PCE'\n", "LIN+13++A:EN'\nIMD+F++1:2::" + strings.Repeat("long ", 14) + "?+?+'\nPIA+1+B:SA+C:IN'\n",
				"LIN+14++A?::EN'\nPIA+1+B:SA+C:IN'\n", "LIN+15++?:A:E?N'\nPIA+1+B:S?A+C:IN'\nQTY+2?1:7:PCE'\nPIA+?1+Z:BP'\n",
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			alone := map[string]string{}
			for _, l := range c.lines {
				alone[l] = fmt.Sprint(linesOf(t, c.head+l+c.tail, guides, maps))
			}
			for i := range c.lines {
				for j := range c.lines {
					pick := []string{c.lines[i], c.lines[i], c.lines[j], c.lines[(i+j)%len(c.lines)], c.lines[i]}
					got := linesOf(t, c.head+strings.Join(pick, "")+c.tail, guides, maps)
					if len(got) != len(pick) {
						t.Fatalf("%d lines were read of %d", len(got), len(pick))
					}
					for n, l := range pick {
						if diff := cmp.Diff(alone[l], "["+got[n]+"]"); diff != "" {
							t.Fatalf("%q behind %q differs (-alone +behind):\n%s", l, pick[:n], diff)
						}
					}
				}
			}
		})
	}
}
