package gateway_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"fondaco/gateway/authzen"
	"fondaco/gateway/gatewaytest"
	"fondaco/gateway/sdl"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

// webDriver is the gateway by HTTP as a way to get something.
type webDriver struct {
	*pair
	used      map[string]bool
	answers   map[string]int // by what was done and the code of the answer
	readsOnly bool
}

// Name names the driver.
func (*webDriver) Name() string { return "the gateway" }

// The first operations go through the schema definition one by one; the
// others draw from it.
func (d *webDriver) sweep() []uint64 {
	n := len(gatewaytest.Roots("query")) + len(d.lists())
	if !d.readsOnly {
		n += len(gatewaytest.Roots("mutation"))
	}
	ops := make([]uint64, n)
	for i := range ops {
		ops[i] = uint64(i)
	}
	return ops
}

func (*webDriver) lists() ast.FieldList {
	return slices.DeleteFunc(gatewaytest.Roots("query"), func(f *ast.FieldDefinition) bool { return f.Arguments.ForName("orderBy") == nil })
}

// Run carries out one operation.
func (d *webDriver) Run(n *partnerstest.Node, viewer policy.Principal, op uint64) []byte {
	c := d.as(n, viewer)
	r := rand.New(rand.NewPCG(op, 11))
	docs := &gatewaytest.Documents{Rand: r, Used: d.used, ID: func(k *schema.Kind) schema.ID { return d.id(r, k) }}
	queries, mutations, lists := gatewaytest.Roots("query"), gatewaytest.Roots("mutation"), d.lists()
	switch n := int(min(op, 1<<20)); {
	case n < len(queries):
		return d.ask(c, docs.Document("query", true, queries[n]))
	case n < len(queries)+len(lists):
		return d.all(c, docs.Lists(lists[n-len(queries)]))
	case n < len(queries)+len(lists)+len(mutations) && !d.readsOnly:
		return d.write(c, docs, mutations[n-len(queries)-len(lists)])
	}
	kind := r.IntN(12)
	if d.readsOnly {
		kind = r.IntN(8) - 2
	}
	switch kind {
	case -1, -2, 10, 11:
		return d.decide(c, viewer, r)
	case 0, 1, 2:
		return d.ask(c, docs.Document("query", r.IntN(2) == 0, partnerstest.One(r, queries), partnerstest.One(r, queries)))
	case 3, 4:
		return d.walk(c, r, partnerstest.One(r, lists))
	case 5:
		return d.odd(c, r, docs)
	case 6:
		return d.document(c, r)
	default:
		return d.write(c, docs, partnerstest.One(r, mutations))
	}
}

// id draws an id that some, all or none of the viewers know.
func (d *webDriver) id(r *rand.Rand, k *schema.Kind) schema.ID {
	list := slices.Concat(d.veil.Shown[k], d.veil.Hidden[k], d.veil.Own[k])
	if len(list) == 0 {
		return schema.ID{}
	}
	return partnerstest.One(r, list)
}

// ask sends a document, and gives all that comes back.
func (d *webDriver) ask(c *gatewaytest.Client, document string) []byte {
	raw, err := json.Marshal(map[string]string{"query": document})
	if err != nil {
		panic(err)
	}
	return d.send(c, document, http.MethodPost, "/graphql", bytes.NewReader(raw), "Content-Type", "application/json")
}

func (d *webDriver) all(c *gatewaytest.Client, documents []string) []byte {
	var b []byte
	for _, one := range documents {
		b = append(b, d.ask(c, one)...)
	}
	return b
}

