import { useEffect, useState } from "preact/hooks";
import { useMutation, useQuery } from "@urql/preact";
import { may, useDirectory } from "../firms";
import { day } from "../format";
import { fieldName, t, word } from "../i18n";
import { newKey } from "../ids";
import { useKeys } from "../keys";
import { belongsTo, useForeign, useWatch } from "../live";
import { Agreement as Query, Agreements, GrantsUnder, UnshareRecord, type AgreementRow } from "../operations/sharing.gen";
import { navigate, usePlace } from "../router";
import { inForce, sentence, termsOf } from "../terms";
import { Icon } from "../ui/icon";
import { toast } from "../ui/live";
import { Markdown } from "../ui/markdown";
import { NewsBadge } from "../ui/news";
import { Button, Empty, Fact, Firm, Time, Trouble, Waiting } from "../ui/parts";
import { globalId } from "../ids";
import { problem } from "../wrong";
import { AgreementActions } from "./agreement-actions";
import { AgreementState } from "./agreement-state";
import { Draft } from "./agreement-draft";
import { Lost } from "./lost";
import { SharingPreview } from "./preview";
import { useNames } from "./names";

/** AgreementScreen is one sharing agreement: a draft to be written, or what was agreed and what it opens. */
export function AgreementScreen({ id }: { id: string }) {
  return id === "new" ? <Fresh /> : <Known id={id} />;
}

function Head({ title, children }: { title: string; children?: preact.ComponentChildren }) {
  useEffect(() => void (document.title = title + " · Fondaco"), [title]);
  useKeys([{ keys: "Escape", label: t("back.sharing"), run: () => navigate("/sharing") }]);
  return (
    <div class="head">
      <a class="back" href="/sharing" aria-label={t("back.sharing")}>
        <Icon name="back" />
      </a>
      <h1>{title}</h1>
      {children}
    </div>
  );
}

function Fresh() {
  const d = useDirectory();
  const from = usePlace().query.get("from") ?? "";
  const [{ data, fetching }] = useQuery({ query: Query, variables: { id: from }, pause: !from });
  if (from && !data && fetching) return <Waiting />;
  const old = data?.sharingAgreement ?? undefined;
  return (
    <>
      <Head title={t(old ? "sharing.version.title" : "sharing.new")} />
      {d.partnerships.length === 0 ? <Empty title={t("audience.none")} text={t("sharing.no.partner")} /> : <Draft from={old} />}
    </>
  );
}

function Known({ id }: { id: string }) {
  const d = useDirectory();
  const [{ data, error, fetching }, again] = useQuery({ query: Query, variables: { id } });
  const [news, read] = useForeign(d.own, (change) => belongsTo(change, id), [id]);
  useWatch([id]);
  const a = data?.sharingAgreement;
  if (!a) {
    if (fetching) return <Waiting />;
    return error ? <Trouble retry={() => again({ requestPolicy: "network-only" })} /> : <Lost />;
  }
  const ours = a.ownerId === d.own;
  return (
    <>
      <Head title={a.name ?? ""}>
        <AgreementState agreement={a} />
        <a href={"/partners/" + (ours ? a.addressedToId : a.ownerId)}>
          <Firm id={ours ? a.addressedToId : a.ownerId} />
        </a>
        <NewsBadge change={news} onRead={read} />
      </Head>
      {ours && a.state === "DRAFT" && may(d, "CHANNEL_MANAGER") ? <Draft key={a.id} agreement={a} /> : <Agreed agreement={a} ours={ours} />}
    </>
  );
}

/** Agreed shows an agreement that cannot be changed any more; its next version can be written. */
function Agreed({ agreement: a, ours }: { agreement: AgreementRow; ours: boolean }) {
  const d = useDirectory();
  const manages = may(d, "CHANNEL_MANAGER");
  const terms = termsOf(a.terms);
  return (
    <div class="columns drafting">
      <section class="card">
        <h2>{t("sharing.what")}</h2>
        <p class="parties">
          <Firm id={a.ownerId} /> <span aria-label={t("sharing.to")}>→</span> <Firm id={a.addressedToId} />
        </p>
        <ul class="terms">
          {terms.map((term) => (
            <li key={term.kind + term.level}>{sentence(term)}</li>
          ))}
        </ul>
        <dl>
          <Fact name={fieldName("SharingAgreement", "purpose")}>{a.purpose && <Markdown source={a.purpose} />}</Fact>
          <Fact name={fieldName("SharingAgreement", "validFrom")}>{day(a.validFrom)}</Fact>
          <Fact name={fieldName("SharingAgreement", "validUntil")}>{day(a.validUntil)}</Fact>
          <Fact name={fieldName("SharingAgreement", "requires")}>{a.requires?.name}</Fact>
          <Fact name={fieldName("SharingAgreement", "restsOn")}>{a.restsOn && <a href={"/sharing/" + a.restsOn.id}>{a.restsOn.name}</a>}</Fact>
        </dl>
        <Answers agreement={a} />
        {manages && <Older agreement={a} ours={ours} />}
        {manages && <AgreementActions agreement={a} ours={ours} />}
      </section>
      <aside>
        {ours && manages && a.addressedToId && a.state !== "REVOKED" && <SharingPreview firm={a.addressedToId} agreement={inForce(a) ? null : a.id} />}
        {ours && manages && terms.some((x) => x.level === "GRANTED") && <Granted agreement={a} />}
        {!ours && <p class="hint card">{t("sharing.theirs")}</p>}
      </aside>
    </div>
  );
}

