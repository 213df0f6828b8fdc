package web

import (
	"encoding/json"
	"testing"

	"fondaco/gateway/sdl"
	"fondaco/gateway/web/browsertest"
	"fondaco/partners"
	"fondaco/schema"

	"github.com/chromedp/cdproto/input"
)

// TestAnAgreementIsMadeOnScreen lets one firm write a sharing agreement while
// it sees exactly what the other will see, and lets the other answer it; then
// it rests, comes back, is replaced by its next version, and is revoked.
func TestAnAgreementIsMadeOnScreen(t *testing.T) {
	t.Parallel()
	browsertest.Need(t)
	h := openHouse(t)
	h.Create(h.zofia, schema.Customers, partners.Values{"name": "Wodociągi Płock", "customerType": "ORGANISATION", "status": "ACTIVE", "country": "PL"})
	zofia, tiago := h.enter("zofia", h.zofia, "/sharing"), h.enter("tiago", h.tiago, "/sharing")
	tiago.see("Partnerships")

	// A draft: by a condition, with a set of fields, for a purpose.
	zofia.see("New agreement")
	zofia.see("Live")
	zofia.press("c")
	zofia.see("Say what is opened")
	zofia.fill("Name", "Customers in Portugal")
	zofia.fill("Purpose", "Joint sales visits")
	zofia.fill("Open one more kind of record", "Customer")
	zofia.fill("How many of them", "FILTER")
	zofia.fill("Field", "country")
	zofia.fill("Value", "PT")
	zofia.click("contact details")
	zofia.fill("Until which day", "2090-01-31")
	zofia.click("The partner may pass it on to one more firm")
	zofia.see("What Lusobombas will see")
	zofia.wait("see the one customer that fits", `[...document.querySelectorAll(".sample strong")].map(x => x.innerText).join() === "Águas do Tejo"`)
	zofia.see("1 record")
	zofia.see("geral@aguas.example")
	zofia.miss("1,250,000")
	zofia.wait("see that the revenue stays hidden", `[...document.querySelectorAll(".shown div")].some(x => x.innerText.startsWith("Hidden") && x.innerText.includes("Annual revenue"))`)
	zofia.shoot("agreement-draft")
	zofia.press("s", input.ModifierCtrl)
	zofia.wait("be at the draft's own address", `/^\/sharing\/.{20,}$/.test(location.pathname) && page.includes("Offer to Lusobombas")`)
	tiago.miss("Customers in Portugal")

	// Offered and accepted: what was previewed is what is seen.
	zofia.press(enter, input.ModifierCtrl)
	zofia.see("Waiting for an answer")
	tiago.see("Customers in Portugal")
	tiago.see("Country is Portugal")
	tiago.see("until Jan 31, 2090; may be passed on to one more firm")
	tiago.shoot("agreement-offer")
	tiago.click("Accept")
	zofia.see("In force")
	zofia.shoot("agreement-live")
	tiago.open("/customers")
	tiago.see("Águas do Tejo")
	tiago.miss("Wodociągi Płock")
	tiago.press("j")
	tiago.press(enter)
	tiago.see("geral@aguas.example")
	tiago.miss("1,250,000")

	// It rests, and comes back.
	zofia.click("Suspend")
	zofia.see("Suspended")
	tiago.see("Not found")
	zofia.click("Resume")
	tiago.see("geral@aguas.example")

	nextVersion(zofia, tiago)
}

// nextVersion opens more by a second version of the agreement, and revokes
// the first, after a look at what that takes away.
func nextVersion(zofia, tiago *tab) {
	zofia.t.Helper()
	zofia.click("New version")
	zofia.see("New version of an agreement")
	zofia.wait("see the terms of the first version", `document.querySelectorAll(".term").length === 1`)
	zofia.click("commercial: Annual revenue")
	zofia.wait("see that the revenue opens", `[...document.querySelectorAll(".sample li")].some(x => x.innerText.includes("1,250,000"))`)
	zofia.see("1 with other fields")
	zofia.press(enter, input.ModifierCtrl)
	zofia.see("Waiting for an answer")
	tiago.open("/sharing")
	tiago.see("Waiting for an answer")
	tiago.click("Accept")
	tiago.miss("Waiting for an answer")
	zofia.see("An older version is still in force")
	zofia.click("See it")
	zofia.see("A newer version is in force")
	zofia.click("Revoke")
	zofia.see("What Lusobombas will no longer see")
	zofia.shoot("agreement-revoke")
	zofia.script(`[...document.querySelectorAll("dialog footer button")].at(-1).click()`)
	zofia.see("Revoked")
	tiago.open("/customers")
	tiago.see("1 customer")
	tiago.press("j")
	tiago.press(enter)
	tiago.see("1,250,000")
}

