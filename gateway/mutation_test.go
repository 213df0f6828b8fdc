package gateway_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fondaco/gateway"
	"fondaco/gateway/gatewaytest"
	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

type payload struct {
	Customer *struct {
		ID      string
		Version int
		Name    string
		City    *string
		Website *string
	}
	DeletedID  *string
	UserErrors []userError
}

type userError struct {
	Typename       string `json:"__typename"`
	Code, Message  string
	Path           []string
	CurrentVersion int
}

const customerParts = ` { customer { id version name city website } userErrors { __typename code message path ... on VersionConflict { currentVersion } } }`

func TestACustomerLives(t *testing.T) {
	t.Parallel()
	h := open(t)
	c := h.As(h.maker)
	var m struct{ P payload }
	c.Must(`mutation($in: CreateCustomerInput!) { p: createCustomer(input: $in)`+customerParts+`}`, vars{"in": vars{
		"name": " Pump & Co ", "customerType": "ORGANISATION", "status": "ACTIVE", "city": "Porto", "website": "https://pump.example",
		"annualRevenue": vars{"amount": "12.345", "currency": "EUR"}, "employees": "12",
	}}, &m)
	if m.P.Customer == nil || m.P.Customer.Name != "Pump & Co" || m.P.Customer.Version != 1 || *m.P.Customer.City != "Porto" {
		t.Fatalf("createCustomer = %+v", m.P)
	}
	id := m.P.Customer.ID
	// null clears, absent keeps.
	const update = `mutation($id: ID!, $v: Int!, $site: String) { p: updateCustomer(input: {id: $id, expectedVersion: $v, city: null, website: $site})` + customerParts + `}`
	c.Must(update, vars{"id": id, "v": 1}, &m)
	if m.P.Customer == nil || m.P.Customer.City != nil || m.P.Customer.Website == nil || m.P.Customer.Version != 2 {
		t.Fatalf("updateCustomer = %+v", m.P)
	}
	// A version that was overtaken changes nothing, and tells the present one.
	m.P = payload{}
	c.Must(update, vars{"id": id, "v": 1, "site": "https://other.example"}, &m)
	want := []userError{{"VersionConflict", "CONFLICT", m.P.UserErrors[0].Message, []string{"input", "expectedVersion"}, 2}}
	if diff := cmp.Diff(want, m.P.UserErrors); diff != "" || m.P.Customer != nil {
		t.Errorf("a stale update (-want +got):\n%s", diff)
	}
	var both struct {
		P struct {
			UserErrors []struct{ Current struct{ Name string } }
		}
	}
	c.Must(`mutation($id: ID!) { p: updateCustomer(input: {id: $id, expectedVersion: 1, city: "x"}) { userErrors { ... on VersionConflict { current { ... on Customer { name } } } } } }`,
		vars{"id": id}, &both)
	if len(both.P.UserErrors) != 1 || both.P.UserErrors[0].Current.Name != "Pump & Co" {
		t.Errorf("a stale update gives as current %+v", both)
	}
	m.P = payload{}
	c.Must(`mutation($id: ID!) { p: deleteCustomer(input: {id: $id, expectedVersion: 2}) { deletedId userErrors { __typename message } } }`, vars{"id": id}, &m)
	if m.P.DeletedID == nil || *m.P.DeletedID != id {
		t.Errorf("deleteCustomer = %+v", m.P)
	}
	if r := c.Do(`query($id: ID!) { customer(id: $id) { id } }`, vars{"id": id}); string(r.Data) != `{"customer":null}` {
		t.Errorf("after it was deleted it is %s", r.Data)
	}
}

