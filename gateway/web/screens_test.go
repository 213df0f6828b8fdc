package web

import (
	"context"
	_ "embed"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"fondaco/gateway/sdl"
	"fondaco/gateway/web/browsertest"
	"fondaco/partners"
	"fondaco/policy"
	"fondaco/schema"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

//go:embed testdata/audit.js
var audit string

//go:embed testdata/texts.js
var texts string

// rawFile is an EDI file as the node of a firm gives its bytes.
const rawFile = "ISA*00*          *00*          *ZZ*LUSODIST       *01*364128874      *261101*0900*U*00401*000000007*0*P*>~GS*PT*LUSODIST*MAKERPL*20261101*0900*7*X*004010~" +
	"ST*867*0001~BPT*00*R1*20261101~DTM*090*20261350~SE*4*0001~GE*1*7~IEA*1*000000007~"

// furnish gives the house something for each screen, and says where they are
// and what on them shows that they are there.
func (h *house) furnish() []screen {
	customer := h.customer(h.zofia).ID
	h.Create(h.zofia, schema.Contacts, partners.Values{"customer": customer, "name": "Marta Nunes", "jobTitle": "Direção", "email": "marta@aguas.example", "phone": "+351 21 000 0000"})
	h.Create(h.zofia, schema.Tasks, partners.Values{"customer": customer, "title": "Krzywe", "dueOn": schema.DateOf(time.Now().AddDate(0, 0, -3)), "assignee": h.zofia.User.ID()})
	h.Create(h.zofia, schema.Interactions, partners.Values{
		"customer": customer, "interactionType": "CALL", "occurredAt": time.Now().Add(-time.Hour), "subject": "Rozmowa", "direction": "INBOUND", "participants": []string{"Marta Nunes"},
		"audience": "FIRMS", "audienceFirms": []schema.ID{h.tiago.Firm.ID()},
	})
	h.Create(h.zofia, schema.Documents, partners.Values{"customer": customer, "title": "Oferta", "documentType": "PROPOSAL", "status": "ACTIVE"})
	h.Create(h.zofia, schema.Products, partners.Values{"name": "WP-80", "partNumber": "WP-80", "listPrice": money(h.t, "1480"), "orderable": false})
	h.Create(h.zofia, schema.Promotions, partners.Values{"name": "Wiosna", "startsOn": schema.DateOf(time.Now()), "endsOn": schema.DateOf(time.Now().AddDate(0, 1, 0))})
	deal := h.Create(h.tiago, schema.DealRegistrations, partners.Values{
		"addressedTo": h.zofia.Firm.ID(), "name": "Estação", "companyName": "Águas do Tejo", "companyCountry": "PT", "companyVatId": "PT501234567",
		"estimatedDealSize": money(h.t, "70000"), "estimatedCloseOn": schema.DateOf(time.Now().AddDate(0, 3, 0)),
	})
	h.Do(h.tiago, partners.Command{Verb: "submit", Kind: schema.DealRegistrations, ID: deal})
	file := h.Create(policy.System(h.zofia.Firm), schema.Interchanges, partners.Values{
		"addressedTo": h.tiago.Firm.ID(), "fileName": "867.edi", "flow": "RECEIVED", "state": "REJECTED", "standard": "X12 004010", "controlNumber": "000000007",
		"sender": "ZZ LUSODIST", "receiver": "01 364128874", "exchangedAt": time.Now(), "sha256": strings.Repeat("0", 64), "size": int64(len(rawFile)),
		"findings": json.RawMessage(`[{"severity":"error","code":"8","message":"Data","remedy":"20261130","position":` + itoa(strings.Index(rawFile, "20261350")) + `,"length":8,"line":5,"path":"ISA[1]/GS[1]/ST[1]/DTM[1]/02"}]`),
	})
	h.mux.HandleFunc("GET /trading/interchanges/", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(rawFile)) })
	agreement := h.agreement()
	h.Create(h.zofia, schema.Grants, partners.Values{"sharingAgreement": agreement, "recordKind": "Customer", "recordId": customer.String()})
	partner := sdl.GlobalID(schema.Firms, h.tiago.Firm.ID())
	h.setRules("p, role:SALES, " + h.zofia.Firm.String() + ", Customer, export, firm, *, deny\np, role:SALES, " + h.zofia.Firm.String() + ", Customer, export, firm, *, deny")
	at := func(area string, k *schema.Kind, id schema.ID) string { return "/" + area + "/" + sdl.GlobalID(k, id) }
	return []screen{
		{"/customers", "Águas do Tejo", ""}, {"/customers", "Águas do Tejo", "c"}, {"/customers", "Águas do Tejo", "?"},
		{at("customers", schema.Customers, customer), "Krzywe", ""}, {at("customers", schema.Customers, customer), "Krzywe", "e"},
		{at("customers", schema.Customers, customer), "Krzywe", "s"}, {at("customers", schema.Customers, customer), "Krzywe", "n"},
		{"/tasks", "Krzywe", ""}, {"/tasks", "Krzywe", "c"}, {"/deals", "Estação", ""}, {"/deals", "Estação", "c"},
		{at("deals", schema.DealRegistrations, deal), "Estação", ""}, {"/goods/products", "WP-80", ""}, {"/goods/promotions", "Wiosna", "c"},
		{"/files", "867.edi", ""}, {at("files", schema.Interchanges, file), "20261350", "j"}, {"/sharing", "Agreement", ""}, {"/sharing", "Agreement", "i"},
		{"/sharing/new", "Lusobombas", ""}, {at("sharing", schema.SharingAgreements, agreement), "Águas do Tejo", ""}, {"/nowhere/at/all", "", ""},
		{at("access", schema.Customers, customer), "Águas do Tejo", ""}, {at("access", schema.Customers, customer) + "?field=annualRevenue&as=" + partner, "Lusobombas", ""},
		{"/partners/" + partner, "Agreement", ""}, {"/rules", "role:SALES", ""},
	}
}

