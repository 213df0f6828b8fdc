package trading_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fondaco/edi/sets"
	"fondaco/exchange/trading"
	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

var (
	twinSecrets = flag.Int("twins", 10, "how many secrets the test of two worlds keeps")
	twinSeed    = flag.Uint64("twins.seed", 1, "seed of the test of two worlds")
)

// ediTwins are the trading services of two nodes that were one. The viewer's
// firm and its rival both send files to the maker.
type ediTwins struct {
	*partnerstest.Twins
	t            *testing.T
	veil         *partnerstest.Veil
	services     map[*partnerstest.Node]*trading.Service
	mine, theirs trading.Partner
	token, other string
	samples      []string
	hits         map[string]int // requests by their route
	ids          map[*partnerstest.Node][]string
	control      int
}

func newEDITwins(t *testing.T) *ediTwins {
	t.Helper()
	w := &ediTwins{t: t, services: map[*partnerstest.Node]*trading.Service{}, hits: map[string]int{},
		ids: map[*partnerstest.Node][]string{}, control: 100}
	w.Twins = partnerstest.NewTwins(t, func(n *partnerstest.Node) {
		w.veil = partnerstest.NewVeil(n, *twinSeed)
		s := w.open(n, t.TempDir())
		w.mine, w.token = w.add(s, "tejo", "LUSODIST", w.veil.Viewer)
		w.theirs, w.other = w.add(s, "rival", "RIVALDIST", w.veil.Rival)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	})
	for _, n := range []*partnerstest.Node{w.A, w.B} {
		s := w.open(n, t.TempDir())
		w.services[n] = s
		for _, p := range []trading.Partner{w.mine, w.theirs} {
			for _, box := range []string{"in", "out", "err"} {
				if err := os.MkdirAll(filepath.Join(s.Folder(p), box), 0o700); err != nil {
					t.Fatal(err)
				}
			}
		}
		t.Cleanup(func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	names, err := fs.Glob(sets.Files(), "*/*/*/sample.edi") // X12 and EDIFACT
	if err != nil || len(names) == 0 {
		t.Fatalf("%d samples, %v", len(names), err)
	}
	for _, name := range names {
		data, err := fs.ReadFile(sets.Files(), name)
		if err != nil {
			t.Fatal(err)
		}
		w.samples = append(w.samples, string(data))
	}
	return w
}

func (w *ediTwins) open(n *partnerstest.Node, dir string) *trading.Service {
	w.t.Helper()
	s, err := trading.New(trading.Options{Partners: n.Service, Dir: dir, Stable: time.Nanosecond})
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

func (w *ediTwins) add(s *trading.Service, name, id string, sender policy.Principal) (trading.Partner, string) {
	w.t.Helper()
	p, token, err := s.AddPartner(w.t.Context(), trading.Partner{
		Receiver: w.veil.Maker.Firm, Sender: sender.Firm, Name: name, SenderQualifier: "ZZ", SenderID: id,
		ReceiverQualifier: "01", ReceiverID: "364128874", TestAllowed: true,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return p, token
}

// Name names the driver.
func (*ediTwins) Name() string { return "EDI" }

// Run delivers a file in one of the three ways, lets it be worked off, and
// gathers all that comes back by any way.
func (w *ediTwins) Run(n *partnerstest.Node, viewer policy.Principal, op uint64) []byte {
	r := rand.New(rand.NewPCG(op, 17))
	s := w.services[n]
	data, name := w.file(r, "LUSODIST", int(op%1_000_000)), fmt.Sprintf("file-%d.edi", op%1000)
	var b []byte
	switch r.IntN(3) {
	case 0:
		b = w.request(n, viewer, "POST /edi/in", "/edi/in", data, "X-File-Name", name, "Idempotency-Key", fmt.Sprint("k", r.IntN(6)))
	case 1:
		b = w.request(n, viewer, "POST /trading/drop", "/trading/drop", data, "X-File-Name", name)
	default:
		if err := os.WriteFile(filepath.Join(s.Folder(w.mine), "in", name), []byte(data), 0o600); err != nil {
			w.t.Fatal(err)
		}
	}
	w.workOff(s)
	var got trading.Status
	if body := b[bytes.IndexByte(b, '{')+1:]; len(b) > 0 && json.Unmarshal(append([]byte{'{'}, body...), &got) == nil && !got.Receipt.IsZero() {
		for _, route := range []string{"GET /edi/in/", "GET /trading/receipts/"} {
			b = append(b, w.request(n, viewer, route+"{receipt}", strings.TrimPrefix(route, "GET ")+got.Receipt.String(), "")...)
		}
	}
	b = append(b, w.outbound(n, viewer)...)
	b = append(b, w.request(n, viewer, "GET /trading/sent", "/trading/sent", "")...)
	return append(b, w.foreign(n, viewer, r)...)
}

// workOff lets everything be worked off, and waits for files in the folder,
// which are taken once they rest.
func (w *ediTwins) workOff(s *trading.Service) {
	for cycles := 0; ; cycles++ {
		if err := s.Cycle(w.t.Context()); err != nil {
			w.t.Fatal(err)
		}
		waiting, err := os.ReadDir(filepath.Join(s.Folder(w.mine), "in"))
		if err != nil {
			w.t.Fatal(err)
		}
		if !slices.ContainsFunc(waiting, func(e fs.DirEntry) bool { return strings.HasSuffix(e.Name(), ".edi") }) {
			return
		}
		if cycles > 100 {
			w.t.Fatalf("%v are not taken from the folder", waiting)
		}
	}
}

// outbound fetches what is to go to the viewer's firm, by HTTPS and from the
// folders of its mailbox.
func (w *ediTwins) outbound(n *partnerstest.Node, viewer policy.Principal) []byte {
	list := w.request(n, viewer, "GET /edi/out", "/edi/out?all=true", "")
	b := slices.Clone(list)
	var got struct{ Files []struct{ ID, Name string } }
	if json.Unmarshal(list[bytes.IndexByte(list, '{'):], &got) == nil {
		for _, f := range got.Files[max(0, len(got.Files)-5):] {
			b = append(b, w.request(n, viewer, "GET /edi/out/{id}", "/edi/out/"+f.ID, "")...)
			b = append(b, w.request(n, viewer, "GET /trading/interchanges/{id}/raw", "/trading/interchanges/"+f.ID+"/raw", "")...)
		}
	}
	for _, box := range []string{"in", "out", "err"} {
		dir := filepath.Join(w.services[n].Folder(w.mine), box)
		entries, err := os.ReadDir(dir)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, e := range entries {
			b = fmt.Appendf(b, "%s/%s\n", box, e.Name())
			if e.Type().IsRegular() && box != "in" {
				data, err := os.ReadFile(filepath.Join(dir, e.Name()))
				if err != nil {
					w.t.Fatal(err)
				}
				b = append(b, data...)
			}
		}
	}
	return b
}

// foreign asks for what is the rival's, hidden, or nobody's.
func (w *ediTwins) foreign(n *partnerstest.Node, viewer policy.Principal, r *rand.Rand) []byte {
	var b []byte
	for _, k := range []*schema.Kind{schema.Interchanges, schema.TransactionSets, schema.SalesReports} {
		ids := append(slices.Clone(w.veil.Hidden[k]), schema.ID{1})
		id := partnerstest.One(r, ids).String()
		for route, path := range map[string]string{
			"GET /edi/in/{receipt}": "/edi/in/" + id, "GET /edi/out/{id}": "/edi/out/" + id,
			"GET /trading/receipts/{receipt}": "/trading/receipts/" + id, "GET /trading/interchanges/{id}/raw": "/trading/interchanges/" + id + "/raw",
		} {
			answer := w.request(n, viewer, route, path, "")
			if !bytes.Contains(answer, []byte("not_found")) && !bytes.Contains(answer, []byte(" 401")) {
				w.t.Errorf("%s answers %s", path, answer)
			}
		}
	}
	for _, id := range w.ids[w.B][max(0, len(w.ids[w.B])-6):] { // receipts and files of the rival, which stand at one of the two alone
		for _, path := range []string{"/edi/in/", "/edi/out/", "/trading/receipts/"} {
			b = append(b, w.request(n, viewer, "GET "+path, path+id, "")...)
		}
	}
	return b
}

// request sends a request as the viewer: with the token of its firm's mailbox,
// and as the person who is signed in.
func (w *ediTwins) request(n *partnerstest.Node, viewer policy.Principal, route, path, body string, header ...string) []byte {
	w.hits[route]++
	method, _, _ := strings.Cut(route, " ")
	req := httptest.NewRequestWithContext(policy.With(w.t.Context(), viewer), method, path, strings.NewReader(body))
	if viewer.Firm == w.veil.Viewer.Firm {
		req.Header.Set("Authorization", "Bearer "+w.token)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	rec := httptest.NewRecorder()
	w.services[n].Handler().ServeHTTP(rec, req)
	b := fmt.Appendf(nil, "%s %d\n", route, rec.Code)
	for _, name := range slices.Sorted(maps.Keys(rec.Header())) {
		b = fmt.Appendf(b, "%s: %s\n", name, strings.Join(rec.Header()[name], " | "))
	}
	return fmt.Appendf(b, "%s\n", rec.Body.Bytes())
}

// file draws an interchange: sales to customers that the maker knows or not, of
// products that it has or not, good and bad ones, and samples of all sets.
func (w *ediTwins) file(r *rand.Rand, sender string, control int) string {
	customers := []string{hospital, "N1*EN*Pump*92*7~\nN4*Porto**4710-243*PT~", "N1*EN*Porto*1*8~\nN4*Porto***PT~", "N1*EN*a_b*ZZ*PT7~\nN4*Braga***DE~"}
	parts := []string{"MX-1", "pump", "Porto", "7"}
	var data string
	switch r.IntN(6) {
	case 0:
		data = file(1+r.IntN(4), bad(fmt.Sprint("R", r.IntN(3)))) // a control number that was used, perhaps
	case 1:
		data = file(control, sale("R1", "FT 1", hospital, "MX-1", 1))[:200+r.IntN(300)] // broken off
	case 2:
		data = partnerstest.One(r, w.samples)
		if at := strings.Index(data, "UNB+"); at >= 0 {
			elements := strings.Split(data[at:], "+")
			elements[2], elements[3] = sender+":ZZ", "364128874:01"
			return data[:at] + strings.Join(elements, "+")
		}
		data = data[:32] + fmt.Sprintf("ZZ*%-15s*01*364128874      ", sender) + data[69:]
	default:
		data = file(control, sale(fmt.Sprint("R", control), fmt.Sprint("FT ", r.IntN(5)), partnerstest.One(r, customers), partnerstest.One(r, parts), 1+r.IntN(5)))
	}
	return strings.ReplaceAll(data, "LUSODIST  ", (sender + "          ")[:10])
}

// secret does something at B that the viewer's firm cannot know: of the maker's
// records, or a file of the rival's, which may name the same customers and
// products, and have the same control numbers.
func (w *ediTwins) secret(seed uint64) (string, bool) {
	r := rand.New(rand.NewPCG(seed, 19))
	switch r.IntN(3) {
	case 0:
		return w.veil.Secret(w.B, seed)
	case 1:
		k := schema.Products
		values := partners.Values{"name": partnerstest.One(r, partnerstest.Words()), "partNumber": partnerstest.One(r, []string{"MX-1", "pump", "Porto", "7"})}
		if r.IntN(2) == 0 {
			k = schema.Customers
			values = partners.Values{"name": partnerstest.One(r, []string{"Hospital de Braga EPE", "Pump", "Porto"}), "customerType": "ORGANISATION",
				"status": "ACTIVE", "country": "DE", "customerNumber": partnerstest.One(r, []string{"E90012", "7", "8"}), "duns": "8"}
		}
		_, err := w.B.Write(policy.With(w.t.Context(), w.veil.Maker), []partners.Command{{Verb: partners.Create, Kind: k, Values: values}})
		return "a " + k.Name + " that a file may name", err == nil
	}
	s := w.services[w.B]
	d := trading.Delivery{Partner: w.theirs.ID, Firm: w.veil.Rival.Firm, Transport: "https", Name: "file-1.edi", Key: fmt.Sprint("k", r.IntN(6), seed)}
	rec, err := s.Receive(w.t.Context(), d, strings.NewReader(w.file(r, "RIVALDIST", 1+r.IntN(4))))
	if err == nil {
		err = s.Cycle(w.t.Context())
	}
	if err != nil {
		w.t.Fatal(err)
	}
	w.ids[w.B] = append(w.ids[w.B], rec.ID.String())
	st, err := s.Status(w.t.Context(), w.veil.Rival.Firm, rec.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, ic := range st.Interchanges {
		w.ids[w.B] = append(w.ids[w.B], ic.ID.String())
	}
	return "a file of the rival's", true
}

// TestTwoWorldsByEDI: a trading partner gets the same answers to its files, by
// every way, whatever the maker knows and whatever others send to it.
func TestTwoWorldsByEDI(t *testing.T) {
	t.Parallel()
	w := newEDITwins(t)
	viewers := []policy.Principal{w.veil.Viewer, w.veil.Viewers[1], w.veil.Nobody}
	secrets, compared := 0, 0
	for seed := *twinSeed << 32; secrets < *twinSecrets && !t.Failed(); seed++ {
		name, done := w.secret(seed)
		if !done {
			continue
		}
		secrets++
		w.Pass(time.Second)
		w.control++
		did := partnerstest.Secret{Name: name, Do: func(*partnerstest.Node) bool { return true }}
		compared += w.Compare(t, did, viewers[secrets%3:secrets%3+1], []partnerstest.Driver{w}, []uint64{seed*1_000_000 + uint64(w.control)})
	}
	t.Logf("%d secrets, %d deliveries with all that came of them", secrets, compared)
	for _, route := range slices.Sorted(maps.Keys(w.hits)) {
		t.Logf("%5d %s", w.hits[route], route)
	}
	for _, route := range ediRoutes {
		if w.hits[route] == 0 {
			t.Errorf("nobody asked for %s", route)
		}
	}
	if compared == 0 {
		t.Error("nothing was compared: the test tests nothing")
	}
}

// ediRoutes are the routes of the handler, each of which the driver asks for.
var ediRoutes = []string{
	"POST /edi/in", "GET /edi/in/{receipt}", "GET /edi/out", "GET /edi/out/{id}", "POST /trading/drop",
	"GET /trading/receipts/{receipt}", "GET /trading/interchanges/{id}/raw", "GET /trading/sent",
}
