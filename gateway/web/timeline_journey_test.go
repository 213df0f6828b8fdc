package web

import (
	"testing"

	"fondaco/gateway/sdl"
	"fondaco/gateway/web/browsertest"
	"fondaco/partners"
	"fondaco/schema"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// TestWhatHappenedIsWrittenDown: a meeting with its people, a document in two
// versions, the bytes of both as they were sent.
func TestWhatHappenedIsWrittenDown(t *testing.T) {
	t.Parallel()
	browsertest.Need(t)
	h := openHouse(t)
	zofia := h.enter("zofia", h.zofia, "/customers")
	zofia.see("Águas do Tejo")
	zofia.see("Live")
	zofia.press("j")
	zofia.press(enter)
	zofia.see("Nothing has happened yet")
	zofia.press("n")
	zofia.write("Visited the station.")
	zofia.fill("Sort of interaction", "MEETING")
	zofia.fill("When", "2026-03-04T10:30")
	zofia.fill("Who took part", "Marta Nunes, Rui Alves")
	zofia.shoot("meeting")
	zofia.script(`document.getElementById("note").focus()`)
	zofia.press(enter, input.ModifierCtrl)
	zofia.see("With Marta Nunes and Rui Alves")
	zofia.wait("see the day of the meeting", `document.querySelector(".timeline time").title.startsWith("Mar 4, 2026")`)

	const drop = `(target, name, text) => { const data = new DataTransfer(); data.items.add(new File([text], name, {type: "text/plain"}));
		target.dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true})) }`
	zofia.script(`(` + drop + `)(document.querySelector(".drop"), "curves.txt", "the first curves")`)
	zofia.see("curves.txt")
	zofia.click("Upload")
	zofia.see("Document added")
	zofia.wait("see the document", `!!document.querySelector("[data-document]")`)
	zofia.script(`(` + drop + `)(document.querySelector("[data-document] .title"), "curves-2.txt", "the better curves")`)
	zofia.see("curves-2.txt added as a new version")
	zofia.see("2 versions")

	// The link of a version leads to its bytes.
	zofia.script(`HTMLAnchorElement.prototype.click = function () { if (this.download) globalThis.fetched = fetch(this.href).then(r => r.text()) }`)
	for place, want := range []string{"the better curves", "the first curves"} {
		zofia.script(`delete globalThis.fetched; document.querySelectorAll("[data-document] details button")[` + itoa(place) + `].click()`)
		zofia.wait("fetch a version", `!!globalThis.fetched`)
		var got string
		zofia.do("read the bytes", chromedp.Evaluate(`globalThis.fetched`, &got, awaited))
		if got != want {
			t.Errorf("version %d from the top has the bytes %q, want %q", place, got, want)
		}
	}
}

// TestANoteIsAnswered: a partner answers a note, for its author alone; the
// author's own reply is for no more people than the note.
func TestANoteIsAnswered(t *testing.T) {
	t.Parallel()
	browsertest.Need(t)
	h := openHouse(t)
	customer := h.customer(h.zofia).ID
	h.Create(h.zofia, schema.Grants, partners.Values{"sharingAgreement": h.agreement(), "recordKind": "Customer", "recordId": customer.String()})
	h.Create(h.zofia, schema.Interactions, partners.Values{
		"customer": customer, "interactionType": "NOTE", "subject": "Which pump?", "audience": "FIRMS", "audienceFirms": []schema.ID{h.tiago.Firm.ID()},
	})
	h.Create(h.zofia, schema.Interactions, partners.Values{"customer": customer, "interactionType": "NOTE", "subject": "Margin of four", "audience": "FIRM"})
	at := "/customers/" + sdl.GlobalID(schema.Customers, customer)
	zofia, tiago := h.enter("zofia", h.zofia, at), h.enter("tiago", h.tiago, at)
	zofia.see("Margin of four")
	zofia.see("Live")
	tiago.see("Which pump?")
	tiago.miss("Margin of four")
	tiago.click("Reply")
	tiago.see("In reply to “Which pump?”")
	tiago.see("Your firm and Wisła Pompy see this")
	tiago.write("The quieter one.")
	tiago.press(enter, input.ModifierCtrl)
	zofia.wait("see the answer, and to what", `[...document.querySelectorAll(".timeline article")].some(x => x.innerText.includes("The quieter one.") && x.innerText.includes("In reply to “Which pump?”"))`)
	zofia.script(`[...document.querySelectorAll(".timeline article")].find(x => x.innerText.includes("Margin of four")).querySelector("header button").click()`)
	zofia.see("In reply to “Margin of four”")
	zofia.wait("be offered no partner", `![...document.querySelectorAll(".audience label")].some(x => x.innerText === "Partners")`)
	zofia.write("Too thin.")
	zofia.press(enter, input.ModifierCtrl)
	zofia.see("Too thin.")
	tiago.miss("Too thin.")
	zofia.shoot("replies")
}

// TestKeysReachEverything starts where somebody starts who has no mouse: the
// skip link, the areas, the sheet of keys, which can be switched off.
func TestKeysReachEverything(t *testing.T) {
	t.Parallel()
	browsertest.Need(t)
	h := openHouse(t)
	zofia := h.enter("zofia", h.zofia, "/customers")
	zofia.see("Águas do Tejo")
	zofia.do("tab", chromedp.KeyEvent("\t"))
	zofia.wait("be at the skip link", `document.activeElement.className === "skip" && document.activeElement.getBoundingClientRect().top >= 0`)
	zofia.press(enter)
	zofia.wait("be in the content", `document.activeElement.id === "main"`)
	for _, area := range []struct{ key, heading string }{{"a", "Tasks"}, {"d", "Deals"}, {"p", "Products"}, {"t", "Trading files"}, {"s", "Sharing"}, {"c", "Customers"}} {
		zofia.jump(area.key)
		zofia.wait("be at "+area.heading, `document.querySelector("h1")?.innerText === `+quote(area.heading))
	}
	zofia.press("?")
	zofia.see("Shortcuts of a single key are on")
	zofia.see("New customer")
	zofia.click("Shortcuts of a single key are on")
	zofia.script(`[...document.querySelectorAll("dialog[open]")].at(-1).dispatchEvent(new Event("cancel", {cancelable: true}))`)
	zofia.wait("close the sheet", `!document.querySelector("dialog[open]")`)
	zofia.press("c")
	zofia.press("k", input.ModifierCtrl)
	zofia.wait("find and do all the same, and nothing else", `document.querySelectorAll("dialog[open]").length === 1 && !!document.querySelector("dialog.palette")`)
	zofia.write("tejo")
	zofia.wait("find the customer", `document.querySelector("[role=option]")?.innerText.includes("Águas do Tejo")`)
	zofia.press(enter)
	zofia.see("VAT number")
}

// TestNewsIsTakenIn: the badge says what another firm did, and leads to it.
func TestNewsIsTakenIn(t *testing.T) {
	t.Parallel()
	browsertest.Need(t)
	h := openHouse(t)
	customer := h.customer(h.zofia).ID
	h.Create(h.zofia, schema.Grants, partners.Values{"sharingAgreement": h.agreement(), "recordKind": "Customer", "recordId": customer.String()})
	zofia := h.enter("zofia", h.zofia, "/customers")
	zofia.see("Águas do Tejo")
	zofia.see("Live")
	zofia.press("j")
	zofia.press(enter)
	zofia.see("Nothing has happened yet")
	note := h.Create(h.tiago, schema.Interactions, partners.Values{
		"customer": customer, "interactionType": "NOTE", "subject": "They order in May", "audience": "FIRMS", "audienceFirms": []schema.ID{h.zofia.Firm.ID()},
	})
	zofia.see("Lusobombas added a note")
	zofia.see("They order in May")
	zofia.script(`document.querySelector(".live-badge").click()`)
	zofia.wait("be at the note, with the badge put away", `atob(document.activeElement.dataset.id.replaceAll("-", "+").replaceAll("_", "/")).endsWith(`+quote(note.String())+`) && !document.querySelector(".live-badge")`)
}
