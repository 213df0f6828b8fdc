package web

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"fondaco/gateway"
	"fondaco/gateway/auth"
	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// house is a node with two firms, a maker and its distributor, as it is
// served: the app, the sign-in and the gateway.
type house struct {
	*partnerstest.Node
	t            *testing.T
	url          string
	auth         *auth.Service
	zofia, tiago policy.Principal
}

const terms = `[{"kind":"Customer","level":"GRANTED","actions":["read","comment","attach"],"classes":["personal"]},
	{"kind":"Interaction","level":"CHILDREN","actions":["read","comment"]},
	{"kind":"Document","level":"CHILDREN","actions":["read","attach"]},
	{"kind":"DocumentVersion","level":"CHILDREN","actions":["read"]}]`

func openHouse(t *testing.T) *house {
	t.Helper()
	h := &house{Node: partnerstest.Open(t), t: t}
	h.zofia, h.tiago = h.Firm("Wisła Pompy", "PL"), h.Firm("Lusobombas", "PT")
	h.Share(h.zofia, h.tiago, h.Partnership(h.zofia, h.tiago), terms)
	h.Create(h.zofia, schema.Customers, partners.Values{
		"name": "Águas do Tejo", "customerType": "ORGANISATION", "status": "ACTIVE", "city": "Lisboa", "country": "PT",
		"email": "geral@aguas.example", "annualRevenue": money(t, "1250000"), "vatId": "PT501234567",
	})
	h.auth = auth.New(auth.Options{Pool: h.Pool(), Principals: h.Service, NodeID: t.Name(), Listen: "127.0.0.1:0"})
	g, err := gateway.New(gateway.Options{Partners: h.Service, Authenticator: h.auth, Key: make([]byte, 32)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	stopped := make(chan error, 1)
	go func() { stopped <- g.Run(ctx) }()
	mux := http.NewServeMux()
	mux.Handle("/", Handler())
	mux.Handle("/auth/", h.auth.Handler())
	for _, path := range []string{"/graphql", "/upload/", "/download/"} {
		mux.Handle(path, g.Handler())
	}
	server := httptest.NewServer(mux)
	h.url = server.URL
	t.Cleanup(func() {
		cancel()
		if err := <-stopped; err != nil {
			t.Errorf("run gateway: %v", err)
		}
		server.CloseClientConnections()
		server.Close()
	})
	return h
}

func money(t *testing.T, amount string) schema.Money {
	t.Helper()
	m, err := schema.ParseMoney(amount, "EUR")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// tab is the browser of one person.
type tab struct {
	ctx context.Context //nolint:containedctx // it is how chromedp names a tab
	t   *testing.T
	who string
}

// enter opens a browser and signs a person in by a one-time link.
func (h *house) enter(who string, p policy.Principal, to string) *tab {
	h.t.Helper()
	if err := h.auth.Enrol(h.t.Context(), auth.Account{User: p.User.ID(), Firm: p.Firm, Email: who + "@example.com"}); err != nil {
		h.t.Fatal(err)
	}
	link, err := h.auth.CreateLink(h.t.Context(), p.User.ID(), time.Minute, to)
	if err != nil {
		h.t.Fatal(err)
	}
	w := &tab{browser(h.t), h.t, who}
	chromedp.ListenTarget(w.ctx, func(event any) {
		if called, ok := event.(*runtime.EventConsoleAPICalled); ok {
			for _, said := range called.Args {
				h.t.Logf("%s's console: %s", who, said.Value)
			}
		}
	})
	w.do("enter", emulation.SetDeviceMetricsOverride(1280, 800, 1, false), chromedp.Navigate(h.url+link))
	return w
}

func (w *tab) do(what string, actions ...chromedp.Action) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, 15*time.Second)
	defer cancel()
	if err := chromedp.Run(ctx, actions...); err != nil {
		var page string
		_ = chromedp.Run(w.ctx, chromedp.Evaluate(`document.body.innerText`, &page))
		w.shoot("failed")
		w.t.Fatalf("%s: %s: %v; on the page:\n%s", w.who, what, err, page)
	}
}

// see waits until a text is on the page, miss until it is not.
func (w *tab) see(text string) { w.t.Helper(); w.wait("see "+text, "page.includes("+quote(text)+")") }
func (w *tab) miss(text string) {
	w.t.Helper()
	w.wait("miss "+text, "!page.includes("+quote(text)+")")
}

func (w *tab) wait(what, condition string) {
	w.t.Helper()
	w.do(what, chromedp.Poll(`(() => { const page = document.body.innerText; return `+condition+` })()`, nil, chromedp.WithPollingInterval(20*time.Millisecond)))
}

// press presses a key and lets it go. Unlike typing it sends no character
// beside: a browser sends none for a key that the page takes as a command.
func (w *tab) press(key string, with ...input.Modifier) {
	w.t.Helper()
	var all input.Modifier
	for _, m := range with {
		all |= m
	}
	down := input.DispatchKeyEvent(input.KeyRawDown).WithKey(key).WithModifiers(all)
	up := input.DispatchKeyEvent(input.KeyUp).WithKey(key).WithModifiers(all)
	if key == enter {
		const code = 13
		down = input.DispatchKeyEvent(input.KeyDown).WithKey(key).WithModifiers(all).WithText("\r").WithWindowsVirtualKeyCode(code)
		up = up.WithWindowsVirtualKeyCode(code)
	}
	w.do("press "+key, down, up)
}

const enter = "Enter"

// write types words where the focus is.
func (w *tab) write(words string) {
	w.t.Helper()
	w.do("write "+words, chromedp.KeyEvent(words))
}

func (w *tab) script(js string) { w.t.Helper(); w.do(js, chromedp.Evaluate(js+";0", nil)) }

// click presses the button, label or link that bears these words.
func (w *tab) click(words string) {
	w.t.Helper()
	find := `[...document.querySelectorAll("dialog[open] button, dialog[open] label, button, label, a")].find(x => x.innerText.includes(` + quote(words) + `) && !x.disabled)`
	w.wait("find "+words, "!!"+find)
	w.script(find + ".click()")
}

// shoot keeps a picture of the page in the folder that FONDACO_SHOTS names.
func (w *tab) shoot(name string) {
	w.t.Helper()
	folder := os.Getenv("FONDACO_SHOTS")
	if folder == "" {
		return
	}
	var picture []byte
	if err := chromedp.Run(w.ctx, chromedp.CaptureScreenshot(&picture)); err != nil {
		w.t.Errorf("picture of %s: %v", name, err)
		return
	}
	if err := os.WriteFile(folder+"/"+w.who+"-"+name+".png", picture, 0o600); err != nil {
		w.t.Error(err)
	}
}

func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// TestTwoFirmsWorkTogether walks two people of two firms through the app: a
// customer is shared after a look at what the partner will see, a note and a
// document travel, a deal is registered and decided, and sharing ends.
func TestTwoFirmsWorkTogether(t *testing.T) {
	t.Parallel()
	needBrowser(t)
	h := openHouse(t)
	zofia, tiago := h.enter("zofia", h.zofia, "/customers"), h.enter("tiago", h.tiago, "/customers")
	tiago.see("No customers yet")
	zofia.see("Águas do Tejo")
	zofia.see("Live")
	tiago.see("Live")

	// Sharing, by keys alone: j to the row, Enter, s, Enter.
	zofia.press("j")
	zofia.press(enter)
	zofia.see("VAT number")
	zofia.press("s")
	zofia.see("What Lusobombas will see")
	zofia.wait("see that the revenue stays hidden", `[...document.querySelectorAll(".preview tr.masked th")].some(x => x.textContent === "Annual revenue")`)
	zofia.wait("see that the e-mail address opens", `[...document.querySelectorAll(".preview tr:not(.masked) th")].some(x => x.textContent === "E-mail")`)
	zofia.shoot("share")
	zofia.press(enter)
	zofia.see("is shared with Lusobombas")

	// The partner sees it without touching anything, and no more than was shown before.
	tiago.see("Águas do Tejo")
	tiago.press("j")
	tiago.press(enter)
	tiago.see("geral@aguas.example")
	tiago.miss("1,250,000")
	tiago.shoot("customer")

	// A note of the partner appears at the owner's, with the badge that says whose it is.
	tiago.press("n")
	tiago.write("They want the quieter pump.")
	tiago.click("Partners")
	tiago.see("Your firm and Wisła Pompy see this")
	tiago.press(enter, input.ModifierCtrl)
	zofia.see("They want the quieter pump.")
	zofia.see("Lusobombas added a note")
	zofia.shoot("live")

	// A document is dropped on the page and told whom it is for.
	zofia.script(`{ const data = new DataTransfer(); data.items.add(new File(["a quiet pump"], "calculation.txt", {type: "text/plain"}));
		document.querySelector(".drop").dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true})) }`)
	zofia.see("calculation.txt")
	zofia.script(`[...document.querySelectorAll("dialog input[type=radio]")].at(-1).click()`)
	zofia.see("Your firm and Lusobombas see this")
	zofia.click("Upload")
	zofia.see("Document added")
	tiago.see("calculation")
	zofia.shoot("documents")

	dealIsRegisteredAndDecided(h, tiago, zofia)
	sharingEnds(zofia, tiago)
}

// dealIsRegisteredAndDecided lets a third firm be there first: the partner
// learns that something stands in the way, and the vendor what it is.
func dealIsRegisteredAndDecided(h *house, tiago, zofia *tab) {
	h.t.Helper()
	marea := h.Firm("Marea Marketing", "ES")
	h.Partnership(h.zofia, marea)
	first := h.Create(marea, schema.DealRegistrations, partners.Values{
		"addressedTo": h.zofia.Firm.ID(), "name": "Station of Marea", "companyName": "Águas do Tejo", "companyCountry": "PT",
		"estimatedDealSize": money(h.t, "70000"), "estimatedCloseOn": schema.DateOf(time.Now().AddDate(0, 3, 0)),
	})
	h.Do(marea, partners.Command{Verb: "submit", Kind: schema.DealRegistrations, ID: first})
	tiago.press("g")
	tiago.press("d")
	tiago.see("No deals yet")
	tiago.press("c")
	tiago.see("Name of the deal")
	for _, text := range []string{"Pumping station", kb.Tab, "Águas do Tejo", kb.Tab, "PT", kb.Tab, "84000", kb.Tab, kb.Tab, "02282027"} {
		tiago.write(text)
	}
	tiago.shoot("register")
	tiago.press(enter, input.ModifierCtrl)
	tiago.see("Vendor’s decision")
	tiago.see("Something stands in the way")
	tiago.miss("Marea")
	zofia.press("g")
	zofia.press("d")
	zofia.see("Pumping station")
	zofia.script(`[...document.querySelectorAll("a.row")].find(x => x.innerText.includes("Pumping station")).click()`)
	zofia.see("Comment for the partner")
	zofia.see("Station of Marea")
	zofia.shoot("deal")
	zofia.click("Approve")
	tiago.see("Approved")
	tiago.shoot("approved")
}

func sharingEnds(zofia, tiago *tab) {
	zofia.t.Helper()
	for _, w := range []*tab{tiago, zofia} {
		w.press("g")
		w.press("c")
		w.see("1 customer")
		w.press("j")
		w.press(enter)
		w.see("calculation")
	}
	zofia.press("s")
	zofia.see("What Lusobombas sees now")
	zofia.click("Stop sharing with Lusobombas")
	zofia.see("is no longer shared")
	tiago.see("Not found")
	tiago.miss("Águas do Tejo")
}