// send sends a request. What it was stands before the answer, so that a
// difference can be told.
func (d *webDriver) send(c *gatewaytest.Client, what, method, path string, body io.Reader, header ...string) []byte {
	status, h, raw := c.Send(method, path, body, header...)
	if bytes.Contains(raw, []byte(`"code":"INTERNAL"`)) {
		d.answers["a fault: "+what]++
	}
	door, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	door, _, _ = strings.Cut(door, "?")
	d.answers[fmt.Sprint(method, " /", door, " ", status, " ", firstCode(raw))]++
	text := plainAnswer(raw)
	if strings.Contains(what, "cursor") { // see plainAnswer; it may stand under another name
		h.Del("Content-Length")
		text = tokenLength.ReplaceAll(text, []byte("token"))
	}
	return fmt.Appendf(nil, "%s\n%d\n%s\n%s\n", what, status, plainHeader(h), text)
}

var codeText = regexp.MustCompile(`"code":"[A-Z_]+"`)

func firstCode(raw []byte) string { return string(codeText.Find(raw)) }

// plainHeader gives the header fields in order, without what is another one
// for each request: its id and the time.
func plainHeader(h http.Header) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(h)) {
		value := strings.Join(h[name], " | ")
		if name == "Date" || name == "X-Request-Id" {
			value = "…"
		}
		fmt.Fprintf(&b, "%s: %s\n", name, value)
	}
	return b.String()
}

var (
	opaque      = regexp.MustCompile(`[A-Za-z0-9_-]{24,}`)
	requestID   = regexp.MustCompile(`"requestId":"[A-Z2-7]{16}"`)
	anyCursor   = regexp.MustCompile(`"cursor":"[A-Za-z0-9_-]{24,}"`)
	tokenLength = regexp.MustCompile(`token\(\d+\)`)
	hexDigits   = regexp.MustCompile(`^[0-9a-f]{32,64}$`)
)

// plainAnswer writes global ids as what they mean, and puts the length of a
// token in its place: it is encrypted, with another nonce each time. The place
// in the ledger is a snapshot of PostgreSQL's, which is as long as it is.
func plainAnswer(raw []byte) []byte {
	raw = requestID.ReplaceAll(raw, []byte(`"requestId":"…"`))
	raw = anyCursor.ReplaceAll(raw, []byte(`"cursor":"…"`))
	return opaque.ReplaceAllFunc(raw, func(text []byte) []byte {
		if k, id, err := sdl.ParseGlobalID(string(text)); err == nil {
			return []byte(k.Name + ":" + id.String())
		}
		if _, err := schema.ParseID(string(text)); err == nil || hexDigits.Match(text) {
			return text
		}
		if _, err := base64.RawURLEncoding.DecodeString(string(text)); err != nil {
			return text
		}
		return fmt.Appendf(nil, "token(%d)", len(text))
	})
}

// write carries out a mutation. A record that the viewer sees is mostly written
// at the version that it has, else at any.
func (d *webDriver) write(c *gatewaytest.Client, docs *gatewaytest.Documents, f *ast.FieldDefinition) []byte {
	document := docs.Document("mutation", true, f)
	for _, keep := range d.veil.Spared {
		for _, k := range []*schema.Kind{schema.SharingAgreements, schema.Partnerships} {
			// Without these, the viewers would see nothing more.
			document = strings.ReplaceAll(document, sdl.GlobalID(k, keep), sdl.GlobalID(k, schema.ID{3}))
		}
	}
	if id := inputID.FindStringSubmatch(document); id != nil && docs.IntN(4) > 0 {
		var got struct{ Node struct{ Version int } }
		if r := c.Do(`query($id: ID!) { node(id: $id) { ... on Record { version } } }`, gatewaytest.Vars{"id": id[1]}); json.Unmarshal(r.Data, &got) == nil {
			document = expected.ReplaceAllString(document, fmt.Sprintf("expectedVersion: %d", max(got.Node.Version, 1)))
		}
	}
	return d.ask(c, document)
}

var (
	inputID  = regexp.MustCompile(`\bid: "([A-Za-z0-9_-]+)"`)
	expected = regexp.MustCompile(`expectedVersion: \d+`)
)

