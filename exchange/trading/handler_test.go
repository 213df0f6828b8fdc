package trading_test

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"fondaco/exchange/trading"
	"fondaco/policy"
	"fondaco/schema"
)

// serve runs the service and its handler; who signed in is who.
func (w *world) serve(who *policy.Principal) *httptest.Server {
	ctx, cancel := context.WithCancel(w.t.Context())
	var g errgroup.Group
	g.Go(func() error { return w.Run(ctx) })
	h := w.Handler()
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if who != nil {
			r = r.WithContext(policy.With(r.Context(), *who))
		}
		h.ServeHTTP(rw, r)
	}))
	w.t.Cleanup(func() {
		server.Close()
		http.DefaultClient.CloseIdleConnections()
		cancel()
		if err := g.Wait(); err != nil {
			w.t.Error(err)
		}
	})
	return server
}

func (w *world) request(server *httptest.Server, method, path, body string, headers ...string) (int, string) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, server.URL+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+w.token)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	text, err := io.ReadAll(res.Body)
	if err := errors.Join(err, res.Body.Close()); err != nil {
		w.t.Fatal(err)
	}
	return res.StatusCode, string(text)
}

func TestHTTPS(t *testing.T) {
	t.Parallel()
	w := open(t)
	server := w.serve(nil)
	in := file(417, sale("R1", "FT 1", hospital, "MX-1", 3))
	digest := sha256.Sum256([]byte(in))
	status, body := w.request(server, "POST", "/edi/in?wait=20s", in, "X-File-Name", "week%2014.edi", "Content-Digest", "sha-256=:"+base64.StdEncoding.EncodeToString(digest[:])+":", "Idempotency-Key", "k1")
	var st trading.Status
	if err := json.Unmarshal([]byte(body), &st); err != nil || status != 200 || st.State != "PROCESSED" || st.SHA256 != hex.EncodeToString(digest[:]) || st.Name != "week 14.edi" || len(st.Interchanges) != 1 {
		t.Fatalf("POST /edi/in = %d %s", status, body)
	}
	var again trading.Status
	if _, body := w.request(server, "POST", "/edi/in", in, "Idempotency-Key", "k1"); json.Unmarshal([]byte(body), &again) != nil || !again.Repeated || again.Receipt != st.Receipt {
		t.Errorf("the same delivery again = %s, want the first receipt", body)
	}
	var out struct{ Files []struct{ ID, Name string } }
	if _, body := w.request(server, "GET", "/edi/out", ""); json.Unmarshal([]byte(body), &out) != nil || len(out.Files) != 1 || out.Files[0].Name != "997-000000001.edi" {
		t.Fatalf("GET /edi/out = %s, want the 997", body)
	}
	if status, body := w.request(server, "GET", "/edi/out/"+out.Files[0].ID, ""); status != 200 || !strings.Contains(body, "AK9*A*1*1*1~") {
		t.Errorf("GET /edi/out/{id} = %d %s", status, body)
	}
	if _, body := w.request(server, "GET", "/edi/out", ""); strings.TrimSpace(body) != `{"files":[]}` {
		t.Errorf("GET /edi/out after the file was fetched = %s", body)
	}
	want(t, "acknowledgment", w.list(w.maker, schema.Interchanges, "flow", "state"), []string{"RECEIVED | POSTED", "SENT | DELIVERED"})
	for _, c := range []struct {
		name, method, path, body string
		headers                  []string
		status                   int
		says                     string
	}{
		{"no token", "POST", "/edi/in", in, []string{"Authorization", ""}, 401, "mailbox token is missing or wrong"},
		{"a wrong token", "GET", "/edi/out", "", []string{"Authorization", "Bearer fdm_X"}, 401, "mailbox token is missing or wrong"},
		{"an empty file", "POST", "/edi/in", "", nil, 400, "the file is empty"},
		{"other bytes than announced", "POST", "/edi/in", in + " ", []string{"X-Content-SHA256", hex.EncodeToString(digest[:])}, 400, "send the file again"},
		{"a digest that is none", "POST", "/edi/in", in, []string{"X-Content-SHA256", "abc"}, 400, "64 hexadecimal digits"},
		{"a key used for another file", "POST", "/edi/in", in + " ", []string{"Idempotency-Key", "k1"}, 409, "use a new key"},
		{"too many bytes", "POST", "/edi/in", strings.Repeat("x", 17<<20), nil, 413, "split it"},
		{"an unknown receipt", "GET", "/edi/in/" + schema.NewID().String(), "", nil, 404, "no such receipt"},
		{"an unknown file", "GET", "/edi/out/" + schema.NewID().String(), "", nil, 404, "no such file"},
		{"nobody signed in", "POST", "/trading/drop", in, nil, 401, "sign in first"},
	} {
		if status, body := w.request(server, c.method, c.path, c.body, c.headers...); status != c.status || !strings.Contains(body, c.says) {
			t.Errorf("%s: %d %s, want %d with %q", c.name, status, body, c.status, c.says)
		}
	}
	if n := w.one("SELECT count(*) FROM trading_receipts"); n != 1 {
		t.Errorf("%d receipts, want that of the first file alone", n)
	}
	if _, err := w.NewToken(t.Context(), w.partner.ID); err != nil {
		t.Fatal(err)
	}
	if status, _ := w.request(server, "GET", "/edi/out", ""); status != 401 {
		t.Errorf("the replaced token gives %d, want 401", status)
	}
}

