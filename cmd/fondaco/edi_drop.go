package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"path/filepath"
	"strings"
)

type ediDrop struct {
	ediFile
	Node  string `help:"Address of the node." env:"FONDACO_NODE_URL" required:"" placeholder:"URL"`
	Token string `help:"Token of the mailbox." env:"FONDACO_TOKEN" required:"" placeholder:"TOKEN"`
}

// Run sends the file. It is safe to repeat: the same file twice changes
// nothing twice.
func (e *ediDrop) Run(ctx context.Context, c console) error {
	body, err := e.read(c)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(e.Node, "/")+"/edi/in", bytes.NewReader(body))
	if err != nil {
		return fail(exitUsage, err, "the address of the node: %v", err)
	}
	request.Header.Set("Authorization", "Bearer "+e.Token)
	request.Header.Set("Content-Type", "application/octet-stream")
	request.Header.Set("X-File-Name", filepath.Base(e.File))
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fail(exitUnavailable, err, "the node does not answer, and nothing was sent: %v; send the file again later", err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return fail(exitUnavailable, err, "the node's answer was cut off: %v; send the file again, which changes nothing twice", err)
	}
	if response.StatusCode != http.StatusOK {
		return fail(exitUsage, errors.New(response.Status), "the node refused the file: %s: %s", response.Status, bytes.TrimSpace(answer))
	}
	_, err = c.out.Write(answer)
	return err
}