// walk pages through a list to its end, forwards or backwards.
func (d *webDriver) walk(c *gatewaytest.Client, r *rand.Rand, list *ast.FieldDefinition) []byte {
	size, next, end := "first", "after", "endCursor"
	if r.IntN(2) == 0 {
		size, next, end = "last", "before", "startCursor"
	}
	orders := sdl.Schema().Types[list.Arguments.ForName("orderBy").Type.Name()].Fields.ForName("field")
	order := fmt.Sprintf(", orderBy: {field: %s, direction: %s}", partnerstest.One(r, sdl.Schema().Types[orders.Type.Name()].EnumValues).Name,
		partnerstest.One(r, []string{"ASC", "DESC"}))
	page := 1 + r.IntN(4)
	var b []byte
	for at, n := "", 0; n < 12; n++ {
		document := fmt.Sprintf("query($at: String) { list: %s(%s: %d, %s: $at%s) { nodes { id version } pageInfo { hasNextPage hasPreviousPage %s } totalCount { value isExact } } }",
			list.Name, size, page, next, order, end)
		vars := map[string]any{"at": at}
		if at == "" {
			vars = map[string]any{}
		}
		raw, err := json.Marshal(map[string]any{"query": document, "variables": vars})
		if err != nil {
			panic(err)
		}
		status, _, body := c.Send(http.MethodPost, "/graphql", bytes.NewReader(raw), "Content-Type", "application/json")
		d.answers[fmt.Sprint("walk ", status, firstCode(body))]++
		b = append(b, fmt.Sprintf("%s\n%d %s\n", document, status, plainAnswer(body))...)
		var got struct {
			Data struct {
				List struct{ PageInfo map[string]any }
			}
		}
		if json.Unmarshal(body, &got) != nil {
			break
		}
		if at, _ = got.Data.List.PageInfo[end].(string); at == "" {
			break
		}
	}
	return b
}

// decide asks for decisions, of whom and of what somebody, all or none of the
// viewers know.
func (d *webDriver) decide(c *gatewaytest.Client, viewer policy.Principal, r *rand.Rand) []byte {
	k := partnerstest.One(r, schema.Kinds())
	type object = map[string]any
	subject := object{"type": "user", "id": sdl.GlobalID(schema.Users, viewer.User.ID())}
	if r.IntN(2) == 0 {
		subject = object{"type": partnerstest.One(r, []string{"user", "firm", "node"}), "id": sdl.GlobalID(schema.Users, d.id(r, schema.Users))}
		if subject["type"] != "user" {
			subject["id"] = sdl.GlobalID(schema.Firms, d.id(r, schema.Firms))
		}
	}
	resource := object{"type": k.Name, "id": sdl.GlobalID(k, d.id(r, k))}
	if r.IntN(3) == 0 {
		resource["properties"] = object{"field": partnerstest.One(r, k.Fields).Name}
	}
	question := object{"subject": subject, "action": object{"name": string(partnerstest.One(r, policy.Actions()))}, "resource": resource}
	path := partnerstest.One(r, decisionPaths)
	switch path {
	case authzen.EvaluationsPath:
		question = object{"evaluations": []object{question, {"resource": resource}}, "subject": subject, "action": question["action"]}
	case authzen.SubjectPath:
		question["subject"] = object{"type": subject["type"]}
	case authzen.ResourcePath:
		question["resource"] = object{"type": k.Name}
	case authzen.ActionPath:
		delete(question, "action")
	case authzen.MetadataPath:
		return d.send(c, path, http.MethodGet, path, nil)
	}
	raw, err := json.Marshal(question)
	if err != nil {
		panic(err)
	}
	return d.send(c, path+" "+string(raw), http.MethodPost, path, bytes.NewReader(raw), "Content-Type", "application/json")
}

// decisionPaths are all of them, so that a new one is asked too.
var decisionPaths = authzen.Paths()

