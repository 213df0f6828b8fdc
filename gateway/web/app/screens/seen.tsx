import { useState } from "preact/hooks";
import { useQuery } from "@urql/preact";
import { useDirectory } from "../firms";
import { locale, t, word } from "../i18n";
import { What } from "../operations/access.gen";
import { setQuery, usePlace } from "../router";
import { enumName, fieldsWords, kindNames } from "../sight";
import { refusal } from "../wrong";
import { More } from "../ui/list";
import { Alert, Field, Trouble, Waiting } from "../ui/parts";
import { AtField, Gaps, useAt } from "./at";
import { useNames } from "./names";

/** Seen lists record by record what another firm sees of one kind, each with its fields and the way to the reason. */
export function Seen({ firm }: { firm: string }) {
  const d = useDirectory();
  const { query } = usePlace();
  const kinds = kindNames().sort((a, b) => word("Kinds", a).localeCompare(word("Kinds", b), locale()));
  const asked = query.get("kind") ?? "";
  const kind = kinds.includes(asked) ? asked : "Customer";
  const at = useAt();
  return (
    <section class="card">
      <h2>{t("seen.title", { firm: d.name(firm) })}</h2>
      <Field label={t("seen.kind")}>
        {(p) => (
          <select {...p} value={kind} onChange={(e) => setQuery({ kind: e.currentTarget.value })}>
            {kinds.map((k) => (
              <option key={k} value={k}>
                {word("Kinds", k)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <AtField />
      <ul class="rows sightings">
        <Page key={kind + at} firm={firm} kind={kind} at={at} after={null} />
      </ul>
    </section>
  );
}

function Page({ firm, kind, at, after }: { firm: string; kind: string; at: string | null; after: string | null }) {
  const d = useDirectory();
  const [{ data, error, fetching }, again] = useQuery({ query: What, variables: { viewer: firm, kind: enumName(kind), at, first: 30, after } });
  const [grown, grow] = useState("");
  const page = data?.what;
  const names = useNames(page?.nodes.map((n) => n.id) ?? []);
  if (!page) {
    if (error && !fetching) return <li>{error.networkError ? <Trouble retry={() => again({ requestPolicy: "network-only" })} /> : <Alert wrong={refusal(error)} />}</li>;
    return <li><Waiting lines={3} /></li>;
  }
  const { hasNextPage, endCursor } = page.pageInfo;
  return (
    <>
      {!after && page.gaps.length > 0 && (
        <li>
          <Gaps list={page.gaps} />
        </li>
      )}
      {page.nodes.length === 0 && !after && !hasNextPage && <li class="hint">{t("seen.none", { firm: d.name(firm), kind: word("Kinds", kind) })}</li>}
      {page.nodes.map((n) => (
        <li key={n.id}>
          <a class="row seer" data-row href={`/access/${n.id}?as=${firm}${at ? "&at=" + encodeURIComponent(at) : ""}`}>
            <span class="name">{names(n.id)}</span>
            <span class="fields-of">{n.uncertain ? t("at.uncertain") : fieldsWords(kind, n.fields)}</span>
          </a>
        </li>
      ))}
      {hasNextPage && endCursor && (grown === endCursor ? <Page key={endCursor} firm={firm} kind={kind} at={at} after={endCursor} /> : <li><More onMore={() => grow(endCursor)} busy={fetching} /></li>)}
    </>
  );
}
