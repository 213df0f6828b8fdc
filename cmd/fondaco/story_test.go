package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"fondaco/partners/postgres"
	"fondaco/partners/postgres/postgrestest"
)

// stage is the demo on which the story is played.
type stage struct {
	*testing.T
	announcement
	anna, joao, camille *client
	customer            string // global id of the shared customer
	version             string // of the document
}

// TestStory walks the story of the README on the real program: two nodes, one
// PostgreSQL, one NATS between them. The steps build on each other.
func TestStory(t *testing.T) {
	t.Parallel()
	a := startDemo(t, postgrestest.Folder(t))
	s := &stage{
		T: t, announcement: a,
		anna: signIn(t, a.MakerURL, "anna@wisla.example", a.Password),
		joao: signIn(t, a.PartnerURL, "joao@lusitania.example", a.Password), camille: signIn(t, a.MakerURL, "camille@rhone.example", a.Password),
	}
	s.seesWhatIsShared()
	s.notesTravelBack()
	s.documentsAreFetched()
	s.dealsConflict()
	s.reportIsAcknowledged()
	s.takenBackIsGone()
}

// seesWhatIsShared: the partner, on its own node, sees exactly the shared
// customers and fields.
func (s *stage) seesWhatIsShared() {
	data := s.joao.query(`{ customers(first: 50) { totalCount { value isExact } nodes { id name phone email maskedFields owner { id legalName } annualRevenue { amount } } } }`, nil)
	var names []string
	for _, n := range at(s.T, data, "customers", "nodes").([]any) {
		names = append(names, at(s.T, n, "name").(string))
		if at(s.T, n, "annualRevenue") != nil {
			s.Errorf("%v: the revenue is shown", n)
		}
		for _, hidden := range []string{"annualRevenue", "creditLimit", "description", "customerNumber"} {
			if !slices.Contains(at(s.T, n, "maskedFields").([]any), any(hidden)) {
				s.Errorf("%v: %s is not told to be masked", n, hidden)
			}
		}
		if at(s.T, n, "phone") == nil {
			s.Errorf("%v: the phone is hidden", n)
		}
		if at(s.T, n, "name") == "Águas do Douro e Paiva" {
			s.customer = at(s.T, n, "id").(string)
		}
	}
	slices.Sort(names)
	want := []string{"Cooperativa Agrícola do Alentejo", "Câmara Municipal de Évora", "Hotéis da Ria Formosa", "Lisboa Saneamento", "Águas do Douro e Paiva"}
	if !slices.Equal(names, want) {
		s.Fatalf("the partner sees %q, want %q", names, want)
	}
	// What the maker keeps to itself is not on the partner's node at all.
	for _, secret := range []string{"412000", "18 %", "Replaces the pumps"} {
		if n := s.rowsHolding("distributor", secret); n != 0 {
			s.Errorf("%q stands in %d rows of the partner's database", secret, n)
		}
	}
}

// notesTravelBack: the partner adds a note, which the owner sees live.
func (s *stage) notesTravelBack() {
	next := s.anna.subscribe(`subscription { changes(kinds: [INTERACTION]) { operation record { id ... on Interaction { subject body customer { name } owner { legalName } } } } }`)
	maker := at(s.T, s.joao.query(`query($id: ID!) { customer(id: $id) { ownerId } }`, object{"id": s.customer}), "customer", "ownerId")
	s.joao.mutate("createInteraction", "CreateInteractionInput", "interaction { id }", object{
		"customer": s.customer, "interactionType": "NOTE", "occurredAt": "2026-11-20T10:00:00Z", "subject": "They want a visit in December", "body": "Ask for *remote reading*.",
		"audience": "FIRMS", "audienceFirms": []any{maker},
	})
	s.joao.mutate("createInteraction", "CreateInteractionInput", "interaction { id }", object{
		"customer": s.customer, "interactionType": "NOTE", "occurredAt": "2026-11-20T10:05:00Z", "subject": "Only for us", "audience": "FIRM",
	})
	event := next()
	record := at(s.T, event, "changes", "record")
	if at(s.T, record, "subject") != "They want a visit in December" || at(s.T, record, "customer", "name") != "Águas do Douro e Paiva" {
		s.Errorf("the owner is told %v, want the partner's note", event)
	}
	if name := at(s.T, record, "owner", "legalName"); name != "Lusitânia Distribuição Lda" {
		s.Errorf("the note comes from %v, want the partner's name", name)
	}
	if n := s.rowsHolding("maker", "Only for us"); n != 0 {
		s.Errorf("the partner's own note stands in %d rows of the maker's database", n)
	}
}

