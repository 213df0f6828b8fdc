package web

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"fondaco/gateway"
	"fondaco/gateway/sdl"
	"fondaco/gateway/web/browsertest"
	"fondaco/partners"
	"fondaco/policy"
	"fondaco/schema"

	"github.com/chromedp/cdproto/input"
)

// setRules puts rules of the maker's own into force.
func (h *house) setRules(text string) {
	h.t.Helper()
	if err := h.SetOverrides(policy.With(h.t.Context(), h.zofia), text); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) rules() string {
	h.t.Helper()
	text, err := h.Overrides(policy.With(h.t.Context(), h.zofia))
	if err != nil {
		h.t.Fatal(err)
	}
	return text
}

// TestWhySomebodySeesARecord asks who sees a customer and why a partner does
// not, mends what is missing from there, and asks again.
func TestWhySomebodySeesARecord(t *testing.T) {
	t.Parallel()
	browsertest.Need(t)
	h := openHouse(t)
	h.Person(h.zofia.Firm, "Kasia Nowak", schema.Support)
	partner := sdl.GlobalID(schema.Firms, h.tiago.Firm.ID())
	zofia := h.enter("zofia", h.zofia, "/customers")
	zofia.see("Águas do Tejo")
	zofia.see("Live")
	zofia.press("j")
	zofia.press(enter)
	zofia.see("VAT number")
	zofia.press("w")
	zofia.see("Who sees Águas do Tejo")
	zofia.see("Kasia Nowak")
	zofia.see("all fields but Annual revenue")
	zofia.see("Yes, you may.")
	zofia.wait("see no partner in the list", `![...document.querySelectorAll(".seer")].some(x => x.innerText.includes("Lusobombas"))`)

	// What is missing is named, with a link to where it is mended.
	zofia.fill("Who", partner)
	zofia.see("No: Lusobombas may not.")
	zofia.see("Shared one by one under “Agreement”")
	zofia.wait("see that the grant alone is missing", `[...document.querySelectorAll(".way.lacking:first-of-type .lacks")].map(x => x.innerText).join().includes("This very record is shared")`)
	zofia.shoot("why-not")
	before := time.Now().UTC()
	zofia.click("Share this record")
	zofia.see("What Lusobombas will see")
	zofia.press(enter)
	zofia.see("is shared with Lusobombas")
	zofia.press("w")
	zofia.wait("see the partner in the list", `[...document.querySelectorAll(".seer")].some(x => x.innerText.includes("Lusobombas") && x.innerText.includes("shared one by one under “Agreement”"))`)
	zofia.script(`[...document.querySelectorAll(".seer")].find(x => x.innerText.includes("Lusobombas")).click()`)
	zofia.see("Yes: Lusobombas may.")
	zofia.see("As Lusobombas sees it")
	zofia.wait("see as the partner does", `(() => { const x = document.querySelector(".view-as").innerText; return x.includes("geral@aguas.example") && x.includes("Hidden from them") && !x.includes("1,250,000") })()`)
	zofia.shoot("why")

	// As it was before it was shared.
	zofia.script(`history.pushState(null, "", location.pathname + location.search + "&at=` + before.Format("2006-01-02T15:04:05.000Z") + `"); dispatchEvent(new PopStateEvent("popstate"))`)
	zofia.see("Lusobombas did not see it then.")
	zofia.wait("see no partner in the list of then", `document.querySelector(".seer") && ![...document.querySelectorAll(".seer")].some(x => x.innerText.includes("Lusobombas"))`)
	zofia.shoot("then")
	zofia.click("Now")
	zofia.see("Yes: Lusobombas may.")

	// A field that the agreement does not show leads to its next version.
	zofia.fill("With which field", "annualRevenue")
	zofia.see("No: Lusobombas may not.")
	zofia.see("The field is shown")
	zofia.click("Write a new version of the agreement")
	zofia.see("New version of an agreement")

	// What the partner sees, record by record, leads back to the reason.
	zofia.open("/partners/" + partner)
	zofia.see("What Lusobombas sees of yours")
	zofia.see("1 record")
	zofia.wait("see the record", `[...document.querySelectorAll(".sightings .row")].map(x => x.innerText).join().includes("Águas do Tejo")`)
	zofia.shoot("partner")
	zofia.fill("Kind of record", "Product")
	zofia.see("Products: Lusobombas sees none of yours.")
	zofia.fill("Kind of record", "Customer")
	zofia.click("Águas do Tejo")
	zofia.see("Yes: Lusobombas may.")
}

// TestOneAsksOnlyForOneself: who is no administrator is told why they
// themselves see a record, and of nobody else.
func TestOneAsksOnlyForOneself(t *testing.T) {
	t.Parallel()
	browsertest.Need(t)
	h := openHouse(t)
	kasia := h.enter("kasia", h.Person(h.zofia.Firm, "Kasia Nowak", schema.Support), "/customers")
	kasia.see("Águas do Tejo")
	kasia.press("j")
	kasia.press(enter)
	kasia.see("VAT number")
	kasia.press("w")
	kasia.see("Yes, you may.")
	kasia.see("One of the firm’s own")
	kasia.fill("With which field", "annualRevenue")
	kasia.see("No, you may not.")
	kasia.wait("be asked for nobody else", `!page.includes("Lusobombas") && !document.querySelector(".seers")`)
	kasia.open("/rules")
	kasia.see("Not found")
}

