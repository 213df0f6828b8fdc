import { useState } from "preact/hooks";
import { useQuery } from "@urql/preact";
import { may, useDirectory } from "../firms";
import { instant } from "../format";
import { capital, fieldName, t, maybe, word, type Key } from "../i18n";
import { kindOf } from "../ids";
import { Why } from "../operations/access.gen";
import type { AccessAction } from "../operations/types.gen";
import { setQuery, usePlace } from "../router";
import { sentenceWords } from "../sentences";
import { fieldsOf, fieldsWords, mending, missing, wayWords, type Clause, type Reason } from "../sight";
import { sentence, termsOf } from "../terms";
import { refusal } from "../wrong";
import { Icon } from "../ui/icon";
import { Alert, Badge, Field, Waiting } from "../ui/parts";
import { Seek } from "../ui/seek";
import { Gaps } from "./at";
import { useNames } from "./names";
import { ViewAs } from "./view-as";

const actions: readonly AccessAction[] = ["READ", "COMMENT", "ATTACH", "EDIT", "EXPORT", "DELETE", "ASSIGN", "SHARE", "APPROVE", "SEND"];

/** What is asked: in the address, so that a question can be passed on as a link. */
interface Asked {
  as: string;
  action: AccessAction;
  field: string;
}

function useAsked(): Asked {
  const { query } = usePlace();
  const action = query.get("action") as AccessAction;
  return { as: query.get("as") ?? "", action: actions.includes(action) ? action : "READ", field: query.get("field") ?? "" };
}

interface Props {
  record: string;
  kind: string;
  /** Whether the record is the viewer's own firm's. */
  ours: boolean;
  /** A past time, or nothing for now. */
  at: string | null;
}

