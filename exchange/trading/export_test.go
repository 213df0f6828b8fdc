package trading

import "context"

// ErrStopped is how tests stand for a process that dies.
var ErrStopped = errStopped

// Step makes the service call fn between its durable steps.
func (s *Service) Step(fn func(point string) error) { s.step = fn }

// Cycle does once what Run does all the time.
func (s *Service) Cycle(ctx context.Context) error { return s.cycle(ctx) }