func TestUploadThatBreaksOffLeavesNothing(t *testing.T) {
	t.Parallel()
	w := open(t)
	server := w.serve(nil)
	in := file(417, sale("R1", "FT 1", hospital, "MX-1", 3))
	conn, err := net.DialTimeout("tcp", server.Listener.Addr().String(), 5*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Fprintf(conn, "POST /edi/in HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s", w.token, len(in), in[:200]); err != nil {
		t.Fatal(err)
	}
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if res.StatusCode != http.StatusBadRequest || !strings.Contains(string(body), "broke off") {
		t.Errorf("the answer is %d %s, want 400", res.StatusCode, body)
	}
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	if n := w.one("SELECT count(*) FROM trading_receipts"); n != 0 {
		t.Errorf("%d receipts, want none", n)
	}
	if left := w.stored(); len(left) != 0 {
		t.Errorf("files left: %v", left)
	}
	if status, _ := w.request(server, "POST", "/edi/in?wait=20s", in); status != 200 {
		t.Errorf("the whole file afterwards: %d", status)
	}
}

func TestDropInTheBrowser(t *testing.T) {
	t.Parallel()
	w := open(t)
	sender := w.distributor
	server := w.serve(&sender)
	in := file(417, sale("R1", "FT 1", hospital, "MX-1", 3))
	if status, body := w.request(server, "POST", "/trading/drop", in, "Sec-Fetch-Site", "cross-site"); status != 403 {
		t.Errorf("from another site: %d %s, want 403", status, body)
	}
	status, body := w.request(server, "POST", "/trading/drop?wait=20s", in, "X-File-Name", "week.edi", "Sec-Fetch-Site", "same-origin")
	var st trading.Status
	if err := json.Unmarshal([]byte(body), &st); err != nil || status != 200 || st.State != "PROCESSED" || st.Interchanges[0].State != "POSTED" {
		t.Fatalf("POST /trading/drop = %d %s", status, body)
	}
	if status, body := w.request(server, "GET", "/trading/interchanges/"+st.Interchanges[0].ID.String()+"/raw", ""); status != 200 || body != strings.TrimSuffix(in, "\n") {
		t.Errorf("raw = %d %s", status, body)
	}
	if status, _ := w.request(server, "GET", "/trading/receipts/"+st.Receipt.String(), ""); status != 200 {
		t.Errorf("GET /trading/receipts = %d", status)
	}
	sender = w.third
	if status, _ := w.request(server, "GET", "/trading/interchanges/"+st.Interchanges[0].ID.String()+"/raw", ""); status != 404 {
		t.Errorf("raw for a third firm = %d, want 404", status)
	}
	if status, _ := w.request(server, "GET", "/trading/receipts/"+st.Receipt.String(), ""); status != 404 {
		t.Errorf("receipt for a third firm = %d, want 404", status)
	}
	if _, body := w.request(server, "POST", "/trading/drop?wait=20s", file(418, sale("R2", "FT 2", hospital, "MX-1", 3))); !strings.Contains(body, `"state":"HELD"`) {
		t.Errorf("a third firm drops the distributor's file: %s, want it held", body)
	}
	sender = w.node.Person(w.distributor.Firm, "Reader", schema.ReadOnly)
	if status, _ := w.request(server, "POST", "/trading/drop", in); status != 403 {
		t.Errorf("drop by a reader = %d, want 403", status)
	}
}

// TestFindingsAreSaidInTheReadersLanguage: what a record keeps of findings is
// said again in another language, to whoever is signed in.
func TestFindingsAreSaidInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	w := open(t)
	ask := func(signedIn bool, language, body string) (int, string) {
		t.Helper()
		ctx := t.Context()
		if signedIn {
			ctx = policy.With(ctx, w.distributor)
		}
		r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/trading/findings?language="+language, strings.NewReader(body))
		answer := httptest.NewRecorder()
		w.Handler().ServeHTTP(answer, r)
		return answer.Code, answer.Body.String()
	}
	const list = `[{"id":"x12.element.date","segment":"DTM","element":2,"name":"Date","found":"20261144","expected":"CCYYMMDD"},{"id":"trading.ack-refused","rule":"997, 5"}]`
	for name, test := range map[string]struct {
		signedIn       bool
		language, body string
		status         int
		says           []string
	}{
		"Polish":            {true, "pl", list, 200, []string{`DTM02 (Date) nie jest datą`, `Partner handlowy odrzucił dokument: 997, 5`, `"remedy":"Popraw dokument`}},
		"English":           {true, "en", list, 200, []string{`DTM02 (Date) is no date`, `The trading partner refused it: 997, 5`}},
		"none":              {true, "fr", `[]`, 200, []string{`{"texts":[]}`}},
		"what is not known": {true, "fr", `[{"id":"x12.new.rule"}]`, 200, []string{`"x12.new.rule"`}},
		"a language":        {true, "tlh", list, 400, []string{"there are: en es fr pl pt"}},
		"no list":           {true, "pl", `{"id":1}`, 400, []string{"send a list of findings"}},
		"a stranger":        {false, "pl", list, 401, []string{"sign in first"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			status, body := ask(test.signedIn, test.language, test.body)
			if status != test.status {
				t.Errorf("answer %d %s, want %d", status, body, test.status)
			}
			for _, text := range test.says {
				if !strings.Contains(body, text) {
					t.Errorf("answer %s, want %s in it", body, text)
				}
			}
		})
	}
}
