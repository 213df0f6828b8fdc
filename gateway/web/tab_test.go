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
	"fondaco/gateway/web/browsertest"
	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// house is a node with two firms, a maker and its distributor, as it is
// served: the app, the sign-in and the gateway.
type house struct {
	*partnerstest.Node
	t            *testing.T
	url          string
	mux          *http.ServeMux
	auth         *auth.Service
	zofia, tiago policy.Principal
}

const terms = `[{"kind":"Customer","level":"GRANTED","actions":["read","comment","attach"],"classes":["personal"]},
	{"kind":"Interaction","level":"CHILDREN","actions":["read","comment"]},
	{"kind":"Document","level":"CHILDREN","actions":["read","attach"]},
	{"kind":"DocumentVersion","level":"CHILDREN","actions":["read"]}]`

func openHouse(t *testing.T, change ...func(*gateway.Options)) *house {
	t.Helper()
	h := &house{Node: partnerstest.Open(t), t: t}
	h.zofia, h.tiago = h.Firm("Wisła Pompy", "PL"), h.Firm("Lusobombas", "PT")
	h.Share(h.zofia, h.tiago, h.Partnership(h.zofia, h.tiago), terms)
	h.Create(h.zofia, schema.Customers, partners.Values{
		"name": "Águas do Tejo", "customerType": "ORGANISATION", "status": "ACTIVE", "city": "Lisboa", "country": "PT",
		"email": "geral@aguas.example", "annualRevenue": money(t, "1250000"), "vatId": "PT501234567",
	})
	h.auth = auth.New(auth.Options{Pool: h.Pool(), Principals: h.Service, NodeID: t.Name(), Listen: "127.0.0.1:0"})
	options := gateway.Options{Partners: h.Service, Authenticator: h.auth, Key: make([]byte, 32)}
	for _, c := range change {
		c(&options)
	}
	g, err := gateway.New(options)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	stopped := make(chan error, 1)
	go func() { stopped <- g.Run(ctx) }()
	h.mux = http.NewServeMux()
	mux := h.mux
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
	w := &tab{browsertest.Open(h.t), h.t, who}
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
	ctx, cancel := context.WithTimeout(w.ctx, 30*time.Second)
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

// jump goes to an area of the app: g, and the area's own key right after it.
func (w *tab) jump(key string) {
	w.t.Helper()
	var all []chromedp.Action
	for _, k := range []string{"g", key} {
		all = append(all, input.DispatchKeyEvent(input.KeyRawDown).WithKey(k), input.DispatchKeyEvent(input.KeyUp).WithKey(k))
	}
	w.do("press g "+key, all...)
}

// write types words where the focus is.
func (w *tab) write(words string) {
	w.t.Helper()
	w.do("write "+words, chromedp.KeyEvent(words))
}

func (w *tab) script(js string) { w.t.Helper(); w.do(js, chromedp.Evaluate(js+";0", nil)) }

// click presses the button, label or link that bears these words.
func (w *tab) click(words string) {
	w.t.Helper()
	find := `[...document.querySelectorAll("dialog[open] button, dialog[open] label, button, label, a, summary")].find(x => x.innerText.includes(` + quote(words) + `) && !x.disabled)`
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

// fill types words into the control that bears a label, in the topmost dialog
// if there is one, as a person does who comes to it by the tabulator.
func (w *tab) fill(label, words string) {
	w.t.Helper()
	w.wait("find the field "+label, "!!("+labelled(label)+")")
	w.script(`{ const x = ` + labelled(label) + `; x.focus();
		const own = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(x), "value");
		own.set.call(x, ` + quote(words) + `);
		x.dispatchEvent(new Event("input", {bubbles: true})); x.dispatchEvent(new Event("change", {bubbles: true})) }`)
}

// value waits until the control that bears a label holds these words.
func (w *tab) value(label, words string) {
	w.t.Helper()
	w.wait("see "+words+" in "+label, "("+labelled(label)+")?.value === "+quote(words))
}

// labelled is a script that finds a control by its label, or by the name that it bears for those who listen.
func labelled(label string) string {
	return `(() => {
		const root = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document;
		const own = x => [...x.childNodes].filter(n => n.nodeType === 3).map(n => n.data).join("").trim();
		for (const l of root.querySelectorAll("label")) if (own(l) === ` + quote(label) + `) return document.getElementById(l.htmlFor);
		return [...root.querySelectorAll("[aria-label]")].find(x => x.getAttribute("aria-label") === ` + quote(label) + ` && "value" in x);
	})()`
}

// open goes to another screen of the app.
func (w *tab) open(path string) {
	w.t.Helper()
	w.script(`{ const a = document.createElement("a"); a.href = ` + quote(path) + `; document.body.append(a); a.click(); a.remove() }`)
}
