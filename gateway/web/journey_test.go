package web

import (
	"testing"
	"time"

	"fondaco/gateway/web/browsertest"
	"fondaco/partners"
	"fondaco/schema"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp/kb"
)

// TestTwoFirmsWorkTogether walks two people of two firms through the app: a
// customer is shared after a look at what the partner will see, a note and a
// document travel, a deal is registered and decided, and sharing ends.
func TestTwoFirmsWorkTogether(t *testing.T) {
	t.Parallel()
	browsertest.Need(t)
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
	tiago.jump("d")
	tiago.see("No deals yet")
	tiago.press("c")
	tiago.see("Name of the deal")
	for _, text := range []string{"Pumping station", kb.Tab, "Águas do Tejo", kb.Tab, "Portugal", kb.Tab, "84000", kb.Tab, kb.Tab, "02282027"} {
		tiago.write(text)
	}
	tiago.shoot("register")
	tiago.press(enter, input.ModifierCtrl)
	tiago.see("Vendor’s decision")
	tiago.see("Something stands in the way")
	tiago.miss("Marea")
	zofia.jump("d")
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
		w.jump("c")
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
