package federation

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/nats-io/nats.go"

	"fondaco/schema"
)

// mended looks whether a person has mended a broken link.
func (in *intake) mended(ctx context.Context) error {
	for _, flow := range in.links {
		if flow.Broken == "" {
			continue
		}
		p, err := in.node.store.peering(ctx, flow.pair)
		if err != nil {
			return err
		}
		flow.Broken = p.Broken
	}
	return nil
}

// report tells the sender of a link where we stand, signed.
func (in *intake) report(flow *inflow) error {
	id, err := in.node.identity(in.firm)
	if err != nil {
		return err
	}
	r := &report{From: in.firm, To: flow.Peer, Report: flow.receiver.Report(flow.gap), Schema: schemaVersion}
	text, err := r.encode()
	if err != nil {
		return fmt.Errorf("encode report: %w", err)
	}
	if err := in.from.report(flow.Peer, in.firm, seal(reportType, id.signing, text)); err != nil {
		return fmt.Errorf("report to %s: %w", flow.Peer, err)
	}
	flow.gap, flow.reported = nil, time.Now()
	return nil
}

// reportAll reports on every link that was quiet for a while.
func (in *intake) reportAll(ctx context.Context) {
	for _, flow := range in.links {
		if ctx.Err() != nil || flow.Broken != "" || time.Since(flow.reported) < in.node.reportEvery/2 {
			continue
		}
		if err := in.report(flow); err != nil {
			in.log.Debug("federation: report", slog.Any("peer", flow.Peer), slog.Any("cause", err))
		}
	}
}

// serveReports listens to the receivers of what a firm here sends.
func (n *Node) serveReports(t *transport, firm schema.FirmID) (*nats.Subscription, error) {
	return t.conn.Subscribe(everyone(topicReport, firm), func(m *nats.Msg) {
		if err := n.heard(firm, m); err != nil {
			n.log.Error("federation: a report was not believed",
				slog.Any("firm", firm), slog.String("subject", m.Subject), slog.Any("cause", err))
		}
	})
}

// heard checks who reports, and hands the report over.
func (n *Node) heard(firm schema.FirmID, m *nats.Msg) error {
	to, from, err := parties(m.Subject)
	if err != nil {
		return err
	}
	r := n.relay(pair{firm, from})
	if r == nil || to != firm {
		return fmt.Errorf("firm %s is not paired with firm %s", from, firm)
	}
	body, err := unseal(reportType, r.peer.Key, m.Data)
	if err != nil {
		return err
	}
	said, err := decodeReport(body)
	if err != nil {
		return err
	}
	if said.From != from || said.To != to {
		return errForged
	}
	r.hear(heard{said, m.Data})
	return nil
}