function Answers({ agreement: a }: { agreement: AgreementRow }) {
  const d = useDirectory();
  const list = [...a.acceptances.nodes].sort((x, y) => y.createdAt.localeCompare(x.createdAt));
  if (list.length === 0) return null;
  return (
    <ul class="answers">
      {list.map((x) => (
        <li key={x.id}>
          <Firm id={x.ownerId} /> <span>{word("Answer", x.answer)}</span> <Time at={x.createdAt} />
          {x.ownerId === d.own && x.teams && x.teams.length > 0 && (
            <small>{t("sharing.for", { teams: d.teams.flatMap((team) => (x.teams?.includes(team.id) ? [team.name] : [])).join(", ") })}</small>
          )}
        </li>
      ))}
    </ul>
  );
}

/** Agreements of one name between the same two firms are versions of one another; the newest counts. */
function Older({ agreement: a, ours }: { agreement: AgreementRow; ours: boolean }) {
  const [{ data }] = useQuery({ query: Agreements, variables: { first: 100, after: null } });
  const versions = (data?.sharingAgreements?.nodes ?? []).filter((x) => x.name === a.name && x.ownerId === a.ownerId && x.addressedToId === a.addressedToId);
  const newer = versions.filter((x) => x.createdAt > a.createdAt);
  const older = versions.filter((x) => x.createdAt < a.createdAt && x.state !== "REVOKED");
  if (newer.length > 0) {
    return (
      <p class="notice">
        <Icon name="note" />
        <span>
          {t(newer.some(inForce) ? "sharing.replaced" : "sharing.replacing")} <a href={"/sharing/" + newer[0]?.id}>{t("sharing.version.see")}</a>
        </span>
      </p>
    );
  }
  if (older.length === 0 || !ours || !inForce(a)) return null;
  return (
    <p class="notice">
      <Icon name="note" />
      <span>
        {t("sharing.older", { n: older.length })} <a href={"/sharing/" + older[0]?.id}>{t("sharing.older.see")}</a>
      </span>
    </p>
  );
}

/** Granted lists the records that are opened one by one, each with a way to take it back. */
function Granted({ agreement: a }: { agreement: AgreementRow }) {
  const d = useDirectory();
  const [{ data, fetching }] = useQuery({ query: GrantsUnder, variables: { agreement: a.id, after: null } });
  const [, unshare] = useMutation(UnshareRecord);
  const page = data?.grants;
  const ids = (page?.nodes ?? []).map((g) => globalId(g.recordKind ?? "", g.recordId ?? ""));
  const names = useNames(ids);
  const take = async (recordId: string) => {
    const bad = problem(await unshare({ input: { recordId, sharingAgreementId: a.id, idempotencyKey: newKey() } }));
    if (bad === null) toast(t("share.undone", { name: names(recordId), firm: d.name(a.addressedToId) }));
    else toast(bad.text, true);
  };
  return (
    <section class="card">
      <h2>{t("sharing.granted", { n: page?.totalCount.value ?? 0 })}</h2>
      {!page && fetching && <Waiting lines={2} />}
      {page?.nodes.length === 0 && <p class="hint">{t("sharing.granted.none")}</p>}
      <ul class="granted">
        {page?.nodes.map((g, i) => (
          <li key={g.id}>
            <span>
              {g.recordKind === "Customer" ? <a href={"/customers/" + ids[i]}>{names(ids[i] ?? "")}</a> : names(ids[i] ?? "")}
              <small>
                {word("Kinds", g.recordKind)} · <Time at={g.createdAt} />
              </small>
            </span>
            <Button kind="quiet" label={t("sharing.take.one", { name: names(ids[i] ?? "") })} onClick={() => void take(ids[i] ?? "")}>
              {t("sharing.take")}
            </Button>
          </li>
        ))}
      </ul>
      {page?.pageInfo.hasNextPage && <p class="hint">{t("sharing.granted.more")}</p>}
    </section>
  );
}

/** Whether a confirmation was asked for, by the action. */
export function useSure(): [string | null, (action: string, run: () => void) => void] {
  const [asked, ask] = useState<string | null>(null);
  return [
    asked,
    (action, run) => {
      if (asked !== action) return ask(action);
      ask(null);
      run();
    },
  ];
}
