import { useEffect, useRef, useState } from "preact/hooks";
import { useQuery } from "@urql/preact";
import { useDirectory } from "../firms";
import { bytes } from "../format";
import { t, word } from "../i18n";
import { useKeys } from "../keys";
import { useForeign } from "../live";
import { Interchanges as Query, type InterchangeRow } from "../operations/trading.gen";
import type { Flow, InterchangeFilter, InterchangeState } from "../operations/types.gen";
import { setQuery, usePlace } from "../router";
import { useLater } from "../store";
import { pick, useTarget } from "../ui/drop";
import { Icon } from "../ui/icon";
import { More, useRows } from "../ui/list";
import { toast } from "../ui/live";
import { NewsBadge } from "../ui/news";
import { Badge, Button, Empty, Firm, Time, Trouble, Waiting } from "../ui/parts";
import { Search } from "../ui/search";

const states: InterchangeState[] = ["RECEIVED", "POSTED", "PARTLY", "REJECTED", "QUARANTINED", "DUPLICATE", "QUEUED", "DELIVERED"];

export const stateTone = { RECEIVED: "info", POSTED: "good", PARTLY: "warn", REJECTED: "bad", QUARANTINED: "warn", DUPLICATE: "plain", QUEUED: "info", DELIVERED: "good" } as const;

/** flowOf tells whether a file came or went as the viewer sees it: what one firm received, the other sent. */
export function flowOf(x: { flow: Flow | null; ownerId: string }, own: string): Flow | null {
  if (!x.flow || x.ownerId === own) return x.flow;
  return x.flow === "SENT" ? "RECEIVED" : "SENT";
}

/** Trading lists the EDI files that came and went. */
export function Trading() {
  const { query } = usePlace();
  const d = useDirectory();
  const search = useRef<HTMLInputElement>(null);
  const [news, read] = useForeign(d.own, (c) => c.kind === "INTERCHANGE", []);
  useEffect(() => void (document.title = t("nav.trading") + " · Fondaco"), []);
  useRows();
  useKeys([{ keys: "/", label: t("find.here"), run: () => search.current?.focus() }]);
  const drop = (files: File[]) => void sendAll(files);
  const target = useTarget(drop);
  const choose = () => pick(true, drop);
  useKeys([{ keys: "u", label: t("trading.drop"), run: choose }]);
  return (
    <div class={target.over ? "drop over" : "drop"} {...target.handlers}>
      <div class="head">
        <h1>{t("nav.trading")}</h1>
        <NewsBadge change={news} onRead={read} />
        <span class="grow" />
        <Button icon="upload" keys="u" onClick={choose}>
          {t("trading.drop")}
        </Button>
      </div>
      <div class="tools" role="search">
        <Search input={search} value={query.get("q") ?? ""} onInput={(q) => setQuery({ q })} />
        <select aria-label={t("filter.state")} value={query.get("state") ?? ""} onChange={(e) => setQuery({ state: e.currentTarget.value })}>
          <option value="">{t("filter.state.all")}</option>
          {states.map((s) => (
            <option key={s} value={s}>
              {word("InterchangeState", s)}
            </option>
          ))}
        </select>
      </div>
      <Page address={useLater(query.toString(), 90)} after={null} />
      <div class="drop-here" aria-hidden="true">
        <Icon name="upload" size={28} />
        {t("trading.drop.here")}
      </div>
    </div>
  );
}

interface Receipt {
  state?: string;
  repeated?: boolean;
  error?: { message: string; remedy?: string };
}

/** sendAll hands files to the node, one after the other, and says what became of each. */
async function sendAll(files: readonly File[]): Promise<void> {
  for (const file of files) {
    try {
      const answer = await fetch("/trading/drop?wait=5s", { method: "POST", body: file, headers: { "content-type": "application/octet-stream", "x-file-name": encodeURIComponent(file.name) } });
      const receipt = (await answer.json()) as Receipt;
      if (!answer.ok) throw new Error([receipt.error?.message ?? answer.statusText, receipt.error?.remedy].filter(Boolean).join(". "));
      toast(t(receipt.repeated ? "trading.repeated" : "trading.received", { name: file.name }));
    } catch (e) {
      toast(e instanceof TypeError ? t("trouble.network") : `${file.name}: ${(e as Error).message}`, true);
    }
  }
}

function Page({ address, after }: { address: string; after: string | null }) {
  const query = new URLSearchParams(address);
  const state = states.find((s) => s === query.get("state"));
  const filter: InterchangeFilter | null = state ? { state: { eq: state } } : null;
  const [{ data, error, fetching }, again] = useQuery({ query: Query, variables: { first: 50, after, search: query.get("q") || null, filter } });
  const [grown, grow] = useState("");
  const page = data?.interchanges;
  if (!page) return error && !fetching ? <Trouble retry={() => again({ requestPolicy: "network-only" })} /> : <Waiting lines={8} />;
  if (page.nodes.length === 0 && !after) return <Empty title={t("trading.none")} text={t("trading.none.text")} />;
  const { hasNextPage, endCursor } = page.pageInfo;
  return (
    <>
      <ul class="rows trading">
        {page.nodes.map((x) => (
          <Row key={x.id} interchange={x} />
        ))}
      </ul>
      {hasNextPage && endCursor && (grown === address + endCursor ? <Page key={endCursor} address={address} after={endCursor} /> : <More key={endCursor} onMore={() => grow(address + endCursor)} busy={fetching} />)}
    </>
  );
}

function Row({ interchange: x }: { interchange: InterchangeRow }) {
  const d = useDirectory();
  return (
    <li>
      <a class="row" data-row data-id={x.id} href={"/files/" + x.id}>
        <span class="name">
          {x.fileName}
          <small>
            {word("Flow", flowOf(x, d.own))} · {[x.standard, x.controlNumber].filter(Boolean).join(" ")} · {bytes(Number(x.size ?? 0))}
          </small>
        </span>
        <span class="place">
          <Firm id={x.ownerId === d.own ? x.addressedToId : x.ownerId} />
        </span>
        <span class="states">
          {x.test && <Badge>{t("trading.test")}</Badge>}
          {x.state && <Badge tone={stateTone[x.state]}>{word("InterchangeState", x.state)}</Badge>}
        </span>
        <span class="when">
          <Time at={x.exchangedAt} />
        </span>
      </a>
    </li>
  );
}