func TestUserErrorsAreTyped(t *testing.T) {
	t.Parallel()
	h := open(t)
	own := gid(schema.Customers, h.customer(h.maker, "Own", nil))
	reader := h.Person(h.maker.Firm, "Reader", schema.ReadOnly)
	h.Share(h.maker, h.partner, h.partnership, `[{"kind":"Customer","level":"ALL","actions":["read"]}]`)
	update := `mutation { p: updateCustomer(input: {id: "` + own + `", expectedVersion: 1, city: "x"})` + customerParts + `}`
	for _, x := range []struct {
		name, query string
		as          string
		want        []string // type, code, path of each error
	}{
		{"two fields at once", `mutation { p: createCustomer(input: {name: "` + strings.Repeat("x", 300) + `", customerType: PERSON, status: ACTIVE, country: "PRT"})` + customerParts + `}`, "maker",
			[]string{"ValidationError INVALID input.name", "ValidationError INVALID input.country"}},
		{"an id of another kind", `mutation { p: createCustomer(input: {name: "x", customerType: PERSON, status: ACTIVE, assignee: "` + own + `"})` + customerParts + `}`, "maker",
			[]string{"ValidationError INVALID input.assignee"}},
		{"a currency that is none", `mutation { p: createCustomer(input: {name: "x", customerType: PERSON, status: ACTIVE, creditLimit: {amount: "1", currency: "QQQ"}})` + customerParts + `}`, "maker",
			[]string{"ValidationError INVALID input.creditLimit"}},
		{"version 0, which would not be checked", `mutation { p: updateCustomer(input: {id: "` + own + `", expectedVersion: 0, city: "x"})` + customerParts + `}`, "maker",
			[]string{"ValidationError INVALID input.expectedVersion"}},
		{"a record that is not there", strings.ReplaceAll(update, own, gid(schema.Customers, schema.NewID())), "maker", []string{"NotFound NOT_FOUND input"}},
		{"a record of strangers", update, "stranger", []string{"NotFound NOT_FOUND input"}},
		{"a record that is only shared for reading", update, "partner", []string{"Forbidden DENIED input"}},
		{"a role that only reads", update, "reader", []string{"Forbidden DENIED input"}},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			principal := h.maker
			switch x.as {
			case "stranger":
				principal = h.stranger
			case "partner":
				principal = h.partner
			case "reader":
				principal = reader
			}
			var m struct{ P payload }
			h.As(principal).Must(x.query, nil, &m)
			var got []string
			for _, e := range m.P.UserErrors {
				got = append(got, fmt.Sprintf("%s %s %s", e.Typename, e.Code, strings.Join(e.Path, ".")))
			}
			if diff := cmp.Diff(x.want, got); diff != "" || m.P.Customer != nil {
				t.Errorf("%+v (-want +got):\n%s", m.P, diff)
			}
		})
	}
}

func TestFieldsOfAMutationAreDoneInTheirOrderEachByItself(t *testing.T) {
	t.Parallel()
	h := open(t)
	r := h.As(h.maker).Do(`mutation {
		z: createTeam(input: {name: "First"}) { team { name } query { teams(first: 10) { nodes { name } } } }
		b: createTeam(input: {name: ""}) { team { name } userErrors { code } }
		__typename
		a: createTeam(input: {name: "Second"}) { query { teams(first: 10) { nodes { name } } } team { name } }
	}`, nil)
	same(t, r.Data, `{"z":{"team":{"name":"First"},"query":{"teams":{"nodes":[{"name":"First"}]}}},`+
		`"b":{"team":null,"userErrors":[{"code":"INVALID"}]},"__typename":"Mutation",`+
		`"a":{"query":{"teams":{"nodes":[{"name":"First"},{"name":"Second"}]}},"team":{"name":"Second"}}}`)
}

