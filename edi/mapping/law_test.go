package mapping_test

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"fondaco/edi/guide"
	"fondaco/edi/mapping"
)

// drawRecord makes a record that an 867 can state, as canonical JSON.
func drawRecord(t *rapid.T) map[string]any {
	o := map[string]any{
		"purpose":    rapid.SampledFrom([]string{"original", "replacement", "ZZ"}).Draw(t, "purpose"),
		"reportedOn": drawDate(t),
	}
	maybe(t, o, "reportNumber", drawText(30))
	maybe(t, o, "reportType", rapid.SampledFrom([]string{"daily", "weekly"}))
	maybe(t, o, "currency", rapid.SampledFrom([]string{"EUR", "PLN"}))
	maybe(t, o, "periodStartsOn", rapid.Custom(drawDate))
	maybe(t, o, "periodEndsOn", rapid.Custom(drawDate))
	maybe(t, o, "vendorNumber", drawText(30))
	if rapid.Bool().Draw(t, "distributor") {
		o["distributor"] = drawParty(t, false)
	}
	o["sales"] = list(t, 1, 4, "sales", drawSale)
	return o
}

func list(t *rapid.T, least, most int, label string, draw func(*rapid.T) map[string]any) []any {
	all := make([]any, rapid.IntRange(least, most).Draw(t, label))
	for i := range all {
		all[i] = draw(t)
	}
	return all
}

func drawSale(t *rapid.T) map[string]any {
	kind := rapid.SampledFrom([]string{"sale", "shipAndDebit", "return", "returnToStock", "other"}).Draw(t, "transferType")
	o := map[string]any{"transferType": kind}
	maybe(t, o, "soldOn", rapid.Custom(drawDate))
	maybe(t, o, "invoiceNumber", drawText(30))
	maybe(t, o, "orderNumber", drawText(30))
	if rapid.Bool().Draw(t, "customer") {
		o["endCustomer"] = drawParty(t, true)
	}
	if rapid.Bool().Draw(t, "reseller") {
		o["reseller"] = drawParty(t, true)
	}
	o["lines"] = list(t, 1, 3, "lines", func(t *rapid.T) map[string]any { return drawLine(t, strings.HasPrefix(kind, "return")) })
	return o
}

func drawLine(t *rapid.T, back bool) map[string]any {
	kind := rapid.SampledFrom([]string{"sold", "shipped", "returned", "available"}).Draw(t, "quantityType")
	quantity := rapid.IntRange(-50, 5000).Draw(t, "quantity")
	if (back || kind == "returned") && quantity > 0 {
		quantity = -quantity
	}
	o := map[string]any{"quantityType": kind, "quantity": strconv.Itoa(quantity), "partNumber": drawText(48).Draw(t, "part")}
	maybe(t, o, "lineNumber", drawText(20))
	maybe(t, o, "gtin", rapid.StringMatching(`[0-9]{12,14}`))
	maybe(t, o, "distributorPartNumber", drawText(48))
	maybe(t, o, "description", drawText(80))
	maybe(t, o, "amount", rapid.Custom(drawDecimal))
	maybe(t, o, "registrationNumber", drawText(30))
	maybe(t, o, "authorizationNumber", drawText(30))
	maybe(t, o, "invoiceNumber", drawText(30))
	maybe(t, o, "soldOn", rapid.Custom(drawDate))
	if rapid.Bool().Draw(t, "priced") {
		o["unitOfMeasure"], o["unitPrice"] = "EA", drawDecimal(t)
	}
	if n := rapid.IntRange(0, 3).Draw(t, "serials"); n > 0 {
		o["serialNumbers"] = rapid.SliceOfN(drawText(30), n, n).Draw(t, "serialNumbers")
	}
	return o
}

func drawParty(t *rapid.T, contact bool) map[string]any {
	o := map[string]any{"name": drawText(60).Draw(t, "name")}
	id := rapid.SampledFrom([]string{"", "duns", "gln", "partyNumber", "taxNumber"}).Draw(t, "id")
	if id != "" {
		o[id] = rapid.StringMatching(`[A-Z0-9]{2,13}`).Draw(t, "number")
	}
	maybe(t, o, "street", drawText(55))
	maybe(t, o, "city", drawText(30))
	maybe(t, o, "country", rapid.SampledFrom([]string{"PT", "ES", "POL"}))
	maybe(t, o, "vatId", drawText(30))
	if contact {
		maybe(t, o, "email", rapid.Just("a@b.example"))
		maybe(t, o, "phone", rapid.Just("+351 220"))
		maybe(t, o, "contactName", drawText(60))
	}
	return o
}

func maybe(t *rapid.T, o map[string]any, name string, g *rapid.Generator[string]) {
	if rapid.Bool().Draw(t, name+"?") {
		o[name] = g.Draw(t, name)
	}
}

func drawText(most int) *rapid.Generator[string] {
	return rapid.StringMatching(fmt.Sprintf(`[A-Z][A-Za-z0-9 /.,-]{1,%d}[a-z0-9]`, most-2))
}

