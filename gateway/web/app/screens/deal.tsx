import { useEffect, useState } from "preact/hooks";
import { useMutation, useQuery } from "@urql/preact";
import { useDraft } from "../drafts";
import { may, useDirectory } from "../firms";
import { country, day, instant, money } from "../format";
import { fieldName, t, word } from "../i18n";
import { newKey } from "../ids";
import { useKeys } from "../keys";
import { belongsTo, useForeign, useWatch } from "../live";
import { ApproveDeal, Deal as Query, InTheWay, LoseDeal, RejectDeal, RequestActionDeal, SubmitDeal, WinDeal, WithdrawDeal, type DealWithDecision, type DecisionRow } from "../operations/deals.gen";
import { listAddress, navigate } from "../router";
import { problem, type Wrong } from "../wrong";
import { Icon } from "../ui/icon";
import { announce } from "../ui/live";
import { Markdown } from "../ui/markdown";
import { NewsBadge } from "../ui/news";
import { Alert, Button, Fact, Field, Firm, Trouble, Waiting, WhoSees } from "../ui/parts";
import { DealState } from "./deal-state";
import { Lost } from "./lost";

/** Deal is one registration with what the vendor makes of it. */
export function Deal({ id }: { id: string }) {
  const d = useDirectory();
  const [{ data, error, fetching }, again] = useQuery({ query: Query, variables: { id } });
  const [news, read] = useForeign(d.own, (change) => belongsTo(change, id), [id]);
  useWatch([id]);
  const deal = data?.dealRegistration;
  useEffect(() => void (document.title = (deal?.name ?? t("nav.deals")) + " · Fondaco"), [deal?.name]);
  useKeys([
    { keys: "Escape", label: t("back.deals"), run: () => navigate(listAddress("/deals")) },
    { keys: "w", label: t("access.open"), run: () => navigate("/access/" + id) },
  ]);
  if (!deal) {
    if (fetching) return <Waiting />;
    return error ? <Trouble retry={() => again({ requestPolicy: "network-only" })} /> : <Lost />;
  }
  const decision = deal.dealDecisions.nodes[0];
  const vendor = deal.addressedToId === d.own;
  return (
    <>
      <div class="head">
        <a class="back" href={listAddress("/deals")} aria-label={t("back.deals")}>
          <Icon name="back" />
        </a>
        <h1>{deal.name}</h1>
        <DealState deal={deal} />
        <Firm id={vendor ? deal.ownerId : deal.addressedToId} />
        <NewsBadge change={news} onRead={read} />
        <span class="grow" />
        <WhoSees id={id} />
      </div>
      <div class="columns">
        <section class="card">
          <h2>{t("deal.facts")}</h2>
          <dl>
            <Fact name={t("deal.company")}>{deal.companyName}</Fact>
            <Fact name={t("customer")}>{data.dealRegistration?.customer && <a href={"/customers/" + data.dealRegistration.customer.id}>{data.dealRegistration.customer.name}</a>}</Fact>
            <Fact name={t("field.city")}>{[deal.companyCity, country(deal.companyCountry)].filter(Boolean).join(", ")}</Fact>
            <Fact name={t("deal.size")}>{money(deal.estimatedDealSize)}</Fact>
            <Fact name={t("deal.close")}>{day(deal.estimatedCloseOn)}</Fact>
            <Fact name={fieldName("DealRegistration", "companyWebsite")}>{deal.companyWebsite}</Fact>
            <Fact name={fieldName("Customer", "vatId")}>{deal.companyVatId}</Fact>
            <Fact name={t("deal.sent")}>{instant(deal.sentAt)}</Fact>
            <Fact name={fieldName("DealRegistration", "description")}>{deal.description && <Markdown source={deal.description} />}</Fact>
            {!vendor && <Fact name={fieldName("DealRegistration", "internalNotes")}>{deal.internalNotes}</Fact>}
          </dl>
          {!vendor && <PartnerActions deal={deal} />}
        </section>
        <aside>
          {decision ? <Decision decision={decision} vendor={vendor} /> : <p class="hint card">{t(deal.state === "DRAFT" ? "deal.not.sent" : "deal.no.decision")}</p>}
        </aside>
      </div>
    </>
  );
}

/** useAct runs one mutation at a time and keeps what went wrong. */
function useAct(): { busy: boolean; wrong: Wrong | null; act: (run: () => Promise<Parameters<typeof problem>[0]>) => Promise<boolean> } {
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const act = async (run: () => Promise<Parameters<typeof problem>[0]>) => {
    setBusy(true);
    const bad = problem(await run());
    setBusy(false);
    setWrong(bad);
    if (bad === null) announce(t("saved"));
    return bad === null;
  };
  return { busy, wrong, act };
}

