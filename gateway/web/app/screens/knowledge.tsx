import type { CombinedError } from "@urql/core";
import { useEffect, useState } from "preact/hooks";
import { useClient } from "@urql/preact";
import { useDirectory } from "../firms";
import { t, word } from "../i18n";
import { Overlaps, SharedCounts, type OverlapsData } from "../operations/access.gen";
import { enumName, screenOf } from "../sight";
import { sentence, type Term } from "../terms";
import { refusal, waitFor, type Wrong } from "../wrong";
import { announce } from "../ui/live";
import { Alert, Button } from "../ui/parts";
import { useNames } from "./names";

/**
 * Knowledge tells what another firm lets one know of records that one does not
 * see: how many there are, and which of one's own it has too. It is asked only
 * when somebody presses the button, since the answers are bounded in number.
 */
export function Knowledge({ firm, terms }: { firm: string; terms: readonly Term[] }) {
  const d = useDirectory();
  if (terms.length === 0) return null;
  return (
    <section class="card">
      <h2>{t("knowledge.title", { firm: d.name(firm) })}</h2>
      <ul class="knowledge">
        {terms.map((term, i) => (
          <li key={i}>
            <p>{sentence(term)}</p>
            {term.level === "COUNTS" ? <Count firm={firm} kind={term.kind} /> : <Overlap firm={firm} kind={term.kind} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** usePatience holds what the node refused; where it was asked too often it counts the seconds down until one may ask again. */
function usePatience(): { wrong: Wrong | null; wait: number; took: (error: CombinedError | undefined) => boolean } {
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const [wait, setWait] = useState(0);
  useEffect(() => {
    if (wait <= 0) return;
    const timer = setTimeout(() => setWait(wait - 1), 1000);
    return () => clearTimeout(timer);
  }, [wait]);
  const took = (error: CombinedError | undefined): boolean => {
    const seconds = waitFor(error);
    setWait(seconds ?? 0);
    setWrong(error && seconds === undefined ? refusal(error) : null);
    return !error;
  };
  return { wrong, wait, took };
}

function Refused({ wrong, wait }: { wrong: Wrong | null; wait: number }) {
  if (wait > 0) return <p class="hint">{t("knowledge.wait", { n: wait })}</p>;
  return wrong && <Alert wrong={wrong} />;
}

function Count({ firm, kind }: { firm: string; kind: string }) {
  const client = useClient();
  const [busy, setBusy] = useState(false);
  const [found, setFound] = useState("");
  const { wrong, wait, took } = usePatience();
  const ask = async () => {
    setBusy(true);
    const { data, error } = await client.query(SharedCounts, { kind: enumName(kind) }, { requestPolicy: "network-only" });
    setBusy(false);
    if (!took(error)) return;
    const all = (data?.sharedCounts ?? []).filter((c) => c.firmId === firm);
    const said = all.length === 0 ? t("knowledge.few") : all.map((c) => t("knowledge.count", { n: c.atLeast, floor: c.floor })).join(" ");
    setFound(said);
    announce(said);
  };
  return (
    <>
      <Button busy={busy} disabled={wait > 0} label={t("knowledge.ask.count", { kind: word("Kinds", kind) })} onClick={() => void ask()}>
        {t("knowledge.do.count")}
      </Button>
      <Refused wrong={wrong} wait={wait} />
      {found && <p class="told">{found}</p>}
    </>
  );
}

type Page = NonNullable<OverlapsData["overlaps"]>;

function Overlap({ firm, kind }: { firm: string; kind: string }) {
  const client = useClient();
  const [busy, setBusy] = useState(false);
  const [last, setLast] = useState<Page["pageInfo"] | null>(null);
  const [pages, setPages] = useState<readonly (readonly string[])[]>([]);
  const { wrong, wait, took } = usePatience();
  const ask = async (after: string | null) => {
    setBusy(true);
    const { data, error } = await client.query(Overlaps, { kind: enumName(kind), first: 50, after }, { requestPolicy: "network-only" });
    setBusy(false);
    if (!took(error) || !data?.overlaps) return;
    const { nodes, pageInfo } = data.overlaps;
    const more = nodes.filter((n) => n.firmId === firm).map((n) => n.recordId);
    setPages((before) => (after ? [...before, more] : [more]));
    setLast(pageInfo);
    announce(t("knowledge.both", { n: more.length }));
  };
  return (
    <>
      <Button busy={busy} disabled={wait > 0} label={t("knowledge.ask.overlap", { kind: word("Kinds", kind) })} onClick={() => void ask(null)}>
        {t("knowledge.do.overlap")}
      </Button>
      <Refused wrong={wrong} wait={wait} />
      {last && <p class="told">{t(last.hasNextPage ? "knowledge.both.more" : "knowledge.both", { n: pages.flat().length })}</p>}
      {pages.map((ids) => ids.length > 0 && <Both key={ids[0]} kind={kind} ids={ids} />)}
      {last?.hasNextPage && last.endCursor && (
        <Button kind="quiet" busy={busy} disabled={wait > 0} onClick={() => void ask(last.endCursor)}>
          {t("more")}
        </Button>
      )}
    </>
  );
}

/** Both names records of one's own that the other firm has too. */
function Both({ kind, ids }: { kind: string; ids: readonly string[] }) {
  const names = useNames(ids);
  return (
    <ul class="both">
      {ids.map((id) => (
        <li key={id}>{screenOf(kind, id) ? <a href={screenOf(kind, id)}>{names(id)}</a> : names(id)}</li>
      ))}
    </ul>
  );
}