func TestAnIdempotencyKeyMakesARequestHappenOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	c := h.As(h.maker)
	const create = `mutation($key: String, $name: String!) { p: createCustomer(input: {name: $name, customerType: PERSON, status: ACTIVE, idempotencyKey: $key})` + customerParts + `}`
	var first, again, other struct{ P payload }
	c.Must(create, vars{"key": "k1", "name": "Once"}, &first)
	c.Must(create, vars{"key": "k1", "name": "Once"}, &again)
	if first.P.Customer == nil || again.P.Customer == nil || first.P.Customer.ID != again.P.Customer.ID {
		t.Errorf("the first request gives %+v, its repetition %+v", first.P, again.P)
	}
	c.Must(create, vars{"key": "k1", "name": "Other"}, &other)
	if len(other.P.UserErrors) != 1 || other.P.UserErrors[0].Typename != "IdempotencyConflict" {
		t.Errorf("another request with the same key gives %+v", other.P)
	}
	var byHeader [2]struct{ Data struct{ P payload } }
	for i := range byHeader {
		body := `{"query":` + quote(strings.ReplaceAll(create, "$key", "null")) + `,"variables":{"name":"Header"}}`
		body = strings.ReplaceAll(body, "null: String, ", "")
		_, _, raw := c.Send(http.MethodPost, "/graphql", strings.NewReader(body), "Content-Type", "application/json", "Idempotency-Key", "k2")
		if err := json.Unmarshal(raw, &byHeader[i]); err != nil || byHeader[i].Data.P.Customer == nil {
			t.Fatalf("%s, %v", raw, err)
		}
	}
	if byHeader[0].Data.P.Customer.ID != byHeader[1].Data.P.Customer.ID {
		t.Error("the header Idempotency-Key is not heeded")
	}
	// Another firm's key is another key.
	c = h.As(h.stranger)
	c.Must(create, vars{"key": "k1", "name": "Stranger's"}, &other)
	if other.P.Customer == nil {
		t.Errorf("another firm's request with the same key gives %+v", other.P)
	}
}

func quote(s string) string {
	raw, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(raw)
}

func TestRepetitionsAtTheSameTimeHappenOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	id := gid(schema.Customers, h.customer(h.maker, "Busy", nil))
	c := h.As(h.maker)
	var results [6]struct{ P payload }
	var all sync.WaitGroup
	for i := range results {
		all.Go(func() {
			c.Must(`mutation($id: ID!) { p: updateCustomer(input: {id: $id, expectedVersion: 1, city: "Gdynia", idempotencyKey: "same"})`+customerParts+`}`, vars{"id": id}, &results[i])
		})
	}
	all.Wait()
	for _, r := range results {
		if r.P.Customer == nil || r.P.Customer.Version != 2 {
			t.Errorf("a repetition gives %+v", r.P)
		}
	}
}

func TestARecordIsSharedAndTakenBack(t *testing.T) {
	t.Parallel()
	h := open(t)
	customer := gid(schema.Customers, h.customer(h.maker, "Granted", nil))
	agreement := gid(schema.SharingAgreements, h.Share(h.maker, h.partner, h.partnership, `[{"kind":"Customer","level":"GRANTED","actions":["read"]}]`))
	partner, maker := h.As(h.partner), h.As(h.maker)
	sees := func() bool {
		return !strings.Contains(partner.Do(`query($id: ID!) { node(id: $id) { id } }`, vars{"id": customer}).Body, `"node":null`)
	}
	if sees() {
		t.Fatal("the partner sees the customer before it is shared")
	}
	var m struct {
		P struct {
			Grant      *struct{ Reason, RecordKind string }
			DeletedID  *string
			UserErrors []userError
		}
	}
	share := `mutation($c: ID!, $a: ID!) { p: shareRecord(input: {recordId: $c, sharingAgreementId: $a, reason: "Tender"}) { grant { reason recordKind } userErrors { __typename message } } }`
	maker.Must(share, vars{"c": customer, "a": agreement}, &m)
	if m.P.Grant == nil || m.P.Grant.Reason != "Tender" || !sees() {
		t.Fatalf("shareRecord = %+v; the partner sees it: %t", m.P, sees())
	}
	unshare := `mutation($c: ID!, $a: ID!) { p: unshareRecord(input: {recordId: $c, sharingAgreementId: $a}) { deletedId userErrors { __typename message } } }`
	maker.Must(unshare, vars{"c": customer, "a": agreement}, &m)
	if m.P.DeletedID == nil || sees() {
		t.Errorf("unshareRecord = %+v; the partner sees it: %t", m.P, sees())
	}
	maker.Must(unshare, vars{"c": customer, "a": agreement}, &m)
	if len(m.P.UserErrors) != 1 || m.P.UserErrors[0].Typename != "NotFound" {
		t.Errorf("unshareRecord of what is not shared = %+v", m.P)
	}
}

