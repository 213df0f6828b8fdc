import { useEffect, useState } from "preact/hooks";
import { useMutation, useQuery } from "@urql/preact";
import { problem } from "../client";
import { may, useDirectory } from "../firms";
import { day, list } from "../format";
import { t, word } from "../i18n";
import { newKey } from "../ids";
import { Agreements, AnswerAgreement, OfferAgreement, ResumeAgreement, SuspendAgreement, type AgreementRow } from "../operations/sharing.gen";
import { fieldClasses } from "../kinds.gen";
import { useForeign } from "../live";
import { inForce, lastAnswer, termsOf, type Term } from "../terms";
import { More, useRows } from "../ui/list";
import { announce } from "../ui/live";
import { Markdown } from "../ui/markdown";
import { NewsBadge } from "../ui/news";
import { Alert, Badge, Button, Empty, Firm, Trouble, Waiting, said } from "../ui/parts";

/** Sharing lists the agreements under which firms see each other's records. */
export function Sharing() {
  const d = useDirectory();
  const [news, read] = useForeign(d.own, (c) => ["SHARING_AGREEMENT", "ACCEPTANCE", "GRANT"].includes(c.kind), []);
  useEffect(() => void (document.title = t("nav.sharing") + " · Fondaco"), []);
  useRows();
  return (
    <>
      <div class="head">
        <h1>{t("nav.sharing")}</h1>
        <NewsBadge change={news} onRead={read} />
      </div>
      <div class="cards">
        <Page after={null} />
      </div>
    </>
  );
}

function Page({ after }: { after: string | null }) {
  const [{ data, error, fetching }, again] = useQuery({ query: Agreements, variables: { first: 30, after } });
  const [grown, grow] = useState("");
  const page = data?.sharingAgreements;
  if (!page) return error && !fetching ? <Trouble retry={() => again({ requestPolicy: "network-only" })} /> : <Waiting />;
  if (page.nodes.length === 0 && !after) return <Empty title={t("sharing.none")} text={t("sharing.none.text")} />;
  const { hasNextPage, endCursor } = page.pageInfo;
  return (
    <>
      {page.nodes.map((a) => (
        <Card key={a.id} agreement={a} />
      ))}
      {hasNextPage && endCursor && (grown === endCursor ? <Page key={endCursor} after={endCursor} /> : <More onMore={() => grow(endCursor)} busy={fetching} />)}
    </>
  );
}

function Card({ agreement: a }: { agreement: AgreementRow }) {
  const d = useDirectory();
  const ours = a.ownerId === d.own;
  return (
    <article class="card agreement" tabIndex={-1} data-row aria-label={a.name ?? ""}>
      <h2>
        {a.name}
        <State agreement={a} />
      </h2>
      <p class="parties">
        <Firm id={a.ownerId} /> <span aria-label={t("sharing.to")}>→</span> <Firm id={a.addressedToId} />
        <span>{ours ? t("sharing.given") : t("sharing.received")}</span>
        {a.validUntil && <span>{t("sharing.until", { day: day(a.validUntil) })}</span>}
      </p>
      {a.purpose && <Markdown source={a.purpose} />}
      <ul class="terms">
        {termsOf(a.terms).map((term) => (
          <li key={term.kind}>{sentence(term)}</li>
        ))}
      </ul>
      {may(d, "CHANNEL_MANAGER") && <Actions agreement={a} ours={ours} />}
    </article>
  );
}

function sentence(term: Term): string {
  const classes = (term.classes ?? []).filter((c) => c !== "basic").map((c) => word("Class", c));
  const named = term.level === "CHILDREN" && "audience" in (fieldClasses[term.kind] ?? {});
  return t(named ? "terms.CHILDREN.named" : `terms.${term.level}`, {
    kind: word("Kinds", term.kind),
    actions: list(term.actions.map((a) => word("Action", a))),
    classes: classes.length > 0 ? t("terms.classes", { classes: list([word("Class", "basic"), ...classes]) }) : t("terms.basic"),
  });
}

function State({ agreement: a }: { agreement: AgreementRow }) {
  if (inForce(a)) return <Badge tone="good">{t("sharing.live")}</Badge>;
  const answer = lastAnswer(a);
  if (a.state === "OFFERED" && answer) return <Badge tone="bad">{word("Answer", answer)}</Badge>;
  if (a.state === "OFFERED") return <Badge tone="warn">{t("sharing.waiting")}</Badge>;
  return <Badge tone={a.state === "REVOKED" ? "bad" : "plain"}>{word("SharingState", a.state)}</Badge>;
}

function Actions({ agreement: a, ours }: { agreement: AgreementRow; ours: boolean }) {
  const [, answer] = useMutation(AnswerAgreement);
  const [, offer] = useMutation(OfferAgreement);
  const [, suspend] = useMutation(SuspendAgreement);
  const [, resume] = useMutation(ResumeAgreement);
  const [wrong, setWrong] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const act = async (run: () => Promise<Parameters<typeof problem>[0]>) => {
    setBusy(true);
    const bad = problem(await run());
    setBusy(false);
    setWrong(said(bad));
    if (bad === null) announce(t("saved"));
  };
  const input = { id: a.id, expectedVersion: a.version, idempotencyKey: newKey() };
  const say = (said: "ACCEPTED" | "DECLINED" | "WITHDRAWN") => act(() => answer({ input: { id: a.id, answer: said, idempotencyKey: newKey() } }));
  const last = lastAnswer(a);
  return (
    <>
      {wrong !== null && <Alert>{wrong}</Alert>}
      <div class="act">
        {!ours && a.state === "OFFERED" && last !== "ACCEPTED" && (
          <>
            <Button kind="primary" icon="check" busy={busy} onClick={() => void say("ACCEPTED")}>
              {t("sharing.accept")}
            </Button>
            {last === null && (
              <Button busy={busy} onClick={() => void say("DECLINED")}>
                {t("sharing.decline")}
              </Button>
            )}
          </>
        )}
        {!ours && inForce(a) && (
          <Button kind="quiet" busy={busy} onClick={() => void say("WITHDRAWN")}>
            {t("sharing.withdraw")}
          </Button>
        )}
        {ours && a.actions.includes("OFFER") && (
          <Button kind="primary" busy={busy} onClick={() => void act(() => offer({ input }))}>
            {t("sharing.offer")}
          </Button>
        )}
        {ours && a.actions.includes("SUSPEND") && (
          <Button kind="quiet" busy={busy} onClick={() => void act(() => suspend({ input }))}>
            {t("sharing.suspend")}
          </Button>
        )}
        {ours && a.actions.includes("RESUME") && (
          <Button busy={busy} onClick={() => void act(() => resume({ input }))}>
            {t("sharing.resume")}
          </Button>
        )}
      </div>
    </>
  );
}