// documentsAreFetched: a document shared with the partner is downloaded at
// the partner's own node.
func (s *stage) documentsAreFetched() {
	const text = "Offer for two submersible pumps WP-80"
	sum := sha256.Sum256([]byte(text))
	document := at(s.T, s.anna.mutate("createDocument", "CreateDocumentInput", "document { id }", object{
		"customer": s.customer, "title": "Offer 2026/118", "documentType": "PROPOSAL", "status": "ACTIVE",
		"audience": "FIRMS", "audienceFirms": []any{globalFirm(s.Partner)},
	}), "document", "id")
	upload := at(s.T, s.anna.mutate("createDocumentUpload", "CreateDocumentUploadInput", "upload { id url method headers { name value } }", object{
		"document": document, "fileName": "offer.txt", "size": strconv.Itoa(len(text)),
	}), "upload")
	headers := map[string]string{}
	for _, h := range at(s.T, upload, "headers").([]any) {
		headers[at(s.T, h, "name").(string)] = at(s.T, h, "value").(string)
	}
	if status, body := s.anna.send(http.MethodPut, at(s.T, upload, "url").(string), headers, strings.NewReader(text)); status >= 300 {
		s.Fatalf("upload: %d %s", status, body)
	}
	s.version = at(s.T, s.anna.mutate("completeDocumentUpload", "CompleteDocumentUploadInput", "documentVersion { id }", object{
		"uploadId": at(s.T, upload, "id"), "sha256": hex.EncodeToString(sum[:]), "size": strconv.Itoa(len(text)),
	}), "documentVersion", "id").(string)
	eventually(s.T, "the bytes arrive at the partner's node", func() bool {
		version := at(s.T, s.joao.query(`query($id: ID!) { documentVersion(id: $id) { sha256 download { url } } }`, object{"id": s.version}), "documentVersion")
		if version == nil {
			return false
		}
		status, body := s.joao.send(http.MethodGet, at(s.T, version, "download", "url").(string), nil, nil)
		return status == http.StatusOK && string(body) == text
	})
}

// dealsConflict: the partner registers a deal that conflicts, and learns
// only that.
func (s *stage) dealsConflict() {
	id, version := s.registerDeal("Regadios de la Raya")
	s.joao.mutate("submitDealRegistration", "SubmitDealRegistrationInput", "dealRegistration { state }", object{"id": id, "expectedVersion": version})
	const decisions = `{ dealDecisions(first: 10) { nodes { reviewStatus conflict conflictReport maskedFields dealRegistration { id } } } }`
	var answer object
	eventually(s.T, "the decision arrives at the partner's node", func() bool {
		answer = s.joao.query(decisions, nil)
		return len(at(s.T, answer, "dealDecisions", "nodes").([]any)) > 0
	})
	if at(s.T, answer, "dealDecisions", "nodes", 0, "conflict") != true {
		s.Errorf("the partner is told %v, want that there is a conflict", answer)
	}
	for _, secret := range []string{"Mercado Sur", "regadios-raya", "Badajoz"} {
		if n := s.rowsHolding("distributor", secret); n != 0 {
			s.Errorf("%q stands in %d rows of the partner's database", secret, n)
		}
	}
	if report := fmt.Sprint(s.anna.query(decisions, nil)); !strings.Contains(report, "Regadíos de la Raya") {
		s.Errorf("the vendor reads %s, want with whom the conflict is", report)
	}
}

