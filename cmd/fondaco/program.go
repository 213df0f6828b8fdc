package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"fondaco/exchange/federation"
	"fondaco/exchange/trading"
	"fondaco/gateway"
	"fondaco/gateway/web"
	"fondaco/partners"
	"fondaco/policy"
)

// programOptions are the settings of a running node.
type programOptions struct {
	nodeOptions
	NATSURL     string `name:"nats-url" env:"FONDACO_NATS_URL,NATS_URL" help:"A nats-server outside; without one, the node runs its own." placeholder:"URL"`
	Listen      string `env:"FONDACO_LISTEN" help:"Address of the gateway." default:"127.0.0.1:8080"`
	PeerListen  string `name:"peer-listen" env:"FONDACO_PEER_LISTEN" help:"Address at which other firms' nodes reach this one; without one, none does." placeholder:"ADDR"`
	BehindProxy bool   `name:"behind-proxy" env:"FONDACO_BEHIND_PROXY" help:"A proxy in front of the gateway speaks TLS."`
	TLSCert     string `name:"tls-cert" env:"FONDACO_TLS_CERT" help:"Certificate of the gateway, in PEM." type:"path" placeholder:"FILE"`
	TLSKey      string `name:"tls-key" env:"FONDACO_TLS_KEY" help:"Key of that certificate, in PEM." type:"path" placeholder:"FILE"`
	Log         string `env:"FONDACO_LOG" help:"How much is logged: debug, info, warn or error." enum:"debug,info,warn,error" default:"info"`
}

// program is a node at work: its services, its doors and its sockets.
type program struct {
	*node
	options    programOptions
	listener   net.Listener
	server     *http.Server
	control    net.Listener
	operator   *http.Server
	gateway    *gateway.Gateway
	nats       *federation.Server
	federation *federation.Node
	trading    *trading.Service
	release    func()
}

// openProgram opens a node and takes its sockets; it serves nothing until
// run. The caller closes it.
func openProgram(ctx context.Context, o programOptions, log *slog.Logger) (*program, error) {
	p := &program{options: o}
	if err := p.open(ctx, log); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

func (p *program) open(ctx context.Context, log *slog.Logger) (err error) {
	o := p.options
	if o.DatabaseURL == "" {
		return errNoDatabase
	}
	if (o.TLSCert == "") != (o.TLSKey == "") {
		return fail(exitUsage, nil, "TLS needs both a certificate (--tls-cert) and its key (--tls-key)")
	}
	if p.release, err = lockData(o.Data); err != nil {
		return err
	}
	if p.listener, err = (&net.ListenConfig{}).Listen(ctx, "tcp", o.Listen); err != nil {
		return err
	}
	at := listening{p.listener.Addr().String(), o.TLSCert != "", o.BehindProxy}
	if p.node, err = openNode(ctx, o.nodeOptions, at, log); err != nil {
		return err
	}
	if p.node.options.PublicURL == "" {
		p.node.options.PublicURL = p.url()
	}
	if p.control, err = p.listenControl(ctx); err != nil {
		return err
	}
	if err := p.openExchange(ctx); err != nil {
		return err
	}
	return p.openGateway()
}

func (p *program) openExchange(ctx context.Context) (err error) {
	if p.options.NATSURL == "" {
		p.nats, err = federation.StartServer(ctx, federation.ServerOptions{
			Folder: filepath.Join(p.options.Data, "nats"), Listen: p.options.PeerListen, Log: p.log,
		})
		if err != nil {
			return err
		}
	}
	p.federation, err = federation.New(federation.Options{
		Service: p.service, Folder: filepath.Join(p.options.Data, "federation"), Server: p.nats, URL: p.options.NATSURL, Log: p.log,
	})
	if err != nil {
		return err
	}
	p.trading, err = trading.New(trading.Options{
		Partners: p.service, Dir: filepath.Join(p.options.Data, "trading"), Mailboxes: filepath.Join(p.options.Data, "mailboxes"), Log: p.log,
	})
	return err
}

func (p *program) openGateway() (err error) {
	key, err := secret(p.options.Data, "links")
	if err != nil {
		return err
	}
	p.gateway, err = gateway.New(gateway.Options{
		Partners: p.service, Authenticator: p.auth, Key: key, PublicURL: p.node.options.PublicURL, Log: p.log,
	})
	if err != nil {
		return err
	}
	const headerTime, idleTime = 10 * time.Second, 2 * time.Minute
	p.server = &http.Server{
		Handler: p.routes(), ReadHeaderTimeout: headerTime, IdleTimeout: idleTime,
		ErrorLog: slog.NewLogLogger(p.log.Handler(), slog.LevelDebug),
	}
	p.operator = &http.Server{Handler: p.orders(), ReadHeaderTimeout: headerTime}
	return nil
}

// routes puts the doors side by side; they do not know each other.
func (p *program) routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", web.Handler())
	mux.Handle("/auth/", p.auth.Handler())
	mux.Handle("/edi/", p.trading.Handler())
	mux.Handle("/trading/", p.signedIn(p.trading.Handler()))
	mux.Handle("/help/", http.HandlerFunc(serveManual))
	api := p.gateway.Handler()
	for _, path := range gateway.Paths() {
		mux.Handle(path, api)
	}
	return http.NewCrossOriginProtection().Handler(mux)
}

