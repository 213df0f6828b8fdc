package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"strings"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
)

// remote speaks to a node's GraphQL interface, as a session or by a token.
type remote struct {
	url   string
	token string
	http  *http.Client
}

func (r *remote) signIn(ctx context.Context, email, password string) error {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return err
	}
	r.http.Jar = jar
	body, err := json.Marshal(map[string]string{"email": email, "password": password})
	if err != nil {
		return err
	}
	_, err = r.post(ctx, "/auth/sign-in", body)
	return err
}

func (r *remote) post(ctx context.Context, path string, body []byte) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, r.url+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	if r.token != "" {
		request.Header.Set("Authorization", "Bearer "+r.token)
	}
	response, err := r.http.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s%s: %s: %s", r.url, path, response.Status, answer)
	}
	return answer, err
}

// query sends a document, and reads its data into a struct.
func (r *remote) query(ctx context.Context, document string, variables map[string]any, into any) error {
	body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		return err
	}
	text, err := r.post(ctx, "/graphql", body)
	if err != nil {
		return err
	}
	var answer struct {
		Data   json.RawMessage
		Errors []struct{ Message string }
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		return err
	}
	if len(answer.Errors) > 0 {
		return fmt.Errorf("%s: %s", document, answer.Errors[0].Message)
	}
	return json.Unmarshal(answer.Data, into)
}

// move changes the town of a customer, and gives the customer's new version.
func (r *remote) move(ctx context.Context, id string, version int, city string) (int, error) {
	const document = `mutation($input: UpdateCustomerInput!) { updateCustomer(input: $input) { customer { version } userErrors { message } } }`
	var answer struct {
		UpdateCustomer struct {
			Customer   struct{ Version int }
			UserErrors []struct{ Message string }
		}
	}
	err := r.query(ctx, document, map[string]any{"input": map[string]any{"id": id, "expectedVersion": version, "city": city}}, &answer)
	if err == nil && len(answer.UpdateCustomer.UserErrors) > 0 {
		err = fmt.Errorf("change the customer: %s", answer.UpdateCustomer.UserErrors[0].Message)
	}
	return answer.UpdateCustomer.Customer.Version, err
}

// subscribe opens a subscription to customers, and gives their towns as they
// change. closing ends it.
func (r *remote) subscribe(ctx context.Context, document string) (cities <-chan string, closing func(), err error) {
	conn, response, err := websocket.Dial(ctx, strings.Replace(r.url, "http", "ws", 1)+"/graphql", &websocket.DialOptions{
		HTTPClient: r.http, Subprotocols: []string{"graphql-transport-ws"},
	})
	if err != nil {
		return nil, nil, err
	}
	if response.Body != nil {
		response.Body.Close()
	}
	say := func(m map[string]any) { err = errorsFirst(err, wsjson.Write(ctx, conn, m)) }
	say(map[string]any{"type": "connection_init", "payload": map[string]string{"authorization": "Bearer " + r.token}})
	var hello struct{ Type string }
	err = errorsFirst(err, wsjson.Read(ctx, conn, &hello))
	say(map[string]any{"id": "1", "type": "subscribe", "payload": map[string]string{"query": document}})
	if err != nil {
		return nil, nil, err
	}
	heard := make(chan string, 16)
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer close(heard)
		listen(ctx, conn, heard)
	}()
	return heard, func() { _ = conn.CloseNow(); <-done }, nil
}

func errorsFirst(first, next error) error {
	if first != nil {
		return first
	}
	return next
}

func listen(ctx context.Context, conn *websocket.Conn, heard chan<- string) {
	for {
		var event struct {
			Type    string
			Payload struct {
				Data struct {
					Changes struct{ Record struct{ City string } }
				}
			}
		}
		if err := wsjson.Read(ctx, conn, &event); err != nil {
			return
		}
		switch event.Type {
		case "ping":
			if err := wsjson.Write(ctx, conn, map[string]string{"type": "pong"}); err != nil {
				return
			}
		case "next":
			select {
			case heard <- event.Payload.Data.Changes.Record.City:
			case <-ctx.Done():
				return
			}
		}
	}
}