func TestOffersAreAnsweredAndActionsTaken(t *testing.T) {
	t.Parallel()
	h := open(t)
	maker, partner := h.As(h.maker), h.As(h.partner)
	var made struct {
		P struct {
			SharingAgreement *struct {
				ID      string
				Version int
				State   string
				Actions []string
				Terms   json.RawMessage
			}
			UserErrors []userError
		}
	}
	const parts = ` { sharingAgreement { id version state actions terms } userErrors { __typename code message path } }`
	maker.Must(`mutation($in: CreateSharingAgreementInput!) { p: createSharingAgreement(input: $in)`+parts+`}`, vars{"in": vars{
		"name": "All", "addressedTo": gid(schema.Firms, h.partner.Firm.ID()), "partnership": gid(schema.Partnerships, h.partnership),
		"terms": []vars{{"kind": "Customer", "level": "ALL", "actions": []string{"read"}}},
	}}, &made)
	a := made.P.SharingAgreement
	if a == nil || a.State != "DRAFT" || fmt.Sprint(a.Actions) != "[OFFER REVOKE]" || !strings.Contains(string(a.Terms), `"Customer"`) {
		t.Fatalf("createSharingAgreement = %+v", made.P)
	}
	maker.Must(`mutation($id: ID!, $v: Int!) { p: offerSharingAgreement(input: {id: $id, expectedVersion: $v})`+parts+`}`, vars{"id": a.ID, "v": a.Version}, &made)
	if a = made.P.SharingAgreement; a == nil || a.State != "OFFERED" {
		t.Fatalf("offerSharingAgreement = %+v", made.P)
	}
	var answered struct {
		P struct {
			Acceptance *struct {
				Answer           string
				TextSha256       string
				SharingAgreement struct{ Name string }
			}
			UserErrors []userError
		}
	}
	partner.Must(`mutation($id: ID!) { p: answerSharingAgreement(input: {id: $id, answer: ACCEPTED}) { acceptance { answer textSha256 sharingAgreement { name } } userErrors { __typename message } } }`,
		vars{"id": a.ID}, &answered)
	if answered.P.Acceptance == nil || answered.P.Acceptance.SharingAgreement.Name != "All" || len(answered.P.Acceptance.TextSha256) != 64 {
		t.Fatalf("answerSharingAgreement = %+v", answered.P)
	}
	h.customer(h.maker, "Now open", nil)
	if r := partner.Do(`{customers(first: 1) { nodes { name } }}`, nil); !strings.Contains(r.Body, "Now open") {
		t.Errorf("after the acceptance the partner sees %s", r.Body)
	}
	maker.Must(`mutation($id: ID!, $v: Int!) { p: resumeSharingAgreement(input: {id: $id, expectedVersion: $v})`+parts+`}`, vars{"id": a.ID, "v": a.Version}, &made)
	if len(made.P.UserErrors) != 1 || made.P.UserErrors[0].Typename != "Conflict" {
		t.Errorf("an action that the state does not allow gives %+v", made.P)
	}
}

