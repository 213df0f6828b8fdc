import { useEffect } from "preact/hooks";
import { useQuery } from "@urql/preact";
import { may, useDirectory } from "../firms";
import { t } from "../i18n";
import { useKeys } from "../keys";
import { useForeign } from "../live";
import { Partnerships } from "../operations/partnerships.gen";
import { Agreements, type AgreementRow } from "../operations/sharing.gen";
import { navigate } from "../router";
import { inForce, sentence, termsOf, type Term } from "../terms";
import { Icon } from "../ui/icon";
import { useRows } from "../ui/list";
import { NewsBadge } from "../ui/news";
import { Badge, Trouble, Waiting } from "../ui/parts";
import { AgreementState } from "./agreement-state";
import { Knowledge } from "./knowledge";
import { Lost } from "./lost";
import { partnershipTone } from "./partnerships";
import { SharingPreview } from "./preview";
import { Seen } from "./seen";

/** Levels by which a firm learns something of records that it does not see. */
const known = (term: Term): boolean => term.level === "COUNTS" || term.level === "OVERLAP";

/** Partner is another firm: what is agreed with it, what it sees of one's own, and what one may know of its. */
export function Partner({ id }: { id: string }) {
  const d = useDirectory();
  const [{ data: ties }] = useQuery({ query: Partnerships });
  const [{ data, error, fetching }, again] = useQuery({ query: Agreements, variables: { first: 100, after: null } });
  const [news, read] = useForeign(d.own, (change) => change.byFirmId === id, [id]);
  const name = d.name(id);
  useRows();
  useEffect(() => void (document.title = name + " · Fondaco"), [name]);
  useKeys([{ keys: "Escape", label: t("back.sharing"), run: () => navigate("/sharing") }]);
  if (!data || !ties) return error && !fetching ? <Trouble retry={() => again({ requestPolicy: "network-only" })} /> : <Waiting />;
  if (id === d.own || !d.firms.some((f) => f.id === id)) return <Lost />;
  const agreements = data.sharingAgreements?.nodes ?? [];
  const given = agreements.filter((a) => a.ownerId === d.own && a.addressedToId === id);
  const got = agreements.filter((a) => a.ownerId === id && a.addressedToId === d.own);
  const partnerships = (ties.partnerships?.nodes ?? []).filter((p) => p.ownerId === id || p.addressedToId === id);
  const counted = given.filter(inForce).flatMap((a) => termsOf(a.terms).filter(known));
  return (
    <>
      <div class="head">
        <a class="back" href="/sharing" aria-label={t("back.sharing")}>
          <Icon name="back" />
        </a>
        <h1>{name}</h1>
        {partnerships.map((p) => p.state && (
          <Badge key={p.id} tone={partnershipTone[p.state]}>
            {p.name}: {t(`partnership.${p.state}`)}
          </Badge>
        ))}
        <NewsBadge change={news} onRead={read} />
      </div>
      <div class="columns partner">
        <section>
          {may(d, "CHANNEL_MANAGER") && <SharingPreview firm={id} title={t("partner.sees", { firm: name })} />}
          {counted.length > 0 && (
            <section class="card">
              <h2>{t("partner.knows", { firm: name })}</h2>
              <Terms terms={counted} />
            </section>
          )}
          {may(d, "AUDITOR") && <Seen firm={id} />}
        </section>
        <aside>
          <Between title={t("partner.given")} none={t("partner.given.none", { firm: name })} agreements={given} />
          <Between title={t("partner.got")} none={t("partner.got.none", { firm: name })} agreements={got} />
          <Knowledge firm={id} terms={got.filter(inForce).flatMap((a) => termsOf(a.terms).filter(known))} />
        </aside>
      </div>
    </>
  );
}

function Terms({ terms }: { terms: readonly Term[] }) {
  return (
    <ul class="terms">
      {terms.map((term, i) => (
        <li key={i}>{sentence(term)}</li>
      ))}
    </ul>
  );
}

/** Between lists the agreements in one direction. */
function Between({ title, none, agreements }: { title: string; none: string; agreements: readonly AgreementRow[] }) {
  return (
    <section class="card">
      <h2>{title}</h2>
      {agreements.length === 0 && <p class="hint">{none}</p>}
      <ul class="between">
        {agreements.map((a) => (
          <li key={a.id}>
            <a data-row href={"/sharing/" + a.id}>
              {a.name}
            </a>
            <AgreementState agreement={a} />
            <Terms terms={termsOf(a.terms)} />
          </li>
        ))}
      </ul>
    </section>
  );
}