func drawDate(t *rapid.T) string {
	return fmt.Sprintf("%d-%02d-%02d", rapid.IntRange(1999, 2030).Draw(t, "y"), rapid.IntRange(1, 12).Draw(t, "m"), rapid.IntRange(1, 28).Draw(t, "d"))
}

func drawDecimal(t *rapid.T) string {
	return rapid.StringMatching(`-?[1-9][0-9]{0,5}(\.[0-9]{1,4})?`).Draw(t, "decimal")
}

// encode makes a document of a record.
func encode(t *rapid.T, m *mapping.Map, record map[string]any) (*mapping.Object, *mapping.Document) {
	text, err := json.Marshal(record)
	if err != nil {
		t.Fatal(err)
	}
	o, err := m.ReadJSON(text)
	if err != nil {
		t.Fatalf("ReadJSON(%s): %v", text, err)
	}
	d, err := m.Encode(o, "0001")
	if err != nil {
		t.Fatalf("Encode(%s): %v", text, err)
	}
	return o, d
}

// reread takes a document through its bytes, with other ways of saying the
// same and things that the map does not name.
func reread(t *rapid.T, lib *guide.Library, d *mapping.Document, disturb bool) *mapping.Document {
	body := string(d.Bytes())
	if disturb {
		for from, to := range map[string]string{
			"\nN1*EN*": "\nN1*ST*", "*VP*": "*MG*", "\nREF*IV*": "\nREF*DI*", "\nPTD*SS~": "\nPTD*SS***VC*7~", "\nDTM*003*": "\nDTM*011*",
		} {
			if rapid.Bool().Draw(t, from) {
				body = strings.ReplaceAll(body, from, to)
			}
		}
		if rapid.Bool().Draw(t, "packed") {
			n := strings.Count(body, "~")
			at := strings.Index(body, "\nLIN*")
			at += strings.IndexByte(body[at:], '~') + 1
			body = body[:at] + "\n PO4*6~" + body[at:] // an indented segment that the map does not name
			body = strings.Replace(body, fmt.Sprintf("\nSE*%d*", n), fmt.Sprintf("\nSE*%d*", n+1), 1)
		}
	}
	file := "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *240408*0612*U*00401*000000001*0*P*:~\n" +
		"GS*PT*SENDER*RECEIVER*20240408*0612*1*X*004010~" + body + "\nGE*1*1~\nIEA*1*000000001~\n"
	docs, rep, err := mapping.Documents(strings.NewReader(file), lib, guide.Options{RequireGuide: true})
	if err != nil || len(docs) != 1 {
		t.Fatalf("Documents() = %d, %v for\n%s", len(docs), err, file)
	}
	if docs[0].Errors > 0 {
		t.Fatalf("%v in\n%s", rep.Interchanges[0].Groups[0].Transactions[0].List, file)
	}
	if got := string(docs[0].Bytes()); got != body {
		t.Fatalf("the document has other bytes:\n%s\nwant\n%s", got, body)
	}
	return docs[0]
}

func TestWhatIsWrittenReadsBack(t *testing.T) {
	t.Parallel()
	lib, m := report(t)
	rapid.Check(t, func(t *rapid.T) {
		o, d := encode(t, m, drawRecord(t))
		back, problems := m.Decode(reread(t, lib, d, false))
		if len(problems) > 0 || !mapping.Equal(o, back) {
			t.Fatalf("Decode(Encode(o)) = %s, want %s (%v)", text(back), text(o), problems)
		}
	})
}

func TestWhatIsPutBackChangesNothing(t *testing.T) {
	t.Parallel()
	lib, m := report(t)
	rapid.Check(t, func(t *rapid.T) {
		_, d := encode(t, m, drawRecord(t))
		read := reread(t, lib, d, true)
		o, _ := m.Decode(read)
		again, err := m.Put(o, read)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := string(again.Bytes()), string(read.Bytes()); got != want {
			t.Fatalf("Put(Decode(d), d) wrote\n%s\nwant\n%s", got, want)
		}
	})
}

func TestWhatIsPutReadsBack(t *testing.T) {
	t.Parallel()
	lib, m := report(t)
	rapid.Check(t, func(t *rapid.T) {
		_, d := encode(t, m, drawRecord(t))
		o, _ := encode(t, m, drawRecord(t))
		put, err := m.Put(o, reread(t, lib, d, true))
		if err != nil {
			t.Fatal(err)
		}
		back, problems := m.Decode(reread(t, lib, put, false))
		if len(problems) > 0 || !mapping.Equal(o, back) {
			t.Fatalf("Decode(Put(o, d)) = %s, want %s (%v)", text(back), text(o), problems)
		}
	})
}

func text(o *mapping.Object) string {
	b, err := json.Marshal(o)
	if err != nil {
		return err.Error()
	}
	return string(b)
}