// TestAPartnershipIsOfferedAndAnswered goes through the life of a partnership.
func TestAPartnershipIsOfferedAndAnswered(t *testing.T) {
	t.Parallel()
	browsertest.Need(t)
	h := openHouse(t)
	marea := h.Firm("Marea Marketing", "ES")
	h.Create(h.zofia, schema.Partners, partners.Values{"name": "Marea Marketing", "firm": marea.Firm.ID()})
	zofia, lucia := h.enter("zofia", h.zofia, "/sharing"), h.enter("lucia", marea, "/sharing")
	lucia.see("No partnerships yet")
	zofia.see("Invite a partner")
	zofia.see("Live")
	lucia.see("Live")
	zofia.press("i")
	zofia.fill("Name of the partnership", "Iberian campaigns")
	zofia.click("Send the invitation")
	zofia.see("Waiting for an answer")
	lucia.see("Iberian campaigns")
	lucia.see("Invites you")
	lucia.click("Accept")
	lucia.see("Active")
	zofia.wait("see that both are active", `[...document.querySelectorAll(".partnership .badge")].every(x => x.innerText === "Active")`)
	lucia.see("New agreement")
	row := `[...document.querySelectorAll(".partnership")].find(x => x.innerText.includes("Iberian"))`
	// What can be done with it comes with the next answer, after where it stands.
	zofia.wait("be able to suspend it", row+`.querySelectorAll("button")[0].innerText === "Suspend"`)
	zofia.script(row + `.querySelectorAll("button")[0].click()`)
	zofia.see("Suspended")
	lucia.see("Suspended")
	zofia.click("Resume")
	lucia.wait("see it active again", `[...document.querySelectorAll(".partnership .badge")].every(x => x.innerText === "Active")`)
	zofia.wait("be able to end it", row+`.querySelectorAll("button")[1]?.innerText === "End"`)
	zofia.script(row + `.querySelectorAll("button")[1].click()`)
	zofia.click("End for good")
	lucia.see("Ended")
	lucia.shoot("partnerships")
}

// TestAnOfferIsAcceptedForATeamOnScreen: who answers an offer chooses the teams
// that may use it, and sees afterwards for whom it was accepted.
func TestAnOfferIsAcceptedForATeamOnScreen(t *testing.T) {
	t.Parallel()
	browsertest.Need(t)
	h := openHouse(t)
	marea := h.Firm("Marea Marketing", "ES")
	offer := h.Create(h.zofia, schema.SharingAgreements, partners.Values{
		"name": "Campaigns", "addressedTo": marea.Firm.ID(), "partnership": h.Partnership(h.zofia, marea),
		"terms": json.RawMessage(`[{"kind": "Customer", "level": "ALL", "actions": ["read"]}]`),
	})
	h.Do(h.zofia, partners.Command{Verb: "offer", Kind: schema.SharingAgreements, ID: offer})
	team := h.Create(marea, schema.Teams, partners.Values{"name": "Field work"})
	h.Create(marea, schema.Memberships, partners.Values{"member": marea.User.ID(), "team": team})
	outside := h.Person(marea.Firm, "Pilar", schema.ChannelManager)
	lucia, pilar := h.enter("lucia", marea, "/sharing/"+sdl.GlobalID(schema.SharingAgreements, offer)), h.enter("pilar", outside, "/customers")
	lucia.see("For whom")
	lucia.see("all your people may use it")
	lucia.click("Field work")
	lucia.see("Only people of the chosen teams may use it")
	lucia.shoot("agreement-for-whom")
	lucia.click("Accept")
	lucia.see("for Field work alone")
	lucia.see("In force")
	lucia.open("/customers")
	lucia.see("Águas do Tejo")
	pilar.open("/customers")
	pilar.see("No customers")
	pilar.miss("Águas do Tejo")
}