func TestADocumentIsUploadedAndDownloaded(t *testing.T) {
	t.Parallel()
	h := open(t)
	document := gid(schema.Documents, h.Create(h.maker, schema.Documents, partners.Values{"title": "Offer", "documentType": "PROPOSAL", "status": "ACTIVE"}))
	c := h.As(h.maker)
	body := "<html><script>alert(1)</script>"
	sum := sha256.Sum256([]byte(body))
	var started struct {
		P struct {
			Upload *struct {
				ID, URL, Method, MaxSize, ExpiresAt string
				Headers                             []struct{ Name, Value string }
			}
			UserErrors []userError
		}
	}
	const start = `mutation($d: ID!, $n: String!, $s: Long!) { p: createDocumentUpload(input: {document: $d, fileName: $n, size: $s}) { upload { id url method maxSize expiresAt headers { name value } } userErrors { code message path } } }`
	c.Must(start, vars{"d": document, "n": `C:\papers\offer é.html`, "s": len(body)}, &started)
	u := started.P.Upload
	if u == nil || u.Method != http.MethodPut || len(u.Headers) != 1 {
		t.Fatalf("createDocumentUpload = %+v", started.P)
	}
	const complete = `mutation($u: String!, $h: String!, $s: Long!) { p: completeDocumentUpload(input: {uploadId: $u, sha256: $h, size: $s, changeLog: "First"}) {
		documentVersion { id number fileName size sha256 mediaType changeLog document { title } download { url expiresAt } } userErrors { code message path } } }`
	type completed struct {
		P struct {
			DocumentVersion *struct {
				ID, Number, FileName, Size, Sha256, MediaType, ChangeLog string
				Download                                                 struct{ URL string }
			}
			UserErrors []userError
		}
	}
	var done completed
	c.Must(complete, vars{"u": u.ID, "h": hex.EncodeToString(sum[:]), "s": len(body)}, &done)
	if len(done.P.UserErrors) != 1 || done.P.UserErrors[0].Code != "NOT_FOUND" {
		t.Errorf("an upload is completed before the bytes have come: %+v", done.P)
	}
	if status, _, raw := c.Send("PUT", u.URL, strings.NewReader(body[:5])); status != http.StatusBadRequest {
		t.Errorf("too few bytes are answered with %d %s", status, raw)
	}
	if status, _, raw := c.Send("PUT", u.URL, strings.NewReader(body+"more")); status != http.StatusRequestEntityTooLarge {
		t.Errorf("too many bytes are answered with %d %s", status, raw)
	}
	if status, _, raw := c.Send("PUT", u.URL+"x", strings.NewReader(body)); status != http.StatusForbidden {
		t.Errorf("a changed address is answered with %d %s", status, raw)
	}
	if status, _, raw := c.Send("PUT", u.URL, strings.NewReader(body)); status != http.StatusNoContent {
		t.Fatalf("the bytes are answered with %d %s", status, raw)
	}
	c.Must(complete, vars{"u": u.ID, "h": strings.Repeat("0", 64), "s": len(body)}, &done)
	if len(done.P.UserErrors) != 1 || fmt.Sprint(done.P.UserErrors[0].Path) != "[input sha256]" {
		t.Errorf("another hash gives %+v", done.P)
	}
	done = completed{}
	h.As(h.stranger).Must(complete, vars{"u": u.ID, "h": hex.EncodeToString(sum[:]), "s": len(body)}, &done)
	if len(done.P.UserErrors) != 1 || done.P.UserErrors[0].Code != "NOT_FOUND" {
		t.Errorf("a stranger completes the upload: %+v", done.P)
	}
	done = completed{}
	c.Must(complete, vars{"u": u.ID, "h": hex.EncodeToString(sum[:]), "s": len(body)}, &done)
	v := done.P.DocumentVersion
	if v == nil || v.Number != "1" || v.FileName != "offer é.html" || v.Size != strconv.Itoa(len(body)) || v.ChangeLog != "First" {
		t.Fatalf("completeDocumentUpload = %+v", done.P)
	}
	status, header, raw := h.As(h.stranger).Send("GET", v.Download.URL, nil)
	if status != 200 || string(raw) != body {
		t.Errorf("the download is %d %q", status, raw)
	}
	for name, want := range map[string]string{
		"Content-Type": "application/octet-stream", "X-Content-Type-Options": "nosniff",
		"Content-Disposition": "attachment; filename*=utf-8''offer%20%C3%A9.html",
	} {
		if header.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, header.Get(name), want)
		}
	}
	if !strings.HasPrefix(header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("Content-Security-Policy is %q", header.Get("Content-Security-Policy"))
	}
	if status, _, raw := c.Send("GET", v.Download.URL, nil, "Range", "bytes=1-4"); status != http.StatusPartialContent || string(raw) != "html" {
		t.Errorf("a range of the download is %d %q", status, raw)
	}
	// The ticket is that of its reader: when the document is withdrawn, it opens nothing.
	h.Do(h.maker, partners.Command{Verb: partners.Delete, Kind: schema.Documents, ID: parse(t, document)})
	if status, _, raw := c.Send("GET", v.Download.URL, nil); status != http.StatusNotFound {
		t.Errorf("the download of a withdrawn document is %d %q", status, raw)
	}
	started.P.Upload = nil
	c.Must(start, vars{"d": document, "n": "x", "s": 1}, &started)
	if len(started.P.UserErrors) != 1 {
		t.Errorf("an upload to a withdrawn document gives %+v", started.P)
	}
}

