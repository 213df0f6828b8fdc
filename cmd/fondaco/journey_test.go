package main

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"fondaco/gateway/web/browsertest"
	"fondaco/partners/postgres/postgrestest"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// visitor is a person at a browser.
type visitor struct {
	t    *testing.T
	name string
	ctx  context.Context //nolint:containedctx // it is how chromedp names a tab
}

// visit opens a browser of its own on a node and signs a person in by the form.
func visit(t *testing.T, url, email, password string) *visitor {
	t.Helper()
	v := &visitor{t, email, browsertest.Open(t)}
	v.do("open the node", emulation.SetDeviceMetricsOverride(1280, 800, 1, false), chromedp.Navigate(url))
	v.do("sign in", chromedp.WaitVisible(`input[name=email]`), chromedp.SendKeys(`input[name=email]`, email),
		chromedp.SendKeys(`input[name=password]`, password+kb.Enter))
	return v
}

func (v *visitor) do(what string, actions ...chromedp.Action) {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, 20*time.Second)
	defer cancel()
	if err := chromedp.Run(ctx, actions...); err != nil {
		var page string
		_ = chromedp.Run(v.ctx, chromedp.Evaluate(`document.body.innerText`, &page)) // only to tell where it failed
		v.shoot("failed")
		v.t.Fatalf("%s: %s: %v; on the page:\n%s", v.name, what, err, page)
	}
}

// see waits until a text is on the page, miss checks that another is not.
func (v *visitor) see(text string) {
	v.t.Helper()
	v.do("see "+text, chromedp.Poll(`document.body.innerText.includes(`+strconv.Quote(text)+`)`, nil, chromedp.WithPollingInterval(20*time.Millisecond)))
}

func (v *visitor) miss(text string) {
	v.t.Helper()
	var there bool
	v.do("look for "+text, chromedp.Evaluate(`document.body.innerText.includes(`+strconv.Quote(text)+`)`, &there))
	if there {
		v.t.Errorf("%s sees %q", v.name, text)
	}
}

// click presses the link or the button that bears these words.
func (v *visitor) click(words string) {
	v.t.Helper()
	find := `[...document.querySelectorAll("a, button, label")].find(x => x.innerText.includes(` + strconv.Quote(words) + `))`
	v.do("find "+words, chromedp.Poll(`!!`+find, nil, chromedp.WithPollingInterval(20*time.Millisecond)), chromedp.Evaluate(find+`.click();0`, nil))
}

// shoot keeps a picture of the page in the folder that FONDACO_SHOTS names.
func (v *visitor) shoot(name string) {
	v.t.Helper()
	folder := os.Getenv("FONDACO_SHOTS")
	if folder == "" {
		return
	}
	var picture []byte
	if err := chromedp.Run(v.ctx, chromedp.CaptureScreenshot(&picture)); err != nil {
		v.t.Errorf("picture of %s: %v", name, err)
		return
	}
	if err := os.WriteFile(filepath.Join(folder, v.name+"-"+name+".png"), picture, 0o600); err != nil {
		v.t.Error(err)
	}
}

// TestJourneyInABrowser lets two people of two firms work in two browsers, at
// two nodes of the real program: what one writes at its own node, the other
// sees at its node without touching anything.
func TestJourneyInABrowser(t *testing.T) {
	t.Parallel()
	browsertest.Need(t)
	a := startDemo(t, postgrestest.Folder(t))
	joao := visit(t, a.PartnerURL, "joao@lusitania.example", a.Password)
	joao.see("Águas do Douro e Paiva")
	joao.see("Lisboa Saneamento")
	joao.miss("Wodociągi Krakowskie")
	joao.shoot("customers")
	joao.click("Águas do Douro e Paiva")
	joao.see("Tender for the second station is out in March")
	joao.see("+351 22 605 9300")
	joao.miss("Margin for this tender")
	joao.miss("412")
	joao.shoot("customer")

	anna := visit(t, a.MakerURL, "anna@wisla.example", a.Password)
	anna.see("Wodociągi Krakowskie")
	anna.click("Águas do Douro e Paiva")
	anna.see("Margin for this tender")

	// n, the words, Ctrl+Enter.
	joao.do("press n", input.DispatchKeyEvent(input.KeyRawDown).WithKey("n"), input.DispatchKeyEvent(input.KeyUp).WithKey("n"))
	joao.do("write", chromedp.KeyEvent("They expect us on Tuesday."))
	joao.click("Partners")
	const code = 13
	joao.do("press Ctrl+Enter",
		input.DispatchKeyEvent(input.KeyDown).WithKey("Enter").WithModifiers(input.ModifierCtrl).WithText("\r").WithWindowsVirtualKeyCode(code),
		input.DispatchKeyEvent(input.KeyUp).WithKey("Enter").WithModifiers(input.ModifierCtrl).WithWindowsVirtualKeyCode(code))
	anna.see("They expect us on Tuesday.")
	anna.see("Lusitânia Distribuição Lda")
	anna.shoot("note")

	fileIsDroppedInABrowser(anna, a.EDIFile)
}

// fileIsDroppedInABrowser: a sales report is dropped on the page, and its
// findings are pinned to the segments that they are about, in the raw text.
func fileIsDroppedInABrowser(v *visitor, name string) {
	v.t.Helper()
	file, err := os.ReadFile(name)
	if err != nil {
		v.t.Fatal(err)
	}
	v.click("Trading files")
	v.see("Send a file")
	v.do("drop the file", chromedp.Evaluate(`{ const data = new DataTransfer(); data.items.add(new File([`+strconv.Quote(string(file))+`], "sales-report.edi"));
		document.querySelector(".drop").dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true})) };0`, nil))
	v.see("sales-report.edi was received")
	v.do("find it in the list", chromedp.Poll(`[...document.querySelectorAll("a.row")].some(x => x.innerText.includes("sales-report.edi") && x.innerText.includes("Partly posted"))`, nil))
	v.do("open it", chromedp.Evaluate(`[...document.querySelectorAll("a.row")].find(x => x.innerText.includes("sales-report.edi")).click();0`, nil))
	v.do("see its findings in the raw text", chromedp.Poll(`document.querySelectorAll(".segments-raw mark").length > 0`, nil))
	v.do("press j", input.DispatchKeyEvent(input.KeyRawDown).WithKey("j"), input.DispatchKeyEvent(input.KeyUp).WithKey("j"))
	var marked, segment string
	v.do("read the finding", chromedp.Poll(`!!document.querySelector("mark.chosen")`, nil),
		chromedp.Evaluate(`document.querySelector("mark.chosen").innerText`, &marked),
		chromedp.Evaluate(`document.querySelector("mark.chosen").closest("li").innerText.trim()`, &segment))
	if marked == "" || !strings.Contains(string(file), strings.TrimRight(segment, "~")) || !strings.Contains(segment, marked) {
		v.t.Errorf("the finding is pinned to %q in %q, which is no segment of the file", marked, segment)
	}
	v.see("Rejected")
	v.see("DTM02 (Date) is no date")
	v.shoot("file")
	// In another language the findings are told in it too, word by word as the command line tells them.
	v.do("speak Polish", chromedp.Evaluate(`localStorage.setItem("fondaco.locale", "pl");0`, nil), chromedp.Reload())
	v.see("DTM02 (Date) nie jest datą")
	v.miss("is no date")
}
