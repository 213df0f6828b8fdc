package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"fondaco/partners"
	"fondaco/schema"
)

// A running node takes orders of its operator at a socket in its data folder,
// which the folder's owner alone can reach. Commands that concern a node at
// work, such as pairing, go this way.
const controlSocket = "control.sock"

// control is one order and its answer; each order uses the fields it needs.
type control struct {
	Firm   string            `json:"firm,omitempty"`
	Token  string            `json:"token,omitempty"`
	Values map[string]string `json:"values,omitempty"`
	Firms  []hostedFirm      `json:"firms,omitempty"`
	Links  any               `json:"links,omitempty"`
	// About trading partners: the order, and what answers it.
	Trading  *partnerOrder    `json:"trading,omitempty"`
	File     []byte           `json:"file,omitempty"`
	Partners []tradingPartner `json:"partners,omitempty"`
	Sendings []sending        `json:"sendings,omitempty"`
	Sent     json.RawMessage  `json:"sent,omitempty"`
	Error    string           `json:"error,omitempty"`
	Code     int              `json:"code,omitempty"`
}

type hostedFirm struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// listenControl opens the socket. One that a dead process left is replaced:
// the caller holds the lock of the data folder.
func (p *program) listenControl(ctx context.Context) (net.Listener, error) {
	path := filepath.Join(p.options.Data, controlSocket)
	const longest = 107 // bytes, by the kernel's sockaddr_un
	if len(path) > longest {
		return nil, fail(exitUsage, nil, "the path %s is too long for a socket, which has %d bytes; choose a shorter folder with --data", path, longest)
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "unix", path)
	if err != nil {
		return nil, err
	}
	return l, os.Chmod(path, 0o600)
}

// longestOrder is enough for the largest EDI file that a mailbox takes, in
// base64, and bounds what an order can make the node keep in memory.
const longestOrder = 32 << 20

// orders are what the operator can ask of a running node.
func (p *program) orders() http.Handler {
	mux := http.NewServeMux()
	for name, do := range map[string]func(context.Context, control) (control, error){
		"invite": p.invite, "join": p.join, "accept": p.accept, "host": p.host, "list": p.list,
		"trading-list": p.listTrading, "trading-sent": p.sentTrading, "trading-add": p.addTrading,
		"trading-set": p.setTrading, "trading-token": p.tokenTrading, "trading-send": p.sendTrading,
	} {
		mux.HandleFunc("POST /"+name, func(w http.ResponseWriter, r *http.Request) {
			var order control
			err := json.NewDecoder(io.LimitReader(r.Body, longestOrder)).Decode(&order)
			if order.Trading == nil {
				order.Trading = &partnerOrder{}
			}
			var answer control
			if err == nil {
				answer, err = do(r.Context(), order)
			}
			if err != nil {
				answer.Code, answer.Error = judge(err)
			}
			_ = json.NewEncoder(w).Encode(answer) // a caller that is gone needs no answer
		})
	}
	return mux
}

func firmOf(order control) (schema.FirmID, error) {
	id, err := schema.ParseID(order.Firm)
	if err != nil {
		return schema.FirmID{}, fail(exitUsage, err, "--firm: %v; 'fondaco node list' tells the ids", err)
	}
	return schema.FirmID(id), nil
}

func (p *program) invite(ctx context.Context, order control) (answer control, err error) {
	firm, err := firmOf(order)
	if err == nil {
		answer.Token, err = p.federation.Invite(ctx, firm)
	}
	return answer, err
}

func (p *program) join(ctx context.Context, order control) (answer control, err error) {
	firm, err := firmOf(order)
	if err == nil {
		answer.Token, err = p.federation.Join(ctx, firm, order.Token)
	}
	return answer, err
}

func (p *program) accept(ctx context.Context, order control) (answer control, err error) {
	firm, err := firmOf(order)
	if err == nil {
		err = p.federation.Accept(ctx, firm, order.Token)
	}
	return answer, err
}

func (p *program) host(ctx context.Context, order control) (answer control, err error) {
	id := schema.FirmID(schema.NewID())
	v := partners.Values{}
	for name, text := range order.Values {
		if text != "" {
			v[name] = text
		}
	}
	answer.Firm = id.String()
	return answer, p.service.Host(ctx, id, v)
}

func (p *program) list(ctx context.Context, _ control) (answer control, err error) {
	firms, err := p.service.Hosted(ctx)
	if err != nil {
		return answer, err
	}
	for _, f := range firms {
		name, err := p.firmName(ctx, f)
		if err != nil {
			return answer, err
		}
		answer.Firms = append(answer.Firms, hostedFirm{f.String(), name})
	}
	answer.Links, err = p.federation.Links(ctx)
	return answer, err
}

// ask sends an order to the node that runs on a data folder.
func ask(ctx context.Context, data, name string, order control) (control, error) {
	path := filepath.Join(data, controlSocket)
	client := http.Client{
		Timeout: time.Minute,
		Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", path)
		}},
	}
	body, err := json.Marshal(order)
	if err != nil {
		return control{}, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://node/"+name, bytes.NewReader(body))
	if err != nil {
		return control{}, err
	}
	response, err := client.Do(request)
	if err != nil {
		return control{}, fail(exitUnavailable, err, "no node runs on %s; start it with 'fondaco serve --data %s', or name another folder with --data", data, data)
	}
	defer response.Body.Close()
	var answer control
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return answer, fail(exitUnavailable, err, "the node's answer was cut off: %v; see its log", err)
	}
	if answer.Error != "" {
		return answer, &failure{code: answer.Code, text: answer.Error}
	}
	return answer, nil
}