// TestWhatIsKnownWithoutSeeing counts what a partner lets be counted, compares
// what it lets be compared, and is told when it was asked too often.
func TestWhatIsKnownWithoutSeeing(t *testing.T) {
	t.Parallel()
	browsertest.Need(t)
	const every = 2 * time.Second
	var ahead atomic.Int64
	begun := time.Now()
	h := openHouse(t, func(o *gateway.Options) {
		o.PersonProbes = gateway.Allowance{Burst: 3, Every: every}
		o.Now = func() time.Time { return begun.Add(time.Duration(ahead.Load())) }
	})
	partnership := h.Partnership(h.tiago, h.zofia)
	h.Share(h.tiago, h.zofia, partnership, `[{"kind":"Customer","level":"COUNTS","actions":["read"],"floor":5}]`)
	h.Share(h.tiago, h.zofia, partnership, `[{"kind":"Customer","level":"OVERLAP","actions":["read"],"keys":["vatId"]}]`)
	for _, vat := range []string{"PT501234567", "PT500000001", "PT500000002", "PT500000003", "PT500000004", "PT500000005"} {
		h.Create(h.tiago, schema.Customers, partners.Values{"name": "Secret " + vat, "customerType": "ORGANISATION", "status": "ACTIVE", "vatId": vat})
	}
	zofia := h.enter("zofia", h.zofia, "/sharing")
	zofia.wait("see the partnership", `document.querySelector(".partnership a")`)
	zofia.script(`document.querySelector(".partnership a").click()`)
	zofia.see("What Lusobombas lets you know")
	zofia.miss("At least")
	zofia.click("Count")
	zofia.see("At least 5, and fewer than 5 more than that.")
	zofia.click("Compare")
	zofia.see("Both have 1 of yours.")
	zofia.wait("see one's own name for it", `document.querySelector(".both").innerText === "Águas do Tejo"`)
	zofia.miss("Secret")
	zofia.click("Count")
	zofia.wait("be answered", `![...document.querySelectorAll(".knowledge [aria-busy=true]")].length`)
	zofia.click("Count")
	zofia.see("Asked often enough for now.")
	zofia.shoot("throttled")
	ahead.Store(int64(every))
	zofia.wait("be allowed again", `!page.includes("Asked often enough") && ![...document.querySelectorAll(".knowledge button")][0].disabled`)
	zofia.click("Count")
	zofia.see("At least 5")
}

// TestRulesAreTriedAndPutIntoForce writes a rule by choosing, sees what it
// changes before it counts, mends a wrong line, and meets a colleague's change.
func TestRulesAreTriedAndPutIntoForce(t *testing.T) {
	t.Parallel()
	browsertest.Need(t)
	h := openHouse(t)
	firm := h.zofia.Firm.String()
	rule := "p, role:SALES, " + firm + ", Customer, export, firm, *, deny"
	zofia := h.enter("zofia", h.zofia, "/sharing")
	zofia.see("The firm’s rules")
	zofia.jump("r")
	zofia.see("Rules, a line each")
	zofia.click("Write a rule by choosing")
	zofia.click("Add this line")
	zofia.value("Rules, a line each", rule)
	zofia.press(enter, input.ModifierCtrl)
	zofia.see("Loses")
	zofia.wait("see who loses what", `document.querySelector(".effect.loses").innerText.includes("Sales Customers (all of them), export: all fields")`)
	if got := h.rules(); got != "" {
		t.Errorf("after trying, the rules are %q, want none", got)
	}
	zofia.shoot("rules")
	zofia.press("s", input.ModifierCtrl)
	zofia.see("The new rules are in force")
	if got := h.rules(); got != rule {
		t.Errorf("the rules are %q, want %q", got, rule)
	}

	// A line that cannot be understood is pinned to its number, and refused.
	zofia.fill("Rules, a line each", rule+"\np, role:NOBODY, "+firm+", Customer, read, firm, *, deny")
	zofia.press(enter, input.ModifierCtrl)
	zofia.see("Line 2: refused")
	zofia.wait("see the line marked", `document.querySelector(".line-editor li:nth-child(2)").className === "error"`)
	zofia.script(`document.querySelector(".findings button").click()`)
	zofia.wait("be in that line", `(() => { const a = document.activeElement; return a.value?.slice(a.selectionStart, a.selectionEnd).startsWith("p, role:NOBODY") })()`)
	zofia.shoot("rules-refused")

	// A colleague is first; one goes on with one's own text, and sees the difference to theirs.
	theirs := strings.Replace(rule, "SALES", "FINANCE", 1)
	mine := strings.Replace(rule, "export", "edit", 1)
	h.setRules(theirs)
	zofia.fill("Rules, a line each", mine)
	zofia.press(enter, input.ModifierCtrl)
	zofia.see("Somebody else replaced the rules meanwhile.")
	zofia.see("+ " + theirs)
	zofia.see("+ " + mine)
	zofia.shoot("rules-conflict")
	zofia.click("Go on with mine")
	zofia.miss("Somebody else replaced the rules meanwhile.")
	zofia.press("s", input.ModifierCtrl)
	zofia.see("What changes")
	zofia.see("Gains")
	zofia.press("s", input.ModifierCtrl)
	zofia.miss("Discard")
	if got := h.rules(); got != mine {
		t.Errorf("the rules are %q, want %q", got, mine)
	}
}