// signedIn lets requests of people through, with who they are.
func (p *program) signedIn(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who, err := p.auth.Authenticate(r)
		if err != nil {
			http.Error(w, `{"error":{"code":"UNAUTHENTICATED","message":"sign in first"}}`, http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r.WithContext(policy.With(r.Context(), who)))
	})
}

// url is where the node is reached from this machine.
func (p *program) url() string {
	scheme := "http://"
	if p.options.TLSCert != "" {
		scheme = "https://"
	}
	return scheme + p.listener.Addr().String()
}

// run serves until the context ends, and returns when all is at rest.
func (p *program) run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(p.serve)
	g.Go(func() error { return ignore(p.operator.Serve(p.control), http.ErrServerClosed) })
	g.Go(func() error { return p.federation.Run(ctx) })
	g.Go(func() error { return p.trading.Run(ctx) })
	g.Go(func() error { return p.gateway.Run(ctx) })
	g.Go(func() error { return p.housekeep(ctx) })
	g.Go(func() error { return p.service.Audit(ctx) })
	g.Go(func() error {
		<-ctx.Done()
		const grace = 5 * time.Second
		stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
		defer cancel()
		return errors.Join(ignore(p.server.Shutdown(stop), context.DeadlineExceeded), p.server.Close(), p.operator.Close())
	})
	return ignore(g.Wait(), context.Canceled)
}

func (p *program) serve() error {
	if p.options.TLSCert != "" {
		return ignore(p.server.ServeTLS(p.listener, p.options.TLSCert, p.options.TLSKey), http.ErrServerClosed)
	}
	return ignore(p.server.Serve(p.listener), http.ErrServerClosed)
}

// index builds the indexes that a new version brings. The node is slower
// until they are there, and does all else.
func (p *program) index(ctx context.Context) {
	built, err := partners.BuildIndexes(ctx, p.node.options.DatabaseURL)
	if err != nil && ctx.Err() == nil {
		p.log.Warn("some lists are slower than they should be; 'fondaco migrate' tries again", slog.Any("error", err))
	}
	if built > 0 {
		p.log.Info("indexes built", slog.Int("count", built))
	}
}

// housekeep does now and then what no request asks for: it ends protections
// whose window is over, and deletes files that nothing names.
func (p *program) housekeep(ctx context.Context) error {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for {
		news := p.service.News()
		if _, err := p.service.ExpireDeals(ctx); err != nil && ctx.Err() == nil {
			p.log.Warn("expire deals", slog.Any("error", err))
		}
		if _, err := p.service.SweepBodies(ctx); err != nil && ctx.Err() == nil {
			p.log.Warn("sweep documents", slog.Any("error", err))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		case <-news:
			// Bytes that were taken back go at once; many writes in a row make one sweep.
			select {
			case <-ctx.Done():
				return nil
			case <-time.After(time.Second):
			}
		}
	}
}

// close releases what open took, in the other order.
func (p *program) close() {
	if p.trading != nil {
		if err := p.trading.Close(); err != nil {
			p.log.Error("close trading", slog.Any("error", err))
		}
	}
	if p.nats != nil {
		p.nats.Close()
	}
	if p.node != nil {
		p.node.close()
	}
	for _, l := range []net.Listener{p.listener, p.control} {
		if l != nil {
			_ = l.Close() // closed already by its server, if that ran
		}
	}
	if p.release != nil {
		p.release()
	}
}

func ignore(err, expected error) error {
	if errors.Is(err, expected) {
		return nil
	}
	return err
}

func newLog(level string) *slog.Logger {
	var l slog.Level
	_ = l.UnmarshalText([]byte(level)) // kong has checked it
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: l}))
}