// screen is an address, something that is on it once it is there, and a key
// that opens something more.
type screen struct{ path, shows, key string }

func itoa(n int) string {
	b, err := json.Marshal(n)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// agreement gives the one sharing agreement of the house.
func (h *house) agreement() schema.ID {
	h.t.Helper()
	pages, err := h.Read(policy.With(h.t.Context(), h.zofia), &partners.Plan{Kind: schema.SharingAgreements, First: 1})
	if err != nil || len(pages[0].Rows) != 1 {
		h.t.Fatalf("read the agreement: %v, %v", pages, err)
	}
	return pages[0].Rows[0].ID
}

// visit goes to a screen and waits until it rests.
func (w *tab) visit(s screen) {
	w.t.Helper()
	w.script(`history.pushState(null, "", ` + quote(s.path) + `); dispatchEvent(new PopStateEvent("popstate"))`)
	w.wait("see "+s.path, `!document.querySelector("dialog[open]") && page.includes(`+quote(s.shows)+`)`)
	if s.key != "" {
		w.press(s.key)
		w.wait("open "+s.key, `document.querySelector("dialog[open]") || document.activeElement?.id === "note" || document.querySelector("mark.chosen")`)
	}
	w.do("rest", chromedp.Evaluate(`new Promise(done => { let n = 0; const look = () => document.querySelector(".waiting, [aria-busy=true]") || n++ < 4 ? setTimeout(look, 30) : done(); look() })`, nil, awaited))
}

// leave closes what a screen has opened.
func (w *tab) leave(s screen) {
	w.t.Helper()
	if s.key == "" {
		return
	}
	w.script(`[...document.querySelectorAll("dialog[open]")].at(-1)?.dispatchEvent(new Event("cancel", {cancelable: true})); document.activeElement?.blur()`)
	w.wait("close", `!document.querySelector("dialog[open]")`)
}

// TestScreensAreForEverybody goes through all screens, narrow and wide, and wide
// ones in the dark, and looks for what keeps people from working: what does not fit,
// has no name, cannot be read or does not show its focus.
func TestScreensAreForEverybody(t *testing.T) {
	t.Parallel()
	browsertest.Need(t)
	h := openHouse(t)
	list := h.furnish()
	zofia := h.enter("zofia", h.zofia, "/customers")
	zofia.see("Águas do Tejo")
	zofia.press("Tab") // who uses keys is shown where they are
	for _, width := range []int64{360, 1280} {
		zofia.do("be so wide", emulation.SetDeviceMetricsOverride(width, 780, 1, false))
		for i, s := range list {
			zofia.look("light")
			zofia.visit(s)
			for _, scheme := range []string{"light", "dark"} {
				if scheme == "dark" && width < 1000 {
					continue // the colours are those of the wide ones
				}
				zofia.look(scheme)
				var found []string
				zofia.do("audit", chromedp.Evaluate(audit, &found))
				if scheme == "light" { // names have no colours
					found = append(found, zofia.nameless()...)
				}
				for _, f := range found {
					t.Errorf("%d wide, %s, %s %s: %s", width, scheme, s.path, s.key, f)
				}
				zofia.shoot(scheme + "-" + itoa(int(width)) + "-" + itoa(i))
			}
			zofia.leave(s)
		}
	}
}

// look shows the page to somebody who likes it light or dark, and at rest.
func (w *tab) look(scheme string) {
	w.t.Helper()
	w.do(scheme, emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}))
}

// nameless lists what can be used and has no name, as the browser tells it to
// those who listen.
func (w *tab) nameless() []string {
	w.t.Helper()
	var nodes []*accessibility.Node
	w.do("read the tree", chromedp.ActionFunc(func(ctx context.Context) error {
		var err error
		nodes, err = accessibility.GetFullAXTree().Do(ctx)
		return err
	}))
	named := []string{"button", "link", "textbox", "searchbox", "combobox", "checkbox", "radio", "listbox", "option", "spinbutton", "dialog", "navigation", "img", "progressbar", "DisclosureTriangle", "Date", "DateTime"}
	var list []string
	for _, n := range nodes {
		if n.Ignored || n.Role == nil || !slices.Contains(named, text(n.Role)) || strings.TrimSpace(text(n.Name)) != "" {
			continue
		}
		list = append(list, "a "+text(n.Role)+" has no name: "+describe(n))
	}
	return list
}

