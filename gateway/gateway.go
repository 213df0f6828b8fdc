package gateway

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"fondaco/gateway/operation"
	"fondaco/gateway/sdl"
	"fondaco/partners"
	"fondaco/policy"
)

// Authenticator tells who makes a request. Its error is a schema.Error of
// code denied for whoever cannot prove it; package auth has the one that
// serves, with sessions and tokens.
type Authenticator interface {
	Authenticate(r *http.Request) (policy.Principal, error)
}

// Options is what a Gateway needs.
type Options struct {
	Partners      *partners.Service
	Authenticator Authenticator
	// Key seals cursors and the addresses of uploads and downloads; 32 bytes. What another key has sealed is refused.
	Key []byte
	// Origins are other origins than the node's own from which browsers may call, such as "https://crm.example.com".
	Origins []string
	// PublicURL is the address at which the node is reached, such as "https://crm.example.com". It stands in metadata; if
	// it is empty, the host that a request names does.
	PublicURL string
	// Limits bound documents; the zero value is operation.DefaultLimits.
	Limits operation.Limits
	// CostRate is how much cost a firm may spend a second, and CostBurst how much at once; 0 is 5000 and 50,000.
	CostRate, CostBurst int
	// PersonProbes and FirmProbes bound how often a person, and a firm, may count and compare other firms' records. The
	// zero value is 20 times and once in 30 s more, and 60 times and once in 10 s more.
	PersonProbes, FirmProbes Allowance
	// MaxUpload is the most bytes of one document version; 0 is 100 MiB.
	MaxUpload int64
	// Timeout ends a request that takes too long; 0 is 30 s. Subscriptions have none.
	Timeout time.Duration
	// MaxSubscriptions is how many subscriptions of one firm run at once; 0 is 5000.
	MaxSubscriptions int
	// Recheck is how often a running subscription proves anew that its reader may read, beside when memberships change and
	// when the Authenticator is a Revoker that took a proof back; 0 is one minute.
	Recheck time.Duration
	// Look is how often the state of the rules is read while there are subscriptions; 0 is one second.
	Look time.Duration
	// Ready tells whether the node can serve, for /readyz, beside its database; nil is always.
	Ready func(context.Context) error
	// Now tells the time; nil is time.Now.
	Now func() time.Time
	Log *slog.Logger
}

func (o Options) orDefaults() Options {
	if o.Limits == (operation.Limits{}) {
		o.Limits = operation.DefaultLimits()
	}
	if o.CostRate == 0 {
		o.CostRate = 5000
	}
	if o.CostBurst == 0 {
		o.CostBurst = 50_000
	}
	o.PersonProbes = o.PersonProbes.orElse(Allowance{20, 30 * time.Second})
	o.FirmProbes = o.FirmProbes.orElse(Allowance{60, 10 * time.Second})
	if o.MaxUpload == 0 {
		o.MaxUpload = 100 << 20
	}
	if o.Timeout == 0 {
		o.Timeout = 30 * time.Second
	}
	if o.MaxSubscriptions == 0 {
		o.MaxSubscriptions = 5000
	}
	if o.Recheck == 0 {
		o.Recheck = time.Minute
	}
	if o.Look == 0 {
		o.Look = time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// storeBytes bounds the texts of the documents that are kept parsed.
const storeBytes = 2 << 20

// Gateway serves the records of a node by GraphQL. Make it with New, mount its
// Handler, and let it Run.
type Gateway struct {
	options  Options
	partners *partners.Service
	schema   *ast.Schema
	store    *operation.Store
	executor *executor
	sealer   *sealer
	budgets  *budgets
	probes   *probes
	hub      *hub
	sight    *sight
	sessions *sessions
	log      *slog.Logger
}

// New makes a Gateway. It does no input or output.
func New(o Options) (*Gateway, error) {
	if o.Partners == nil || o.Authenticator == nil {
		return nil, errors.New("gateway: Partners and Authenticator must be given")
	}
	o = o.orDefaults()
	g := &Gateway{options: o, partners: o.Partners, schema: sdl.Schema(), budgets: newBudgets(o), probes: newProbes(o), hub: newHub(o), sight: newSight(), sessions: newSessions(), log: o.Log}
	g.store = operation.NewStore(g.schema, o.Limits, storeBytes)
	var err error
	if g.sealer, err = newSealer(o.Key); err != nil {
		return nil, err
	}
	if g.executor, err = newExecutor(g.schema); err != nil {
		return nil, fmt.Errorf("gateway: %w", err)
	}
	return g, nil
}

// Run follows the ledger for the subscriptions, watches over what they may
// see and who may not see anything more, and tidies up, until ctx ends. Subscriptions get no changes while it does
// not run.
func (g *Gateway) Run(ctx context.Context) error {
	var beside sync.WaitGroup
	defer beside.Wait()
	beside.Go(func() { g.hub.run(ctx) })
	beside.Go(func() { g.watch(ctx) })
	beside.Go(func() { g.followRevocations(ctx) })
	tidy := time.NewTicker(time.Hour)
	defer tidy.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tidy.C:
			if err := g.forgetKeys(ctx); err != nil && ctx.Err() == nil {
				g.log.WarnContext(ctx, "tidying up", slog.Any("error", err))
			}
		}
	}
}

func (g *Gateway) now() time.Time { return g.options.Now().UTC().Truncate(time.Microsecond) }