func (s *stage) registerDeal(company string) (id, version any) {
	deal := at(s.T, s.joao.mutate("createDealRegistration", "CreateDealRegistrationInput", "dealRegistration { id version state }", object{
		"name": "Irrigation on both sides of the border", "addressedTo": globalFirm(s.Maker), "companyName": company, "companyCountry": "ES",
		"companyCity": "Olivenza", "estimatedDealSize": object{"amount": "71000.00", "currency": "EUR"}, "estimatedCloseOn": "2027-04-30",
	}), "dealRegistration")
	return at(s.T, deal, "id"), at(s.T, deal, "version")
}

// reportIsAcknowledged: a sales report with one broken document of three is
// dropped; the acknowledgment says which, and the good lines are visible to
// both firms.
func (s *stage) reportIsAcknowledged() {
	file, err := os.ReadFile(s.EDIFile)
	if err != nil {
		s.Fatal(err)
	}
	drop := func() {
		status, body := s.camille.send(http.MethodPost, s.MakerURL+"/edi/in?wait=20s",
			map[string]string{"Authorization": "Bearer " + s.EDIToken, "X-File-Name": "sales-report.edi"}, strings.NewReader(string(file)))
		var answer object
		if err := json.Unmarshal(body, &answer); err != nil || status != http.StatusOK {
			s.Fatalf("drop: %d %s", status, body)
		}
	}
	drop()
	const lines = `{ salesReportLines(first: 50) { nodes { invoiceNumber partNumber quantity unitPrice endCustomerName customer { name status } } } interchanges(first: 10) { nodes { flow state controlNumber transactionSets(first: 10, orderBy: [{field: PLACE}]) { nodes { controlNumber verdict findings } } } } customers(first: 50, filter: {status: {eq: UNCONFIRMED}}) { nodes { name } } }`
	var answer object
	eventually(s.T, "the report is posted", func() bool {
		answer = s.anna.query(lines, nil)
		return len(at(s.T, answer, "salesReportLines", "nodes").([]any)) == 4
	})
	var verdicts []any
	for _, i := range at(s.T, answer, "interchanges", "nodes").([]any) {
		if at(s.T, i, "flow") == "RECEIVED" {
			for _, set := range at(s.T, i, "transactionSets", "nodes").([]any) {
				verdicts = append(verdicts, at(s.T, set, "verdict"))
			}
		}
	}
	if !slices.Equal(verdicts, []any{"ACCEPTED", "REJECTED", "ACCEPTED"}) {
		s.Errorf("the documents were judged %v, want the second alone rejected", verdicts)
	}
	if text := fmt.Sprint(at(s.T, answer, "customers", "nodes")); !strings.Contains(text, "Cave Cooperative de Fleurie") || strings.Contains(text, "Beaujolais") {
		s.Errorf("unconfirmed customers are %s, want the new one and not the one that is known", text)
	}
	own := s.camille.query(lines, nil)
	if got := at(s.T, own, "salesReportLines", "nodes").([]any); len(got) != 4 || at(s.T, got[0], "customer") != nil {
		s.Errorf("the distributor sees %v, want its four lines without the maker's customers", got)
	}
	if ack := s.acknowledgment(); !strings.Contains(ack, "AK2*867*0002") || !strings.Contains(ack, "AK5*R") || !strings.Contains(ack, "AK9*P*3*3*2") {
		s.Errorf("the acknowledgment is\n%s\nwant it to reject the second document alone", ack)
	}
	drop()
	if again := s.anna.query(lines, nil); len(at(s.T, again, "salesReportLines", "nodes").([]any)) != 4 {
		s.Error("the same file twice made lines twice")
	}
}

func (s *stage) acknowledgment() string {
	var files object
	headers := map[string]string{"Authorization": "Bearer " + s.EDIToken}
	eventually(s.T, "the acknowledgment is there to be fetched", func() bool {
		_, body := s.camille.send(http.MethodGet, s.MakerURL+"/edi/out?all=true", headers, nil)
		return json.Unmarshal(body, &files) == nil && len(at(s.T, files, "files").([]any)) > 0
	})
	_, body := s.camille.send(http.MethodGet, s.MakerURL+"/edi/out/"+fmt.Sprint(at(s.T, files, "files", 0, "id")), headers, nil)
	return string(body)
}

