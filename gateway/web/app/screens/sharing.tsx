import { useEffect, useState } from "preact/hooks";
import { useQuery } from "@urql/preact";
import { may, useDirectory } from "../firms";
import { day } from "../format";
import { t } from "../i18n";
import { useKeys } from "../keys";
import { useForeign, useWatch } from "../live";
import { Agreements, type AgreementRow } from "../operations/sharing.gen";
import { navigate } from "../router";
import { sentence, termsOf } from "../terms";
import { More, useRows } from "../ui/list";
import { NewsBadge } from "../ui/news";
import { Button, Empty, Firm, Trouble, Waiting } from "../ui/parts";
import { AgreementActions } from "./agreement-actions";
import { AgreementState } from "./agreement-state";
import { Partnerships } from "./partnerships";

/** Sharing lists the partnerships, and the agreements under which firms see each other's records. */
export function Sharing() {
  const d = useDirectory();
  const [news, read] = useForeign(d.own, (c) => ["SHARING_AGREEMENT", "ACCEPTANCE", "GRANT", "PARTNERSHIP"].includes(c.kind), []);
  const [inviting, invite] = useState(false);
  useEffect(() => void (document.title = t("nav.sharing") + " · Fondaco"), []);
  useRows();
  const manages = may(d, "CHANNEL_MANAGER");
  const mayAdd = manages && d.partnerships.length > 0;
  useKeys([
    ...(mayAdd ? [{ keys: "c", label: t("sharing.new"), run: () => navigate("/sharing/new") }] : []),
    ...(manages ? [{ keys: "i", label: t("partnership.new"), run: () => invite(true) }] : []),
  ]);
  return (
    <>
      <div class="head">
        <h1>{t("nav.sharing")}</h1>
        <NewsBadge change={news} onRead={read} />
        <span class="grow" />
        {may(d, "AUDITOR") && (
          <a class="button" href="/rules">
            {t("rules.title")}
          </a>
        )}
        {manages && (
          <Button icon="plus" keys="i" onClick={() => invite(true)}>
            {t("partnership.new")}
          </Button>
        )}
        {mayAdd && (
          <Button icon="sharing" keys="c" onClick={() => navigate("/sharing/new")}>
            {t("sharing.new")}
          </Button>
        )}
      </div>
      <h2 class="part">{t("sharing.agreements")}</h2>
      <div class="cards">
        <Page after={null} />
      </div>
      <Partnerships inviting={inviting} onInvite={invite} />
    </>
  );
}

function Page({ after }: { after: string | null }) {
  const [{ data, error, fetching }, again] = useQuery({ query: Agreements, variables: { first: 30, after } });
  const [grown, grow] = useState("");
  const page = data?.sharingAgreements;
  useWatch(page?.nodes.map((a) => a.id) ?? []);
  if (!page) return error && !fetching ? <Trouble retry={() => again({ requestPolicy: "network-only" })} /> : <Waiting />;
  if (page.nodes.length === 0 && !after) return <Empty title={t("sharing.none")} text={t("sharing.none.text")} />;
  const { hasNextPage, endCursor } = page.pageInfo;
  return (
    <>
      {page.nodes.map((a) => (
        <Card key={a.id} agreement={a} />
      ))}
      {hasNextPage && endCursor && (grown === endCursor ? <Page key={endCursor} after={endCursor} /> : <More key={endCursor} onMore={() => grow(endCursor)} busy={fetching} />)}
    </>
  );
}

function Card({ agreement: a }: { agreement: AgreementRow }) {
  const d = useDirectory();
  const ours = a.ownerId === d.own;
  return (
    <article class="card agreement" data-id={a.id}>
      <h3>
        <a data-row href={"/sharing/" + a.id}>
          {a.name}
        </a>
        <AgreementState agreement={a} />
      </h3>
      <p class="parties">
        <Firm id={a.ownerId} /> <span aria-label={t("sharing.to")}>→</span> <Firm id={a.addressedToId} />
        <span>{ours ? t("sharing.given") : t("sharing.received")}</span>
        {a.validUntil && <span>{t("sharing.until", { day: day(a.validUntil) })}</span>}
      </p>
      <ul class="terms">
        {termsOf(a.terms).map((term) => (
          <li key={term.kind + term.level}>{sentence(term)}</li>
        ))}
      </ul>
      {may(d, "CHANNEL_MANAGER") && !ours && <AgreementActions agreement={a} ours={false} />}
    </article>
  );
}
