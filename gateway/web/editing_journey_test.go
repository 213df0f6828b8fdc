package web

import (
	"strings"
	"testing"

	"fondaco/gateway/web/browsertest"
	"fondaco/partners"
	"fondaco/policy"
	"fondaco/schema"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// TestTwoPeopleChangeOneCustomer: what a colleague changes meanwhile appears
// in the form; where both changed the same field, both values stand there,
// and nothing is overwritten that nobody has seen.
func TestTwoPeopleChangeOneCustomer(t *testing.T) {
	t.Parallel()
	browsertest.Need(t)
	h := openHouse(t)
	zofia := h.enter("zofia", h.zofia, "/customers")
	zofia.see("Águas do Tejo")
	zofia.see("Live")
	zofia.press("j")
	zofia.press(enter)
	zofia.see("VAT number")
	zofia.press("e")
	zofia.fill("Town", "Setúbal")
	zofia.fill("Segment", "Water")

	// A colleague changes the town too, and the telephone.
	customer := h.customer(h.zofia)
	h.Do(h.Person(h.zofia.Firm, "Ewa", schema.Sales), partners.Command{
		Verb: "update", Kind: schema.Customers, ID: customer.ID, ExpectedVersion: customer.Version,
		Values: partners.Values{"city": "Almada", "phone": "+351 21 000 0000"},
	})
	zofia.see("Somebody else changed this meanwhile to “Almada”")
	zofia.value("Town", "Setúbal")
	zofia.value("Telephone", "+351 21 000 0000")
	zofia.shoot("clash")
	zofia.press(enter, input.ModifierCtrl)
	zofia.see("Choose for each which value holds")
	zofia.click("Keep mine")
	zofia.press(enter, input.ModifierCtrl)
	zofia.see("Setúbal, Portugal")
	zofia.see("+351 21 000 0000")
	zofia.see("Water")
}

// customer gives the one customer of the house, as one of its people sees it.
func (h *house) customer(p policy.Principal) partners.Row {
	h.t.Helper()
	pages, err := h.Read(policy.With(h.t.Context(), p), &partners.Plan{Kind: schema.Customers, First: 1})
	if err != nil || len(pages[0].Rows) != 1 {
		h.t.Fatalf("read the customer: %v, %v", pages, err)
	}
	return pages[0].Rows[0]
}

// TestMistakesStandAtTheirFields: what the form knows by itself, and what only
// the server knows.
func TestMistakesStandAtTheirFields(t *testing.T) {
	t.Parallel()
	browsertest.Need(t)
	h := openHouse(t)
	zofia := h.enter("zofia", h.zofia, "/customers")
	zofia.see("Águas do Tejo")
	zofia.see("Live")
	zofia.press("c")
	zofia.fill("Town", strings.Repeat("Porto ", 20))
	zofia.press(enter, input.ModifierCtrl)
	zofia.see("This is needed.")
	zofia.wait("have the focus at what is missing", `document.activeElement === `+labelled("Name"))
	zofia.fill("Name", "Cervejaria do Douro")
	zofia.press(enter, input.ModifierCtrl)
	zofia.see("At most 100 characters fit here.")

	// What was typed is there again after the tab was closed.
	zofia.do("reload", chromedp.Reload())
	zofia.see("Águas do Tejo")
	zofia.see("Live")
	zofia.press("c")
	zofia.value("Name", "Cervejaria do Douro")
	zofia.fill("Town", "Porto")
	zofia.fill("Country", "PT")
	zofia.press(enter, input.ModifierCtrl)
	zofia.see("Porto, Portugal")
	zofia.wait("be on the new customer's page", `location.pathname.startsWith("/customers/")`)

	// The length of long texts is judged by the server.
	zofia.press("e")
	zofia.fill("Description", strings.Repeat("Wasser ", 20_000))
	zofia.press(enter, input.ModifierCtrl)
	zofia.wait("see the server's words at the field", `document.querySelector('[data-field="description"] .wrong')?.innerText.includes("at most") && `+labelled("Description")+`.getAttribute("aria-invalid") === "true"`)
	zofia.wait("have the focus there", `document.activeElement === `+labelled("Description"))
	zofia.shoot("mistakes")
}

// TestContactsTasksAndGoods goes through the records around a customer and
// the things that are sold.
func TestContactsTasksAndGoods(t *testing.T) {
	t.Parallel()
	browsertest.Need(t)
	h := openHouse(t)
	zofia := h.enter("zofia", h.zofia, "/customers")
	zofia.see("Águas do Tejo")
	zofia.see("Live")
	zofia.press("j")
	zofia.press(enter)
	zofia.see("Nobody is known yet.")

	zofia.press("p")
	zofia.fill("Name", "Marta Nunes")
	zofia.fill("Job title", "Head of operations")
	zofia.press(enter, input.ModifierCtrl)
	zofia.see("Marta Nunes")
	zofia.script(`document.querySelector('[aria-label="Change Marta Nunes"]').click()`)
	zofia.fill("Job title", "Director of operations")
	zofia.press(enter, input.ModifierCtrl)
	zofia.see("Director of operations")

	zofia.press("a")
	zofia.fill("Title", "Send the curves")
	zofia.fill("Due on", "2020-02-03")
	zofia.fill("Assignee", "Admin")
	zofia.wait("find the person", `!!document.querySelector("[role=option]")`)
	zofia.press(enter)
	zofia.press(enter, input.ModifierCtrl)
	zofia.see("overdue since Feb 3, 2020")
	zofia.shoot("contacts-tasks")
	zofia.jump("a")
	zofia.see("Send the curves")
	zofia.see("Admin of Wisła Pompy")
	zofia.script(`document.querySelector('[aria-label="Done: Send the curves"]').click()`)
	zofia.see("Nothing to do")
	zofia.click("Show what is done")
	zofia.see("Send the curves")
	zofia.shoot("tasks")

	zofia.jump("p")
	zofia.see("No products yet")
	zofia.press("c")
	zofia.fill("Name", "Submersible pump WP-80")
	zofia.fill("Part number", "WP-80")
	zofia.fill("List price", "1480,50")
	zofia.press(enter, input.ModifierCtrl)
	zofia.see("€1,480.50")
	zofia.click("Promotions")
	zofia.see("No promotions yet")
	zofia.press("c")
	zofia.fill("Name", "Spring service")
	zofia.fill("Starts on", "2020-03-01")
	zofia.fill("Ends on", "2020-04-30")
	zofia.fill("Discount in percent", "7,5")
	zofia.fill("Products", "pump")
	zofia.see("Submersible pump WP-80")
	zofia.press(enter)
	zofia.shoot("promotion")
	zofia.press(enter, input.ModifierCtrl)
	zofia.see("7.5%")
	zofia.see("1 product")
	zofia.see("Over")
	zofia.click("Spring service")
	zofia.click("Delete")
	zofia.click("Delete for good")
	zofia.see("No promotions yet")
}
