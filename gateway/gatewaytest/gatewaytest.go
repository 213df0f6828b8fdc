// Package gatewaytest gives tests the real gateway, on a real database, by
// HTTP and WebSocket.
package gatewaytest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"fondaco/gateway"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

// Server is a gateway that serves a node.
type Server struct {
	*partnerstest.Node
	URL string
	t   testing.TB

	mu         sync.Mutex
	principals map[string]policy.Principal // by the token of their clients
}

// Serve starts a gateway on a node. It stops when the test ends.
func Serve(t testing.TB, node *partnerstest.Node, change ...func(*gateway.Options)) *Server {
	t.Helper()
	s := &Server{Node: node, t: t, principals: map[string]policy.Principal{}}
	o := gateway.Options{
		Partners: node.Service, Authenticator: s, Key: make([]byte, 32),
		Log: slog.New(slog.NewTextHandler(testWriter{t}, nil)),
	}
	for _, c := range change {
		c(&o)
	}
	g, err := gateway.New(o)
	if err != nil {
		t.Fatalf("open gateway: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		if err := g.Run(ctx); err != nil {
			t.Errorf("run gateway: %v", err)
		}
	}()
	server := httptest.NewServer(g.Handler())
	s.URL = server.URL
	t.Cleanup(func() {
		cancel()
		<-stopped
		server.CloseClientConnections()
		server.Close()
	})
	return s
}

type testWriter struct{ t testing.TB }

func (w testWriter) Write(p []byte) (int, error) {
	w.t.Log(strings.TrimSpace(string(p)))
	return len(p), nil
}

// Authenticate knows the tokens of the server's clients.
func (s *Server) Authenticate(r *http.Request) (policy.Principal, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.principals[strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")]
	if !ok {
		return p, &schema.Error{Code: schema.CodeDenied, Message: "not signed in"}
	}
	return p, nil
}

// As gives a client that acts as a principal.
func (s *Server) As(p policy.Principal) *Client {
	token := schema.NewID().String()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.principals[token] = p
	return &Client{Server: s, Token: token}
}

// Become lets a client act as another principal from now on.
func (c *Client) Become(p policy.Principal) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.principals[c.Token] = p
}

// SignOut makes the client's token worth nothing.
func (c *Client) SignOut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.principals, c.Token)
}

// Client calls the gateway as one principal.
type Client struct {
	*Server
	Token string
}

// Response is an answer of the gateway.
type Response struct {
	Status int             `json:"-"`
	Header http.Header     `json:"-"`
	Body   string          `json:"-"`
	Data   json.RawMessage `json:"data"`
	Errors []struct {
		Message    string         `json:"message"`
		Path       []any          `json:"path"`
		Extensions map[string]any `json:"extensions"`
	} `json:"errors"`
}

// Vars are the variables of a request.
type Vars map[string]any

// Do sends a request by POST.
func (c *Client) Do(query string, vars Vars) Response {
	c.t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": vars})
	if err != nil {
		c.t.Fatal(err)
	}
	status, header, raw := c.Send(http.MethodPost, "/graphql", bytes.NewReader(body), "Content-Type", "application/json")
	r := Response{Status: status, Header: header, Body: string(raw)}
	if err := json.Unmarshal(raw, &r); err != nil {
		c.t.Fatalf("the answer is no JSON: %s", raw)
	}
	return r
}

// Must sends a request that has to succeed, and reads its data.
func (c *Client) Must(query string, vars Vars, into any) {
	c.t.Helper()
	r := c.Do(query, vars)
	if len(r.Errors) > 0 {
		c.t.Fatalf("%s: %s", query, r.Body)
	}
	if err := json.Unmarshal(r.Data, into); err != nil {
		c.t.Fatalf("%s: %v in %s", query, err, r.Data)
	}
}

// Send sends a request of HTTP, with pairs of header fields.
func (c *Client) Send(method, path string, body io.Reader, header ...string) (int, http.Header, []byte) {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), method, c.URL+path, body)
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+c.Token)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return resp.StatusCode, resp.Header, raw
}

// Stream is a running subscription.
type Stream struct {
	conn *websocket.Conn
	t    testing.TB
}

// Subscribe starts a subscription on a connection of its own.
func (c *Client) Subscribe(query string, vars Vars) *Stream {
	c.t.Helper()
	//nolint:bodyclose // the body is that of the connection
	conn, _, err := websocket.Dial(c.t.Context(), c.URL+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
	if err != nil {
		c.t.Fatal(err)
	}
	conn.SetReadLimit(1 << 20)
	s := &Stream{conn, c.t}
	c.t.Cleanup(s.Close)
	s.send(map[string]any{"type": "connection_init", "payload": map[string]string{"authorization": "Bearer " + c.Token}})
	if m := s.message(); m.Type != "connection_ack" {
		c.t.Fatalf("received %s, want connection_ack", m.Type)
	}
	s.send(map[string]any{"type": "subscribe", "id": "1", "payload": map[string]any{"query": query, "variables": vars}})
	return s
}

// Close ends the stream.
func (s *Stream) Close() { _ = s.conn.CloseNow() }

func (s *Stream) send(v any) {
	s.t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.conn.Write(s.t.Context(), websocket.MessageText, raw); err != nil {
		s.t.Fatal(err)
	}
}

type message struct {
	Type    string          `json:"type"`
	ID      string          `json:"id"`
	Payload json.RawMessage `json:"payload"`
}

func (s *Stream) message() message {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 20*time.Second)
	defer cancel()
	for {
		_, raw, err := s.conn.Read(ctx)
		if err != nil {
			s.t.Fatalf("the stream ended: %v", err)
		}
		var m message
		if err := json.Unmarshal(raw, &m); err != nil {
			s.t.Fatal(err)
		}
		if m.Type != "ping" {
			return m
		}
	}
}

// Next gives the data of the next result.
func (s *Stream) Next() json.RawMessage {
	s.t.Helper()
	m := s.message()
	if m.Type != "next" {
		s.t.Fatalf("received %s %s, want a result", m.Type, m.Payload)
	}
	var r Response
	if err := json.Unmarshal(m.Payload, &r); err != nil || len(r.Errors) > 0 {
		s.t.Fatalf("received %s", m.Payload)
	}
	return r.Data
}

// Closed waits for the server to close the connection, and gives its code.
func (s *Stream) Closed() websocket.StatusCode {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 20*time.Second)
	defer cancel()
	for {
		if _, _, err := s.conn.Read(ctx); err != nil {
			return websocket.CloseStatus(err)
		}
	}
}

// Failure waits for the errors that end the subscription, and gives their JSON.
func (s *Stream) Failure() string {
	s.t.Helper()
	m := s.message()
	if m.Type != "error" {
		s.t.Fatalf("received %s %s, want errors", m.Type, m.Payload)
	}
	return string(m.Payload)
}

// Ending waits for the end of the subscription or of its connection, and gives
// the JSON of the errors, or the code with which the connection was closed.
func (s *Stream) Ending() string {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 20*time.Second)
	defer cancel()
	for {
		_, raw, err := s.conn.Read(ctx)
		if err != nil {
			return strconv.Itoa(int(websocket.CloseStatus(err)))
		}
		var m message
		if err := json.Unmarshal(raw, &m); err != nil {
			s.t.Fatal(err)
		}
		if m.Type == "error" {
			return string(m.Payload)
		}
	}
}