func TestALimitSaysHowMuchIsAllowed(t *testing.T) {
	t.Parallel()
	h := open(t)
	document := gid(schema.Documents, h.Create(h.maker, schema.Documents, partners.Values{"title": "Offer", "documentType": "PROPOSAL", "status": "ACTIVE"}))
	const start = `mutation($d: ID!) { createDocumentUpload(input: {document: $d, fileName: "a.bin", size: "999999999999"}) { upload { id } userErrors { __typename path ... on LimitExceeded { max } } } }`
	same(t, h.As(h.maker).Do(start, vars{"d": document}).Data,
		`{"createDocumentUpload":{"upload":null,"userErrors":[{"__typename":"LimitExceeded","path":["input","size"],"max":"104857600"}]}}`)
}

// TestAnUploadIsPreparedOnce: the same request with the same key names the
// same upload, also of those that come at once; after an hour its place is
// opened anew.
func TestAnUploadIsPreparedOnce(t *testing.T) {
	t.Parallel()
	c := newClock()
	h := &house{Server: gatewaytest.Serve(t, partnerstest.Open(t), func(o *gateway.Options) { o.Now = c.now })}
	h.maker = h.Firm("Maker", "PL")
	document := gid(schema.Documents, h.Create(h.maker, schema.Documents, partners.Values{"title": "Offer", "documentType": "PROPOSAL", "status": "ACTIVE"}))
	type started struct {
		P struct {
			Upload     *struct{ ID, URL, ExpiresAt string }
			UserErrors []struct {
				Typename string `json:"__typename"`
			}
		}
	}
	start := func(p policy.Principal, key any, name string) (s started) {
		t.Helper()
		h.As(p).Must(`mutation($d: ID!, $n: String!, $k: String) { p: createDocumentUpload(input: {document: $d, fileName: $n, size: "4", idempotencyKey: $k}) {
			upload { id url expiresAt } userErrors { __typename } } }`, vars{"d": document, "n": name, "k": key}, &s)
		return s
	}
	var all sync.WaitGroup
	atOnce := make([]started, 4)
	for i := range atOnce {
		all.Go(func() { atOnce[i] = start(h.maker, "key", "a.txt") })
	}
	all.Wait()
	c.pass(30 * minute)
	first := atOnce[0].P.Upload
	for _, s := range append(slices.Clone(atOnce), start(h.maker, "key", "a.txt")) {
		if s.P.Upload == nil || s.P.Upload.ID != first.ID || s.P.Upload.ExpiresAt != first.ExpiresAt {
			t.Errorf("one request is answered %+v, another %+v", first, s.P)
		}
	}
	for _, key := range []any{nil, "other"} {
		if s := start(h.maker, key, "a.txt"); s.P.Upload == nil || s.P.Upload.ID == first.ID {
			t.Errorf("with the key %v is answered %+v, want an upload of its own", key, s.P)
		}
	}
	if s := start(h.maker, "key", "b.txt"); s.P.Upload != nil || len(s.P.UserErrors) != 1 || s.P.UserErrors[0].Typename != "IdempotencyConflict" {
		t.Errorf("another request with the same key is answered %+v", s.P)
	}
	c.pass(45 * minute)
	if status, _, raw := h.As(h.maker).Send("PUT", first.URL, strings.NewReader("body")); status != http.StatusForbidden {
		t.Errorf("after its time the place takes bytes: %d %s", status, raw)
	}
	again := start(h.maker, "key", "a.txt")
	if again.P.Upload == nil || again.P.Upload.ID != first.ID || again.P.Upload.ExpiresAt == first.ExpiresAt {
		t.Fatalf("after its time the request is answered %+v", again.P)
	}
	if status, _, raw := h.As(h.maker).Send("PUT", again.P.Upload.URL, strings.NewReader("body")); status != http.StatusNoContent {
		t.Errorf("the bytes are answered with %d %s", status, raw)
	}
}
