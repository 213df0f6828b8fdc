import { useEffect, useRef, useState } from "preact/hooks";
import { useQuery } from "@urql/preact";
import { may, useDirectory } from "../firms";
import { country } from "../format";
import { t, word } from "../i18n";
import { useKeys } from "../keys";
import { useForeign, useWatch } from "../live";
import { Customers as Query, type CustomerRow } from "../operations/customers.gen";
import type { CustomerFilter, CustomerStatus } from "../operations/types.gen";
import { navigate, setQuery, usePlace } from "../router";
import { useLater } from "../store";
import { Country } from "../ui/country";
import { More, useRows } from "../ui/list";
import { NewsBadge } from "../ui/news";
import { Badge, Button, Empty, Firm, Time, Trouble, Waiting } from "../ui/parts";
import { Search } from "../ui/search";
import { Editor } from "./editor";

const statuses: CustomerStatus[] = ["UNCONFIRMED", "PROSPECT", "ACTIVE", "INACTIVE"];

export const statusTone = { UNCONFIRMED: "warn", PROSPECT: "info", ACTIVE: "good", INACTIVE: "plain" } as const;

/** filterOf turns what stands in the address into the API's filter. */
function filterOf(query: URLSearchParams): CustomerFilter | null {
  const filter: CustomerFilter = {};
  const status = query.get("status");
  if (status && statuses.includes(status as CustomerStatus)) filter.status = { eq: status as CustomerStatus };
  const code = query.get("country");
  if (code) filter.country = { eq: code.toUpperCase() };
  return Object.keys(filter).length > 0 ? filter : null;
}

/** Customers lists all customers that the viewer may see, its own and those shared with it. */
export function Customers() {
  const { query } = usePlace();
  const d = useDirectory();
  const [adding, add] = useState(false);
  const [news, read] = useForeign(d.own, (change) => change.kind === "CUSTOMER", []);
  const search = useRef<HTMLInputElement>(null);
  useEffect(() => void (document.title = t("nav.customers") + " · Fondaco"), []);
  useRows();
  const mayAdd = may(d, "CHANNEL_MANAGER", "SALES");
  useKeys([
    { keys: "/", label: t("find.here"), run: () => search.current?.focus() },
    ...(mayAdd ? [{ keys: "c", label: t("customer.new"), run: () => add(true) }] : []),
  ]);
  const text = query.get("q") ?? "";
  const narrowed = text !== "" || filterOf(query) !== null;
  return (
    <>
      <div class="head">
        <h1>{t("nav.customers")}</h1>
        <NewsBadge change={news} onRead={read} />
        <span class="grow" />
        {mayAdd && (
          <Button icon="plus" keys="c" onClick={() => add(true)}>
            {t("customer.new")}
          </Button>
        )}
      </div>
      <div class="tools" role="search">
        <Search input={search} value={text} onInput={(q) => setQuery({ q })} />
        <select aria-label={t("filter.status")} value={query.get("status") ?? ""} onChange={(e) => setQuery({ status: e.currentTarget.value })}>
          <option value="">{t("filter.status.all")}</option>
          {statuses.map((s) => (
            <option key={s} value={s}>
              {word("CustomerStatus", s)}
            </option>
          ))}
        </select>
        <Country aria-label={t("filter.country")} none={t("filter.country.all")} value={query.get("country")?.toUpperCase() ?? ""} onChange={(code) => setQuery({ country: code })} />
        {narrowed && (
          <Button kind="quiet" icon="close" onClick={() => setQuery({ q: "", status: "", country: "" })}>
            {t("filter.clear")}
          </Button>
        )}
      </div>
      <Page address={useLater(query.toString(), 90)} after={null} />
      {adding && <Editor kind="Customer" start={{ status: "PROSPECT" }} onClose={() => add(false)} onDone={(id) => navigate("/customers/" + id)} />}
    </>
  );
}

const size = 50;

/** Page is a page of the list, and the next one below it when it is asked for. */
function Page({ address, after }: { address: string; after: string | null }) {
  const query = new URLSearchParams(address);
  const search = query.get("q") || null;
  const filter = filterOf(query);
  const [{ data, error, fetching }, again] = useQuery({ query: Query, variables: { first: size, after, search, filter } });
  const [grown, grow] = useState("");
  const page = data?.customers;
  useWatch(page?.nodes.map((c) => c.id) ?? []);
  if (!page) return error && !fetching ? <Trouble retry={() => again({ requestPolicy: "network-only" })} /> : <Waiting lines={8} />;
  if (page.nodes.length === 0 && !after) {
    return search || filter ? <Empty title={t("customers.none.found")} text={t("customers.none.found.text")} /> : <Empty title={t("customers.none")} text={t("customers.none.text")} />;
  }
  const { hasNextPage, endCursor } = page.pageInfo;
  return (
    <>
      {!after && (
        <p class="count" role="status">
          {t(page.totalCount.isExact ? "customers.count" : "customers.count.more", { n: page.totalCount.value })}
        </p>
      )}
      <ul class="rows customers">
        {page.nodes.map((c) => (
          <Row key={c.id} customer={c} />
        ))}
      </ul>
      {hasNextPage && endCursor && (grown === address + endCursor ? <Page key={endCursor} address={address} after={endCursor} /> : <More key={endCursor} onMore={() => grow(address + endCursor)} busy={fetching} />)}
    </>
  );
}

function Row({ customer: c }: { customer: CustomerRow }) {
  const d = useDirectory();
  return (
    <li>
      <a class="row" data-row data-id={c.id} href={"/customers/" + c.id}>
        <span class="name">{c.name}</span>
        <span class="place">{[c.city, country(c.country)].filter(Boolean).join(", ")}</span>
        <span class="states">
          {c.ownerId !== d.own && <Firm id={c.ownerId} />}
          {c.status && <Badge tone={statusTone[c.status]}>{word("CustomerStatus", c.status)}</Badge>}
        </span>
        <span class="when">
          <Time at={c.updatedAt} />
        </span>
      </a>
    </li>
  );
}