// takenBackIsGone: the owner unshares; the copies and the bytes leave the
// partner's node, and a receipt is kept.
func (s *stage) takenBackIsGone() {
	data := s.anna.query(`query($id: ID!) { sharingAgreement(id: $id) { id version state } }`, object{"id": globalID("SharingAgreement", s.Agreement)})
	agreement := at(s.T, data, "sharingAgreement")
	s.anna.mutate("revokeSharingAgreement", "RevokeSharingAgreementInput", "sharingAgreement { state }",
		object{"id": at(s.T, agreement, "id"), "expectedVersion": at(s.T, agreement, "version")})
	eventually(s.T, "the copies leave the partner's node", func() bool {
		return len(at(s.T, s.joao.query(`{ customers(first: 50) { nodes { id } } }`, nil), "customers", "nodes").([]any)) == 0
	})
	for _, secret := range []string{"guas do Douro", "Teresa Moreira", "Offer 2026/118", "+351 22 605"} {
		if n := s.rowsHolding("distributor", secret); n != 0 {
			s.Errorf("%q stands in %d rows of the partner's database", secret, n)
		}
	}
	eventually(s.T, "the bytes leave the partner's node", func() bool { return !s.holdsFile("distributor", "Offer for two submersible") })
	own := s.joao.query(`{ interactions(first: 50) { nodes { subject } } }`, nil)
	if got := fmt.Sprint(own); !strings.Contains(got, "Only for us") || !strings.Contains(got, "They want a visit") {
		s.Errorf("the partner's own notes are %s, want both kept", got)
	}
	var receipts int
	eventually(s.T, "the receipt is kept", func() bool {
		s.count("maker", &receipts, "SELECT count(*) FROM federation_receipts")
		return receipts > 0
	})
}

// rowsHolding counts the rows of a node's database in which a text stands.
func (s *stage) rowsHolding(node, text string) int {
	var tables []string
	conn := s.connect(node)
	defer conn.Close(s.Context())
	rows, err := conn.Query(s.Context(), "SELECT format('%I', c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')")
	if err != nil {
		s.Fatal(err)
	}
	if tables, err = pgx.CollectRows(rows, pgx.RowTo[string]); err != nil {
		s.Fatal(err)
	}
	found := 0
	for _, table := range tables {
		var n int
		if err := conn.QueryRow(s.Context(), "SELECT count(*) FROM "+table+" x WHERE x::text LIKE $1", "%"+text+"%").Scan(&n); err != nil {
			s.Fatalf("search %s: %v", table, err)
		}
		found += n
	}
	return found
}

func (s *stage) connect(node string) *pgx.Conn {
	address, err := postgres.Join(s.Context(), filepath.Join(s.Data, "postgres"))
	if err != nil {
		s.Fatal(err)
	}
	conn, err := pgx.Connect(s.Context(), address.DSN("fondaco_"+node, ""))
	if err != nil {
		s.Fatal(err)
	}
	return conn
}

func (s *stage) count(node string, n *int, statement string) {
	conn := s.connect(node)
	defer conn.Close(s.Context())
	if err := conn.QueryRow(s.Context(), statement).Scan(n); err != nil {
		s.Fatalf("%s: %v", statement, err)
	}
}

// holdsFile tells whether some file of a node holds a text.
func (s *stage) holdsFile(node, text string) bool {
	found := false
	err := filepath.WalkDir(filepath.Join(s.Data, node), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !d.Type().IsRegular() {
			return nil //nolint:nilerr // files come and go while the node runs
		}
		if content, err := os.ReadFile(path); err == nil && strings.Contains(string(content), text) {
			found = true
		}
		return nil
	})
	if err != nil {
		s.Fatal(err)
	}
	return found
}
