package federation_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"fondaco/exchange/exchangetest"
)

// subjectCovers tells of every subject on which a node listens, and of every
// stream, by which test of two worlds it is driven, or why by none. Firms stand
// as {firm} and inboxes as {inbox}.
var subjectCovers = map[string]string{
	"stream FONDACO_{firm}":   "TestTwoWorldsByFederation",
	"fondaco.batch.{firm}.*":  "TestTwoWorldsByFederation: the subject of the mailbox's stream",
	"fondaco.report.{firm}.*": "TestTwoWorldsByFederation: what the receiver says of what it has got",
	"fondaco.body.{firm}.*":   "TestBytesOfHiddenDocumentsAreNobodys",
	"fondaco.purge.*.*":       "answers that what the asker itself has sent is gone",
	"_INBOX.{inbox}":          "answers to what this node asked",
	"_INBOX_{firm}.{inbox}":   "answers to what this node asked",
	"$JS.{inbox}":             "of the server's: the permissions of a firm let it use its own mailbox alone (TestPartnerIsRefusedWhatIsNotItsOwn)",
	"$SYS.{inbox}":            "of the server's own account, in which no firm is",
	"$JSC.{inbox}":            "of the server's, within",
	"_R_.{inbox}":             "of the server's, within",
	"$NRG.{inbox}":            "of the server's, within",
}

var (
	firmText  = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	innerText = regexp.MustCompile(`^(_INBOX|_INBOX_\{firm\}|\$JS|\$SYS|\$JSC|_R_|\$NRG)\..*`)
)

func TestEverySubjectAndStreamHasATestOfTwoWorlds(t *testing.T) {
	t.Parallel()
	p := exchangetest.Pair(t)
	p.A.Settle()
	p.B.Settle()
	subjects, streams, err := p.Server.Surfaces(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, s := range subjects {
		s = firmText.ReplaceAllString(s, "{firm}")
		found[innerText.ReplaceAllString(s, "$1.{inbox}")] = true
	}
	for _, s := range streams {
		found["stream "+firmText.ReplaceAllString(s, "{firm}")] = true
	}
	for s := range found {
		if subjectCovers[s] == "" {
			t.Errorf("of %s nothing is said: which test of two worlds drives it, or why can it show no firm what is another's?", s)
		}
	}
	for _, s := range []string{"stream FONDACO_{firm}", "fondaco.batch.{firm}.*", "fondaco.report.{firm}.*", "fondaco.body.{firm}.*", "fondaco.purge.*.*"} {
		if !found[s] {
			t.Errorf("%s is not there any more: take it off the list", s)
		}
	}
	t.Logf("%d subscriptions, %d streams: %s", len(subjects), len(streams), strings.Join(slices.Sorted(maps.Keys(found)), ", "))
}