/** WhyPanel asks who, what and which field, and tells why, or what is missing. */
export function WhyPanel({ record, kind, ours, at }: Props) {
  const d = useDirectory();
  const asked = useAsked();
  const others = may(d);
  const names = useNames(kindOf(asked.as) === "User" ? [asked.as] : []);
  const who = kindOf(asked.as) === "User" ? names(asked.as) : d.name(asked.as);
  return (
    <>
      <section class="card why" aria-label={t("why.title")}>
        <h2>{t("why.title")}</h2>
        {others && <Whom as={asked.as} ours={ours} />}
        <div class="pair">
          <Field label={t("why.action")}>
            {(p) => (
              <select {...p} value={asked.action} onChange={(e) => setQuery({ action: e.currentTarget.value })}>
                {actions.map((a) => (
                  <option key={a} value={a}>
                    {capital(word("Action", a.toLowerCase()))}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label={t("why.field")}>
            {(p) => (
              <select {...p} value={asked.field} onChange={(e) => setQuery({ field: e.currentTarget.value })}>
                <option value="">{t("why.field.none")}</option>
                {fieldsOf(kind).map((f) => (
                  <option key={f} value={f}>
                    {fieldName(kind, f)}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </div>
        <Answer record={record} kind={kind} ours={ours} at={at} who={who} asked={others ? asked : { ...asked, as: "" }} />
      </section>
      {may(d, "AUDITOR") && ours && asked.as && <ViewAs record={record} kind={kind} viewer={asked.as} name={who} at={at} />}
    </>
  );
}

/** Whom chooses whose reasons are asked for: one's own, a partner's, or those of one of one's people. */
function Whom({ as, ours }: { as: string; ours: boolean }) {
  const d = useDirectory();
  const person = kindOf(as) === "User";
  const [seeking, seek] = useState(person);
  return (
    <>
      <Field label={t("why.who")}>
        {(p) => (
          <select {...p} value={person || seeking ? "person" : as} onChange={(e) => (seek(e.currentTarget.value === "person"), setQuery({ as: e.currentTarget.value === "person" ? "" : e.currentTarget.value }))}>
            <option value="">{t("why.self")}</option>
            <option value="person">{t("why.person")}</option>
            {/* Of another firm's record one is told only what one's own people see. */}
            {ours &&
              d.partners.map((f) => (
                <option key={f.id} value={f.id}>
                  {f.name}
                </option>
              ))}
          </select>
        )}
      </Field>
      {(person || seeking) && (
        <Field label={t("why.person.name")}>{(p) => <Seek {...p} kind="User" label={t("why.person.name")} many={false} value={person ? [as] : []} onChange={(ids) => setQuery({ as: ids[0] ?? "" })} />}</Field>
      )}
    </>
  );
}

function Answer({ record, kind, ours, at, who, asked: { as, action, field } }: Props & { asked: Asked; who: string }) {
  const [{ data, error, fetching }] = useQuery({ query: Why, variables: { record, action, field: field || null, as: as || null, at } });
  if (error && !fetching) return <Alert wrong={refusal(error)} />;
  const found = data?.why;
  if (!found) return <Waiting lines={3} />;
  const [nearest, ...far] = found.reasons;
  const held = found.reasons.filter((r) => r.holds);
  const others = found.allowed ? found.reasons.filter((r) => !r.holds) : far;
  const each = (r: Reason, i: number) => <Way key={i} reason={r} record={record} kind={kind} ours={ours} at={at} />;
  return (
    <div class="answer" aria-busy={fetching}>
      <p class={found.allowed ? "verdict good" : "verdict bad"} role="status">
        <Icon name={found.allowed ? "check" : "lock"} /> <span>{t(`why.${found.allowed ? "yes" : "no"}${as ? "" : ".self"}` as Key, { who })}</span>
      </p>
      {found.allowed && action === "READ" && !field && <p class="hint">{capital(fieldsWords(kind, found.fields))}</p>}
      <Gaps list={found.gaps} />
      {found.uncertain && <p class="hint">{t("at.uncertain")}</p>}
      {held.map(each)}
      {!found.allowed && nearest && (
        <>
          <h3>{t("why.nearest")}</h3>
          {each(nearest, 0)}
        </>
      )}
      {!found.allowed && !nearest && <p class="hint">{t("why.nothing")}</p>}
      {others.length > 0 && (
        <details>
          <summary>{t("why.others", { n: others.length })}</summary>
          {others.map(each)}
        </details>
      )}
    </div>
  );
}

/** Way is one way by which a record is reached, or could be: on what it rests, and which conditions hold. */
function Way({ reason: r, record, kind, ours, at }: Props & { reason: Reason }) {
  const a = r.agreement;
  const lacks = missing(r);
  const holds = r.clauses.filter((c) => c.holds);
  const each = (c: Clause, i: number) => <Condition key={i} clause={c} reason={r} record={record} kind={kind} ours={ours} at={at} />;
  const term = a?.term ? termsOf(a.sharingAgreement?.terms)[a.term - 1] : undefined;
  return (
    <article class={r.holds ? "way" : "way lacking"}>
      <h4>{capital(wayWords(r.path, a?.name))}</h4>
      {a && (
        <p class="basis">
          {a.sharingAgreement && a.id ? <a href={"/sharing/" + a.id}>{a.name}</a> : a.name}
          {a.version && <span>{t("why.version", { n: a.version })}</span>}
          <Badge tone={a.standing === "ACCEPTED" ? "good" : "warn"}>{word("Standing", a.standing)}</Badge>
          {a.until && <span>{t("sharing.until", { day: instant(a.until) })}</span>}
        </p>
      )}
      {term && a?.term && <p class="hint">{t("why.term", { n: a.term, term: sentence(term) })}</p>}
      {lacks.length > 0 && <ul class="clauses">{lacks.map(each)}</ul>}
      {lacks.length > 1 && <p class="hint">{t("why.all", { n: lacks.length })}</p>}
      {r.holds ? (
        <ul class="clauses">{holds.map(each)}</ul>
      ) : (
        holds.length > 0 && (
          <details>
            <summary>{t("why.holds", { n: holds.length })}</summary>
            <ul class="clauses">{holds.map(each)}</ul>
          </details>
        )
      )}
      {r.rules.length > 0 && (
        <details>
          <summary>{t("why.rules", { n: r.rules.length })}</summary>
          <ul class="rule-lines">
            {r.rules.map((rule) => (
              <li key={rule}>
                <code>{rule}</code>
              </li>
            ))}
          </ul>
        </details>
      )}
    </article>
  );
}

/** Condition says whether a condition holds; of one that does not, what can be done about it. */
function Condition({ clause: c, reason, record, kind, ours, at }: Props & { clause: Clause; reason: Reason }) {
  // The past cannot be mended.
  const mend = c.holds || at ? null : mending(reason, c, record, kind, ours);
  const detail = sentenceWords(c.text, kind);
  return (
    <li class={c.holds ? "holds" : "lacks"}>
      <Icon name={c.holds ? "check" : "close"} size={14} />
      <span>
        <span class="unseen">{t(c.holds ? "clause.holds" : "clause.lacks")}</span> {maybe(`clause.${c.code}`, c.code)}
        {detail && <small lang={detail.english ? "en" : undefined}>{detail.text}</small>}
        {mend && (mend.href ? <a href={mend.href}>{t(mend.text)}</a> : <em>{t(mend.text)}</em>)}
      </span>
    </li>
  );
}