func text(v *accessibility.Value) string {
	if v == nil {
		return ""
	}
	var s string
	if json.Unmarshal(v.Value, &s) != nil {
		return string(v.Value)
	}
	return s
}

// TestNothingStaysEnglish shows all screens in a language that nobody speaks:
// what is in brackets comes from the catalogue, and what is not must be data,
// or a number or a day.
func TestNothingStaysEnglish(t *testing.T) {
	t.Parallel()
	browsertest.Need(t)
	h := openHouse(t)
	list := h.furnish()
	zofia := h.enter("zofia", h.zofia, "/customers")
	zofia.see("Águas do Tejo")
	zofia.script(`localStorage.setItem("fondaco.locale", "en-XA")`)
	zofia.do("narrow", emulation.SetDeviceMetricsOverride(360, 780, 1, false), chromedp.Reload())
	zofia.wait("see the other language", `page.includes("⟦")`)
	// What the house is furnished with, the product's own name, standards, and how Poles write days and countries.
	data := regexp.MustCompile(`(?i)Wisła Pompy|Lusobombas|Águas do Tejo|Admin of|Marta Nunes|Direção|Krzywe|Rozmowa|Oferta|WP-80|Wiosna|Estação|867\.edi|Agreement|Partnership|[-\w.]+@[\w.]+|Fondaco|GTIN|SHA-256|X12|ZZ LUSODIST|` +
		`Portugalia|Polska|UTC|Lisboa|PT\d+|EUR|PLN|GBP|USD|CHF|CZK|SEK|DKK|NOK|RON|HUF|Data|bajt\w*|kB|\b(godz|min|dni|dzień|temu|wczoraj|jutro|za)\b|\b(sty|lut|mar|kwi|maj|cze|lip|sie|wrz|paź|lis|gru)\b|⟦[^⟧]*⟧`)
	nested := regexp.MustCompile(`⟦[^⟦⟧]*⟧`)
	words := regexp.MustCompile(`\p{L}{2,}`)
	for _, s := range list {
		s.shows = strings.ReplaceAll(s.shows, "Agreement", "")
		zofia.visit(s)
		var all []string
		zofia.do("read", chromedp.Evaluate(texts, &all))
		for _, one := range all {
			rest := one
			for nested.MatchString(rest) { // a text in brackets may hold others
				rest = nested.ReplaceAllString(rest, " ")
			}
			if left := data.ReplaceAllString(rest, " "); words.MatchString(left) {
				t.Errorf("%s %s: %q does not come from the catalogue", s.path, s.key, one)
			}
		}
		var wide int
		zofia.do("measure", chromedp.Evaluate(`document.documentElement.scrollWidth`, &wide))
		if wide > 360 {
			t.Errorf("%s %s: with longer words the page is %d wide, more than 360", s.path, s.key, wide)
		}
		zofia.shoot("pseudo" + strings.ReplaceAll(s.path+s.key, "/", "-")[:min(24, len(s.path+s.key))])
		zofia.leave(s)
	}
}

// describe tells a node without a name from others by what it has.
func describe(n *accessibility.Node) string {
	var all []string
	for _, p := range n.Properties {
		all = append(all, string(p.Name)+"="+text(p.Value))
	}
	return strings.Join(all, " ")
}

// TestLanguagesAreChosenOnScreen changes the language where it is chosen, and
// sees that it stays, with words, days and amounts as they are written there.
func TestLanguagesAreChosenOnScreen(t *testing.T) {
	t.Parallel()
	browsertest.Need(t)
	h := openHouse(t)
	list := h.furnish()
	zofia := h.enter("zofia", h.zofia, "/customers")
	zofia.see("Águas do Tejo")
	zofia.do("narrow", emulation.SetDeviceMetricsOverride(360, 780, 1, false))
	label := "Language"
	for _, language := range []struct{ code, label, customers, money string }{
		{"pt", "Idioma", "1 cliente", "1480,00\u00a0€"}, {"pl", "Język", "1 klient", "1480,00\u00a0€"},
		{"fr", "Langue", "1 client", "1\u202f480,00\u00a0€"}, {"es", "Idioma", "1 cliente", "1480,00\u00a0€"},
	} {
		zofia.visit(screen{"/customers", "Águas do Tejo", "?"})
		zofia.fill(label, language.code)
		zofia.wait("see "+language.code, `document.documentElement.lang === `+quote(language.code))
		label = language.label
		zofia.leave(screen{key: "?"})
		zofia.do("reload", chromedp.Reload())
		zofia.see(language.customers)
		zofia.visit(screen{"/goods/products", "WP-80", ""})
		zofia.see(language.money)
		for _, s := range []screen{list[3], list[11], list[18], list[19]} {
			zofia.visit(s)
			var found []string
			zofia.do("audit", chromedp.Evaluate(audit, &found))
			for _, f := range found {
				if !strings.Contains(f, "focus") { // which shows only to those who came by keys
					t.Errorf("%s %s: %s", language.code, s.path, f)
				}
			}
			zofia.shoot(language.code + itoa(len(s.path)))
		}
	}
}
