package trading_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"fondaco/exchange/trading"
	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// world is a node with a maker that receives, a distributor that sends, and a
// firm that has nothing to do with either.
type world struct {
	t *testing.T
	*trading.Service
	node                      *partnerstest.Node
	dir                       string
	maker, distributor, third policy.Principal
	partner                   trading.Partner
	token                     string
	ahead                     atomic.Int64 // how far the clock is ahead
}

// pass lets time go by.
func (w *world) pass(d time.Duration) { w.ahead.Add(int64(d)) }

func open(t *testing.T, change ...func(*trading.Partner)) *world {
	t.Helper()
	w := &world{t: t, dir: t.TempDir()}
	n := partnerstest.Open(t, func(o *partners.Options) {
		o.Now = func() time.Time { return time.Now().Add(time.Duration(w.ahead.Load())) }
	})
	w.node = n
	w.maker, w.distributor, w.third = n.Firm("Maker Polska", "PL"), n.Firm("LusoDist", "PT"), n.Firm("Outsider", "FR")
	n.Partnership(w.maker, w.distributor)
	n.Partnership(w.maker, w.third)
	w.start()
	p := trading.Partner{
		Receiver: w.maker.Firm, Sender: w.distributor.Firm, Name: "lusodist", SenderQualifier: "ZZ", SenderID: "LUSODIST",
		ReceiverQualifier: "01", ReceiverID: "364128874", TestAllowed: true,
	}
	for _, c := range change {
		c(&p)
	}
	var err error
	if w.partner, w.token, err = w.AddPartner(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// start makes the service, as a process does that starts.
func (w *world) start() {
	w.t.Helper()
	s, err := trading.New(trading.Options{Partners: w.node.Service, Dir: w.dir, Stable: time.Nanosecond})
	if err != nil {
		w.t.Fatal(err)
	}
	w.Service = s
}

// restart stands for a process that died, and one that starts.
func (w *world) restart() {
	w.t.Helper()
	if err := w.Close(); err != nil {
		w.t.Fatal(err)
	}
	w.start()
}

// receive hands a file over through the mailbox's token and works it off.
func (w *world) receive(name, data string) trading.Status {
	w.t.Helper()
	rec, err := w.Receive(w.t.Context(), trading.Delivery{Partner: w.partner.ID, Firm: w.distributor.Firm, Transport: "https", Name: name}, strings.NewReader(data))
	if err != nil {
		w.t.Fatal(err)
	}
	w.cycle()
	return w.status(rec.ID)
}

func (w *world) cycle() {
	w.t.Helper()
	if err := w.Cycle(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) status(receipt schema.ID) trading.Status {
	w.t.Helper()
	st, err := w.Status(w.t.Context(), w.distributor.Firm, receipt)
	if err != nil {
		w.t.Fatal(err)
	}
	return st
}

// drop puts a file into the mailbox's in/.
func (w *world) drop(name, data string) {
	w.t.Helper()
	if err := os.WriteFile(filepath.Join(w.Folder(w.partner), "in", name), []byte(data), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// files lists a folder of the mailbox.
func (w *world) files(folder string) []string {
	w.t.Helper()
	entries, err := os.ReadDir(filepath.Join(w.Folder(w.partner), folder))
	if err != nil {
		w.t.Fatal(err)
	}
	names := []string{}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// list reads fields of all records of a kind as somebody sees them: one line a
// record, in the order of creation.
func (w *world) list(p policy.Principal, k *schema.Kind, fields ...string) []string {
	w.t.Helper()
	plan := &partners.Plan{Kind: k, First: 200, Order: []partners.Order{{}}}
	for _, f := range fields {
		plan.Fields = append(plan.Fields, k.FieldNamed(f))
	}
	pages, err := w.node.Read(policy.With(w.t.Context(), p), plan)
	if err != nil {
		w.t.Fatal(err)
	}
	lines := []string{}
	for _, row := range pages[0].Rows {
		var cells []string
		for i, c := range row.Cells {
			cells = append(cells, cell(plan.Fields[i], c))
		}
		lines = append(lines, strings.Join(cells, " | "))
	}
	return lines
}

func cell(f *schema.Field, raw []byte) string {
	switch {
	case raw == nil:
		return "-"
	case f.Type == schema.Link:
		return "link"
	case f.Type == schema.Int:
		n := 0
		for _, b := range raw {
			n = n<<8 | int(b)
		}
		return strconv.Itoa(n)
	}
	return string(raw)
}

// one runs a statement that gives one number, beyond the fence.
func (w *world) one(statement string, args ...any) int {
	w.t.Helper()
	var n int
	w.ask(&n, statement, args...)
	return n
}

// text runs a statement that gives one text, beyond the fence.
func (w *world) text(statement string, args ...any) string {
	w.t.Helper()
	var s string
	w.ask(&s, statement, args...)
	return s
}

func (w *world) ask(target any, statement string, args ...any) {
	w.t.Helper()
	ctx := w.t.Context()
	conn, err := pgx.Connect(ctx, w.node.DSN)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = conn.Close(ctx) }()
	if err := conn.QueryRow(ctx, statement, args...).Scan(target); err != nil {
		w.t.Fatal(err)
	}
}

// file is an interchange of 867s.
func file(control int, transactions ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "ISA*00*          *00*          *ZZ*LUSODIST       *01*364128874      *240408*0612*U*00401*%09d*0*P*>~\n", control)
	fmt.Fprintf(&b, "GS*PT*LUSODIST*MAKERPL*20240408*0612*%d*X*004010~\n", control)
	for i, t := range transactions {
		body := strings.TrimSpace(t)
		fmt.Fprintf(&b, "ST*867*%04d~\n%s\nSE*%d*%04d~\n", i+1, body, strings.Count(body, "~")+2, i+1)
	}
	fmt.Fprintf(&b, "GE*%d*%d~\nIEA*1*%09d~\n", len(transactions), control, control)
	return b.String()
}

// sale is an 867 with one sale of one line.
func sale(report, invoice, customer, part string, quantity int) string {
	return fmt.Sprintf(`
BPT*00*%s*20240408*02~
CUR*SE*EUR~
DTM*090*20240401~
DTM*091*20240407~
N1*DS*LusoDist Distribuicao SA*92*PT-PORTO~
PTD*SS~
DTM*003*20240402~
REF*IV*%s~
%s
QTY*32*%d~
LIN*1*VP*%s~
UIT*EA*412.50~
PID*F****Wireless access point~
REF*CT*SPA-4471~
REF*ZZ*DR-1*DEAL REGISTRATION~
REF*SE*S1~
CTT*1~`, report, invoice, customer, quantity, part)
}

const hospital = "N1*EN*Hospital de Braga EPE*92*E90012~\nN4*Braga**4710-243*PT~"

// bad is a sale whose price is no number.
func bad(report string) string {
	return strings.Replace(sale(report, "FT 2", hospital, "MX-1", 1), "412.50", "12,50", 1)
}

// stored lists the files that the service keeps.
func (w *world) stored() []string {
	w.t.Helper()
	var names []string
	for _, pattern := range []string{"staging/*", "receipts/*/*"} {
		some, err := filepath.Glob(filepath.Join(w.dir, pattern))
		if err != nil {
			w.t.Fatal(err)
		}
		names = append(names, some...)
	}
	return names
}
