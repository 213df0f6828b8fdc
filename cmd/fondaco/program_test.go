package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
)

// process is the program, running.
type process struct {
	cmd  *exec.Cmd
	logs bytes.Buffer
	out  *json.Decoder
}

// start runs the program in a process of its own; it ends with the test.
func start(t *testing.T, args ...string) *process {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{cmd: exec.CommandContext(context.WithoutCancel(t.Context()), exe, args...)}
	p.cmd.Env = append(os.Environ(), asProgram+"=1")
	p.cmd.Stderr = &p.logs
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.out = json.NewDecoder(out)
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.stop(t)
		if t.Failed() {
			t.Logf("the program said:\n%s", p.logs.String())
		}
	})
	return p
}

// stop asks the program to end, and waits until it has.
func (p *process) stop(t *testing.T) {
	t.Helper()
	if p.cmd.ProcessState != nil {
		return
	}
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	done := make(chan error, 1)
	go func() { done <- p.cmd.Wait() }()
	select {
	case err := <-done:
		if err != nil {
			t.Errorf("the program ended with %v:\n%s", err, p.logs.String())
		}
	case <-time.After(30 * time.Second):
		_ = p.cmd.Process.Kill()
		t.Error("the program did not end within 30 s")
	}
}

// startDemo runs the demo on fresh data and free ports until it is ready.
func startDemo(t *testing.T, data string) announcement {
	t.Helper()
	p := start(t, "demo", "--json", "--data", data, "--port", "0")
	var a announcement
	if err := p.out.Decode(&a); err != nil {
		t.Fatalf("the demo did not become ready: %v", err)
	}
	return a
}

// client speaks to a node as one person.
type client struct {
	t    *testing.T
	url  string
	http http.Client
}

// signIn signs a person in as the web app does.
func signIn(t *testing.T, url, email, password string) *client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := &client{t: t, url: url, http: http.Client{Jar: jar, Timeout: time.Minute}}
	status, body := c.post("/auth/sign-in", fmt.Sprintf(`{"email":%q,"password":%q}`, email, password))
	if status != http.StatusOK {
		t.Fatalf("sign in as %s: %d %s", email, status, body)
	}
	return c
}

func (c *client) post(path, body string) (int, []byte) {
	c.t.Helper()
	return c.send(http.MethodPost, path, map[string]string{"Content-Type": "application/json"}, strings.NewReader(body))
}

func (c *client) send(method, path string, headers map[string]string, body io.Reader) (int, []byte) {
	c.t.Helper()
	if !strings.HasPrefix(path, "http") {
		path = c.url + path
	}
	request, err := http.NewRequestWithContext(c.t.Context(), method, path, body)
	if err != nil {
		c.t.Fatal(err)
	}
	for name, value := range headers {
		request.Header.Set(name, value)
	}
	response, err := c.http.Do(request)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
	return response.StatusCode, answer
}

// object is a JSON object.
type object = map[string]any

// query sends a GraphQL document and gives its data; errors fail the test.
func (c *client) query(document string, variables object) object {
	c.t.Helper()
	body, err := json.Marshal(object{"query": document, "variables": variables})
	if err != nil {
		c.t.Fatal(err)
	}
	status, answer := c.post("/graphql", string(body))
	var result struct {
		Data   object
		Errors []object
	}
	if err := json.Unmarshal(answer, &result); err != nil || len(result.Errors) > 0 || status != http.StatusOK {
		c.t.Fatalf("query %s: %d %s", document, status, answer)
	}
	return result.Data
}

// mutate sends a mutation and gives its payload; user errors fail the test.
func (c *client) mutate(name, input, selection string, variables object) object {
	c.t.Helper()
	payload, userErrors := c.try(name, input, selection, variables)
	if len(userErrors) > 0 {
		c.t.Fatalf("%s: %v", name, userErrors)
	}
	return payload
}

// try is mutate that gives the user errors.
func (c *client) try(name, inputType, selection string, input object) (payload object, userErrors []any) {
	c.t.Helper()
	document := fmt.Sprintf("mutation($input: %s!) { %s(input: $input) { %s userErrors { __typename message path } } }", inputType, name, selection)
	payload = at(c.t, c.query(document, object{"input": input}), name).(object)
	return payload, payload["userErrors"].([]any)
}

// at follows a path of keys and indices into JSON.
func at(t *testing.T, value any, path ...any) any {
	t.Helper()
	for _, step := range path {
		switch s := step.(type) {
		case string:
			o, ok := value.(object)
			if !ok {
				t.Fatalf("no %v in %v", step, value)
			}
			value = o[s]
		case int:
			l, ok := value.([]any)
			if !ok || s >= len(l) {
				t.Fatalf("no %v in %v", step, value)
			}
			value = l[s]
		}
	}
	return value
}

// subscribe opens a subscription, and gives a function that waits for the
// next event.
func (c *client) subscribe(document string) (next func() object) {
	c.t.Helper()
	conn, _, err := websocket.Dial( //nolint:bodyclose // the library closes it
		c.t.Context(), strings.Replace(c.url, "http", "ws", 1)+"/graphql", &websocket.DialOptions{
			HTTPClient: &c.http, Subprotocols: []string{"graphql-transport-ws"},
		})
	if err != nil {
		c.t.Fatalf("open a subscription: %v", err)
	}
	c.t.Cleanup(func() { _ = conn.CloseNow() })
	ctx, cancel := context.WithTimeout(c.t.Context(), time.Minute)
	c.t.Cleanup(cancel)
	say := func(m object) {
		if err := wsjson.Write(ctx, conn, m); err != nil {
			c.t.Fatalf("subscription: %v", err)
		}
	}
	hear := func() object {
		for {
			var m object
			if err := wsjson.Read(ctx, conn, &m); err != nil {
				c.t.Fatalf("subscription: %v", err)
			}
			if m["type"] == "ping" {
				say(object{"type": "pong"})
				continue
			}
			return m
		}
	}
	say(object{"type": "connection_init"})
	if m := hear(); m["type"] != "connection_ack" {
		c.t.Fatalf("subscription: %v, want connection_ack", m)
	}
	say(object{"id": "1", "type": "subscribe", "payload": object{"query": document}})
	return func() object {
		m := hear()
		if m["type"] != "next" {
			c.t.Fatalf("subscription: %v, want an event", m)
		}
		return at(c.t, m, "payload", "data").(object)
	}
}

// eventually waits until a question is answered with yes.
func eventually(t *testing.T, what string, ask func() bool) {
	t.Helper()
	deadline := time.NewTimer(30 * time.Second)
	tick := time.NewTicker(25 * time.Millisecond)
	defer deadline.Stop()
	defer tick.Stop()
	for !ask() {
		select {
		case <-deadline.C:
			t.Fatalf("waited 30 s in vain: %s", what)
		case <-tick.C:
		}
	}
}

// globalID is the id of a record as the API writes it.
func globalID(kind, id string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(kind + ":" + id))
}

func globalFirm(id string) string { return globalID("Firm", id) }
