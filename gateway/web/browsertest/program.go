package browsertest

import (
	"context"
	"os"
	"os/exec"
	"sync"

	"github.com/chromedp/chromedp"
)

// program is the process behind all windows of a test process.
type program struct {
	mu      sync.Mutex
	windows int
	ctx     context.Context //nolint:containedctx // it is how chromedp names a program
	end     func()
}

// shared is the one program: tests that run beside one another know nothing of each other.
var shared program

// join starts the program unless it runs, and keeps it running until leave.
func (p *program) join(path string) (context.Context, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.windows == 0 {
		if err := p.start(path); err != nil {
			return nil, err
		}
	}
	p.windows++
	return p.ctx, nil
}

func (p *program) leave() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.windows--; p.windows == 0 {
		p.end()
	}
}

func (p *program) start(path string) error {
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.ExecPath(path))
	allocator, end := chromedp.NewExecAllocator(context.Background(), options...) // it outlives the test that starts it
	// Events that chromedp does not know yet are no errors of ours.
	ctx, closed := chromedp.NewContext(allocator, chromedp.WithErrorf(func(string, ...any) {}))
	p.ctx, p.end = ctx, func() { closed(); end() }
	if err := chromedp.Run(ctx); err != nil {
		p.end()
		return err
	}
	return nil
}

// find gives the path of the program, and "" where there is none.
func find() string {
	if path := os.Getenv("FONDACO_BROWSER"); path != "" {
		return path
	}
	for _, name := range []string{
		"headless_shell", "headless-shell",
		// Debian's command of this name is a script that would stay behind as the browser's parent.
		"/usr/lib/chromium/chromium-headless-shell",
		"chromium", "chromium-browser", "google-chrome", "google-chrome-stable",
	} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}
