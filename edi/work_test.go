package edi

import (
	"io"
	"strings"
	"testing"
)

// Inputs made to be slow: what is done about them grows with their length alone.
// Twice the input takes twice the looks at its bytes.
func TestWorkGrowsWithTheInputAlone(t *testing.T) {
	t.Parallel()
	isa := "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *240408*0612*U*00401*000000001*0*P*>~"
	unpadded := "ISA*00**00**ZZ*S*ZZ*R*240408*0612*U*00401*1*0*P*>~"
	unb := "UNB+UNOC:3+A+B+240408:0612+1'"
	for name, c := range map[string]struct{ start, again string }{
		"headers without end":           {isa, "ISA*"},
		"interchanges without segments": {"", unpadded},
		"damage before each header":     {isa, "? " + unpadded},
		"headers inside damage":         {isa + "?", " " + strings.Replace(unpadded, "~", "|", 1)},
		"words like headers":            {isa + "IEA*0*1~", "ISA UNA UNB STX= "},
		"words like headers, inside":    {isa + "?", "ISA UNA UNB STX= "},
		"headers as elements":           {isa + "N1*", "*ISA"},
		"a long segment of headers":     {unb + "FTX+", " UNB+UNOC"},
		"no terminator":                 {isa, "x"},
		"only separators":               {isa, "*"},
		"only terminators":              {isa, "~"},
		"white space":                   {isa, " \n"},
		"white space between headers":   {isa + "IEA*0*1~", "\n \n I"},
		"binary that never ends":        {isa, "BIN*900000*x~"},
		"binary in lies":                {isa, "BIN*3*x~"},
		"stray segments":                {isa, "SE*1~ST~GS~GE~"},
		"release characters":            {unb, "?"},
		"released terminators":          {unb, "FTX+?'?'?'?'"},
		"releases in each segment":      {unb, "FTX+a?+b'"},
		"service string advices":        {unb, "UNA:+.? '"},
		"terminators of two bytes":      {strings.TrimSuffix(isa, "~") + "\r\n", "N1*\r*\r"},
		"tags that are none":            {isa, "?*~"},
		"noise":                         {isa + "IEA*0*000000001~", "noise and more noise "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			work := func(size int) int64 {
				r := NewReader(strings.NewReader(c.start+strings.Repeat(c.again, size/len(c.again))), Options{})
				for {
					if _, err := r.Next(); err == io.EOF {
						return r.work
					} else if err != nil {
						t.Fatal(err)
					}
				}
			}
			size := 64 << 10
			if testing.Short() {
				size /= 4
			}
			once, twice := work(size), work(2*size)
			if twice > 5*once/2+16<<10 {
				t.Errorf("%d looks at an input, %d at one of twice the size", once, twice)
			}
			if most := int64(2*maxHeader + 100); once > most*int64(size) {
				t.Errorf("%d looks at each byte, want at most %d", once/int64(size), most)
			}
		})
	}
}
