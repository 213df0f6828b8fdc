package main

import (
	"context"
	"log/slog"

	"golang.org/x/sync/errgroup"
)

type serveCommand struct{ programOptions }

// Run runs a node until it is told to stop. It starts nothing that it was not
// told to start: the database is the operator's.
func (s *serveCommand) Run(ctx context.Context) error {
	log := newLog(s.Log)
	p, err := openProgram(ctx, s.programOptions, log)
	if err != nil {
		return err
	}
	defer p.close()
	if refusal := p.auth.Refusal(); refusal != nil {
		log.Warn("nobody can sign in", slog.Any("error", refusal))
	}
	log.Info("ready", slog.String("url", p.url()), slog.String("node", p.id.String()))
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return p.run(ctx) })
	g.Go(func() error { p.index(ctx); return nil })
	return g.Wait()
}