function PartnerActions({ deal }: { deal: DealWithDecision }) {
  const [, submit] = useMutation(SubmitDeal);
  const [, win] = useMutation(WinDeal);
  const [, lose] = useMutation(LoseDeal);
  const [, withdraw] = useMutation(WithdrawDeal);
  const { busy, wrong, act } = useAct();
  const input = { id: deal.id, expectedVersion: deal.version, idempotencyKey: newKey() };
  return (
    <>
      {wrong !== null && <Alert wrong={wrong} />}
      <div class="act">
        {deal.actions.includes("SUBMIT") && (
          <Button kind="primary" busy={busy} onClick={() => void act(() => submit({ input }))}>
            {t("deal.submit")}
          </Button>
        )}
        {deal.actions.includes("WIN") && (
          <Button icon="check" busy={busy} onClick={() => void act(() => win({ input }))}>
            {t("deal.win")}
          </Button>
        )}
        {deal.actions.includes("LOSE") && (
          <Button busy={busy} onClick={() => void act(() => lose({ input }))}>
            {t("deal.lose")}
          </Button>
        )}
        {deal.actions.includes("WITHDRAW") && (
          <Button kind="quiet" busy={busy} onClick={() => void act(() => withdraw({ input }))}>
            {t("deal.withdraw")}
          </Button>
        )}
      </div>
    </>
  );
}

/** Decision is what the vendor says; of a conflict the partner learns that there is one, and nothing else. */
function Decision({ decision, vendor }: { decision: DecisionRow; vendor: boolean }) {
  return (
    <section class="card" data-id={decision.id}>
      <h2>{t("deal.decision")}</h2>
      {decision.conflict && (
        <p class="notice">
          <Icon name="warning" /> <span>{t(vendor ? "deal.conflict.vendor" : "deal.conflict.partner")}</span>
        </p>
      )}
      <dl>
        <Fact name={fieldName("DealDecision", "reviewStatus")}>{word("ReviewStatus", decision.reviewStatus)}</Fact>
        <Fact name={fieldName("DealDecision", "receivedAt")}>{instant(decision.receivedAt)}</Fact>
        <Fact name={t("deal.protected")}>{decision.protectionEndsAt && `${instant(decision.protectionStartsAt)} – ${instant(decision.protectionEndsAt)}`}</Fact>
        <Fact name={fieldName("DealDecision", "comments")}>{decision.comments}</Fact>
      </dl>
      {vendor && decision.conflictReport && <div class="report" lang="en"><Markdown source={decision.conflictReport} /></div>}
      {vendor && <Obstacles ids={[...(decision.conflictingRegistrations ?? []), ...(decision.matchingCustomers ?? [])]} />}
      {vendor && <VendorActions decision={decision} />}
    </section>
  );
}

function Obstacles({ ids }: { ids: string[] }) {
  const [{ data }] = useQuery({ query: InTheWay, variables: { ids: ids.slice(0, 20) }, pause: ids.length === 0 });
  if (!data || ids.length === 0) return null;
  return (
    <ul class="people">
      {data.nodes.map((n) => {
        if (n?.__typename === "Customer") {
          return (
            <li key={n.id}>
              <a href={"/customers/" + n.id}>{n.name}</a> <span>{[n.city, country(n.country)].filter(Boolean).join(", ")}</span>
            </li>
          );
        }
        if (n?.__typename === "DealRegistration") {
          return (
            <li key={n.id}>
              <a href={"/deals/" + n.id}>{n.dealName}</a> <Firm id={n.ownerId} />
            </li>
          );
        }
        return null;
      })}
    </ul>
  );
}

function VendorActions({ decision }: { decision: DecisionRow }) {
  const d = useDirectory();
  const [, approve] = useMutation(ApproveDeal);
  const [, reject] = useMutation(RejectDeal);
  const [, request] = useMutation(RequestActionDeal);
  const [draft, change, drop] = useDraft("decision." + decision.id, { comments: "" });
  const { busy, wrong, act } = useAct();
  const open = decision.actions.includes("APPROVE") || decision.actions.includes("REJECT");
  if (!open || !may(d, "CHANNEL_MANAGER")) return null;
  const input = { id: decision.id, expectedVersion: decision.version, comments: draft.comments || decision.comments, idempotencyKey: newKey() };
  const decide = async (run: () => Promise<Parameters<typeof problem>[0]>) => (await act(run)) && drop();
  return (
    <>
      <Field label={t("deal.comments")} hint={t("deal.comments.hint")}>
        {(p) => <textarea {...p} rows={3} value={draft.comments} onInput={(e) => change({ comments: e.currentTarget.value })} />}
      </Field>
      {wrong !== null && <Alert wrong={wrong} />}
      <div class="act">
        {decision.actions.includes("APPROVE") && (
          <Button kind="primary" icon="check" busy={busy} onClick={() => void decide(() => approve({ input }))}>
            {t("deal.approve")}
          </Button>
        )}
        {decision.actions.includes("REJECT") && (
          <Button kind="danger" busy={busy} onClick={() => void decide(() => reject({ input }))}>
            {t("deal.reject")}
          </Button>
        )}
        {decision.actions.includes("REQUEST_ACTION") && (
          <Button busy={busy} onClick={() => void decide(() => request({ input }))}>
            {t("deal.request")}
          </Button>
        )}
      </div>
    </>
  );
}