// odd sends what no client of ours would.
func (d *webDriver) odd(c *gatewaytest.Client, r *rand.Rand, docs *gatewaytest.Documents) []byte {
	document := docs.Document("query", false, partnerstest.One(r, gatewaytest.Roots("query")))
	switch r.IntN(8) {
	case 7:
		path := partnerstest.One(r, []string{"/graphiql", "/graphiql/start.js", "/graphiql/none.js", "/healthz", "/readyz"})
		return d.send(c, path, http.MethodGet, path, nil)
	case 0:
		return d.send(c, document, http.MethodGet, "/graphql?query="+url.QueryEscape(document), nil)
	case 1:
		return d.send(c, document, http.MethodGet, "/graphql?query="+url.QueryEscape(document), nil, "Accept", "application/graphql-response+json")
	case 2:
		return d.send(c, "a broken body", http.MethodPost, "/graphql", strings.NewReader(`{"query":`), "Content-Type", "application/json")
	case 3:
		return d.send(c, "another method", http.MethodDelete, "/graphql", nil)
	case 4:
		return d.send(c, "a download of nobody's", http.MethodGet, "/download/"+sdl.GlobalID(schema.DocumentVersions, d.id(r, schema.DocumentVersions)), nil)
	case 5:
		return d.send(c, "an upload of nobody's", http.MethodPut, "/upload/"+sdl.GlobalID(schema.Documents, d.id(r, schema.Documents)), strings.NewReader("x"))
	default:
		// A word that is nearly one of the schema's: there is no hint to it.
		return d.ask(c, strings.Replace(document, "id", "idd", 1))
	}
}

// document sends bytes for a document, whoever's it is, and fetches some.
func (d *webDriver) document(c *gatewaytest.Client, r *rand.Rand) []byte {
	body := []byte(partnerstest.One(r, partnerstest.Words()))
	sum := sha256.Sum256(body)
	id := d.id(r, schema.Documents)
	open := fmt.Sprintf(`mutation { createDocumentUpload(input: {document: %q, fileName: "a.txt", size: %q}) { upload { id url method maxSize expiresAt headers { name value } } userErrors { __typename message path code } } }`,
		sdl.GlobalID(schema.Documents, id), strconv.Itoa(len(body)))
	raw := c.Do(open, nil)
	b := fmt.Appendf(nil, "%s\n%d %s\n", open, raw.Status, plainAnswer([]byte(raw.Body)))
	var got struct {
		CreateDocumentUpload struct{ Upload struct{ ID, URL string } }
	}
	if json.Unmarshal(raw.Data, &got) == nil && got.CreateDocumentUpload.Upload.URL != "" {
		b = append(b, d.send(c, "the bytes", http.MethodPut, got.CreateDocumentUpload.Upload.URL, bytes.NewReader(body))...)
		b = append(b, d.ask2(c, fmt.Sprintf(`mutation { completeDocumentUpload(input: {uploadId: %q, sha256: %q, size: %q}) { documentVersion { number fileName sha256 size } userErrors { __typename message path code } } }`,
			got.CreateDocumentUpload.Upload.ID, hex.EncodeToString(sum[:]), strconv.Itoa(len(body))))...)
	}
	return append(b, d.fetch(c, sdl.GlobalID(schema.DocumentVersions, d.id(r, schema.DocumentVersions)))...)
}

// ask2 sends a document that holds an id of this twin alone, which is not shown.
func (d *webDriver) ask2(c *gatewaytest.Client, document string) []byte {
	return bytes.TrimPrefix(d.ask(c, document), []byte(document))
}

// fetch reads where the bytes of a version are, and fetches them.
func (d *webDriver) fetch(c *gatewaytest.Client, version string) []byte {
	var got struct {
		DocumentVersion struct{ Download struct{ URL string } }
	}
	r := c.Do(`query($id: ID!) { documentVersion(id: $id) { download { url expiresAt } } }`, gatewaytest.Vars{"id": version})
	b := fmt.Appendf(nil, "%s: %d %s\n", version, r.Status, plainAnswer([]byte(r.Body)))
	if json.Unmarshal(r.Data, &got) != nil || got.DocumentVersion.Download.URL == "" {
		return b
	}
	return append(b, d.send(c, "the bytes of a version", http.MethodGet, got.DocumentVersion.Download.URL, nil)...)
}
