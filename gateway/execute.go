package gateway

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/vektah/gqlparser/v2/ast"

	"fondaco/gateway/operation"
	"fondaco/partners"
)

// prepare finds the operation that a request means, coerces its variables and
// holds its cost against the limit.
func (g *Gateway) prepare(ctx context.Context, r request) (*operation.Operation, *response) {
	doc := g.store.Document(r.Query)
	if len(doc.Errors) > 0 {
		return nil, g.documentErrors(ctx, doc)
	}
	op, problem := doc.Operation(r.OperationName, r.Variables)
	if problem != nil {
		return nil, failed(http.StatusBadRequest, translate(ctx, g.log, problem))
	}
	if cost := op.Cost(); cost > g.options.Limits.Cost {
		return nil, failed(http.StatusBadRequest, g.limitError(ctx,
			fmt.Sprintf("the operation costs up to %d; at most %d is allowed: ask for smaller pages", cost, g.options.Limits.Cost)))
	}
	return op, nil
}

func (g *Gateway) limitError(ctx context.Context, message string) responseError {
	return responseError{Message: message, Extensions: errorExtensions{Code: operation.CodeLimit, RequestID: requestID(ctx)}}
}

// execute carries out a query or a mutation.
func (g *Gateway) execute(ctx context.Context, r request, op *operation.Operation) *response {
	ctx, cancel := context.WithTimeout(ctx, g.options.Timeout)
	defer cancel()
	p, err := principal(ctx)
	if err != nil {
		return failed(http.StatusInternalServerError, translate(ctx, g.log, err))
	}
	spent, wait := g.budgets.spend(p.Firm, op.Cost())
	if wait > 0 {
		resp := failed(http.StatusTooManyRequests, responseError{
			Message:    fmt.Sprintf("your firm has asked for more than its share; try again in %d s", wait),
			Extensions: errorExtensions{Code: codeThrottled, RequestID: requestID(ctx), RetryAfter: wait},
		})
		resp.retryAfter = wait
		return resp
	}
	resp := &response{}
	var problems []error
	if op.Def.Operation == ast.Mutation {
		resp.data, problems = g.mutate(ctx, op)
	} else {
		q := g.query(ctx, op)
		resp.data, problems = q.run(ctx)
		spent.settle(q.cost())
	}
	for _, problem := range problems {
		told := translate(ctx, g.log, problem)
		resp.errors, resp.retryAfter = append(resp.errors, told), max(resp.retryAfter, told.Extensions.RetryAfter)
	}
	if resp.data == nil && len(problems) > 0 {
		resp.status = statusOfError(problems[0])
	}
	if string(r.Extensions["cost"]) == "true" {
		resp.extensions = g.costExtension(spent)
	}
	return resp
}

// costExtension tells what an operation cost, to whoever asks by
// "extensions": {"cost": true} in the request.
func (g *Gateway) costExtension(s *spending) map[string]any {
	return map[string]any{"cost": map[string]any{
		"requested": s.requested, "actual": s.actual, "limit": g.options.Limits.Cost,
		"remaining": int(s.limiter.TokensAt(g.options.Now())), "restoreRate": g.options.CostRate,
	}}
}

// run carries out a query, and gives the value of "data".
func (q *query) run(ctx context.Context) ([]byte, []error) {
	fields := q.roots(ctx, q.compiler.op.Def.SelectionSet)
	w, err := q.read(ctx)
	if err != nil {
		return nil, []error{err}
	}
	w.b = make([]byte, 0, 4096)
	w.fields(fields)
	return w.b, q.errors
}

// cost counts what was really read.
func (q *query) cost() int {
	n := 0
	for _, page := range q.pages {
		n += 1 + objects(page)
	}
	return n
}

func objects(page *partners.Page) int {
	if page == nil {
		return 0
	}
	n := len(page.Rows)
	for i := range page.Rows {
		for _, child := range page.Rows[i].Children {
			n += 1 + objects(child)
		}
	}
	return n
}

// errorsJSON writes the errors of a response as a JSON list.
func errorsJSON(resp *response) json.RawMessage { return appendErrors(nil, resp.errors) }
