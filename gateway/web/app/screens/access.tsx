import { useEffect, useState } from "preact/hooks";
import { useQuery } from "@urql/preact";
import { may, useDirectory } from "../firms";
import { t, word } from "../i18n";
import { kindOf } from "../ids";
import { useKeys } from "../keys";
import { useWatch } from "../live";
import { Subject, Who, type WhoData } from "../operations/access.gen";
import { navigate, usePlace } from "../router";
import { backFrom, fieldsWords, wayWords } from "../sight";
import { refusal } from "../wrong";
import { Icon } from "../ui/icon";
import { More, useRows } from "../ui/list";
import { Alert, Badge, Firm, Trouble, Waiting } from "../ui/parts";
import { Lost } from "./lost";
import { useNames } from "./names";
import { AtField, Gaps, useAt } from "./at";
import { WhyPanel } from "./why";

/** Access tells of one record who sees it, which fields and by which ways; and of anybody why, or why not. */
export function Access({ id }: { id: string }) {
  const d = useDirectory();
  const kind = kindOf(id);
  const [{ data, error, fetching }, again] = useQuery({ query: Subject, variables: { id } });
  const record = data?.node;
  const name = useNames([id])(id);
  const past = useAt();
  const back = backFrom(kind, id);
  useWatch([id]);
  useRows();
  useEffect(() => void (document.title = t("access.title", { name }) + " · Fondaco"), [name]);
  useKeys([{ keys: "Escape", label: t("access.back"), run: () => navigate(back) }]);
  if (!record) {
    if (fetching) return <Waiting />;
    return error ? <Trouble retry={() => again({ requestPolicy: "network-only" })} /> : <Lost />;
  }
  const ours = record.ownerId === d.own;
  const asks = may(d, "AUDITOR");
  // Of the past one is told about one's own firm's records.
  const at = ours && asks ? past : null;
  return (
    <>
      <div class="head">
        <a class="back" href={back} aria-label={t("access.back")}>
          <Icon name="back" />
        </a>
        <h1>{t("access.title", { name })}</h1>
        <Badge>{word("Kinds", kind)}</Badge>
        <Firm id={record.ownerId ?? ""} />
      </div>
      <div class={asks ? "columns access" : "access"}>
        {asks && (
          <section aria-label={t("access.who")}>
            {ours ? <AtField /> : <p class="hint">{t("access.theirs")}</p>}
            <ul class="rows seers">
              <Page record={id} kind={kind} at={at} after={null} />
            </ul>
          </section>
        )}
        <aside>
          <WhyPanel record={id} kind={kind} ours={ours} at={at} />
        </aside>
      </div>
    </>
  );
}

function Page({ record, kind, at, after }: { record: string; kind: string; at: string | null; after: string | null }) {
  const [{ data, error, fetching }, again] = useQuery({ query: Who, variables: { record, at, first: 30, after } });
  const [grown, grow] = useState("");
  const page = data?.who;
  if (!page) {
    if (error && !fetching) return <li>{error.networkError ? <Trouble retry={() => again({ requestPolicy: "network-only" })} /> : <Alert wrong={refusal(error)} />}</li>;
    return <li><Waiting lines={4} /></li>;
  }
  const { hasNextPage, endCursor } = page.pageInfo;
  return (
    <>
      {!after && page.gaps.length > 0 && (
        <li>
          <Gaps list={page.gaps} />
        </li>
      )}
      {page.nodes.length === 0 && !after && <li class="hint">{t("access.nobody")}</li>}
      {page.nodes.map((seer) => (
        <Row key={seer.userId ?? seer.firmId} record={record} seer={seer} ways={[...new Set(seer.paths.map((p) => wayWords(p.path, p.agreement?.name)))].join("; ")} fields={fieldsWords(kind, seer.fields)} />
      ))}
      {page.uncertain.map((seer) => (
        <Row key={seer.userId ?? seer.firmId} record={record} seer={seer} ways="" fields={t("at.uncertain")} />
      ))}
      {hasNextPage && endCursor && (grown === endCursor ? <Page key={endCursor} record={record} kind={kind} at={at} after={endCursor} /> : <li><More onMore={() => grow(endCursor)} busy={fetching} /></li>)}
    </>
  );
}

type Seer = Pick<NonNullable<WhoData["who"]>["nodes"][number], "userId" | "user" | "firmId">;

/** Row is somebody who sees the record; who opens it is told why. */
function Row({ record, seer, ways, fields }: { record: string; seer: Seer; ways: string; fields: string }) {
  const { query } = usePlace();
  const id = seer.userId ?? seer.firmId ?? "";
  const at = query.get("at");
  return (
    <li>
      <a class="row seer" data-row href={`/access/${record}?as=${id}${at ? "&at=" + encodeURIComponent(at) : ""}`} aria-current={query.get("as") === id ? "true" : undefined}>
        <span class="name">{seer.firmId ? <Firm id={seer.firmId} /> : (seer.user?.name ?? t("names.unseen"))}</span>
        <span class="ways-of">{ways}</span>
        <span class="fields-of">{fields}</span>
      </a>
    </li>
  );
}
