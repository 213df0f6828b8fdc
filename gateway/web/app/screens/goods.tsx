import { useEffect, useRef, useState } from "preact/hooks";
import { useQuery } from "@urql/preact";
import { may, useDirectory } from "../firms";
import { day, money, percent } from "../format";
import { fieldName, t } from "../i18n";
import { useKeys } from "../keys";
import { useForeign, useWatch } from "../live";
import { Products, Promotions, type ProductRow, type PromotionRow } from "../operations/goods.gen";
import { setQuery, usePlace } from "../router";
import { useLater } from "../store";
import { Icon } from "../ui/icon";
import { More, useRows } from "../ui/list";
import { NewsBadge } from "../ui/news";
import { Badge, Button, Empty, Firm, Trouble, Waiting } from "../ui/parts";
import { Search } from "../ui/search";
import { Editor } from "./editor";

/** Goods lists what is sold, or the promotions that run for it. */
export function Goods({ id: what }: { id: string }) {
  const promotions = what === "promotions";
  const kind = promotions ? "Promotion" : "Product";
  const { query } = usePlace();
  const d = useDirectory();
  const [adding, add] = useState(false);
  const [news, read] = useForeign(d.own, (c) => c.kind === kind.toUpperCase(), [kind]);
  const search = useRef<HTMLInputElement>(null);
  const title = t(promotions ? "nav.promotions" : "nav.products");
  useEffect(() => void (document.title = title + " · Fondaco"), [title]);
  useRows();
  const mayAdd = may(d, "CHANNEL_MANAGER", ...(promotions ? ["MARKETING"] : []));
  const label = t(promotions ? "promotion.new" : "product.new");
  useKeys([
    { keys: "/", label: t("find.here"), run: () => search.current?.focus() },
    ...(mayAdd ? [{ keys: "c", label, run: () => add(true) }] : []),
  ]);
  const address = useLater(query.get("q") ?? "", 90);
  return (
    <>
      <div class="head">
        <h1>{title}</h1>
        <NewsBadge change={news} onRead={read} />
        <span class="grow" />
        {mayAdd && (
          <Button icon="plus" keys="c" onClick={() => add(true)}>
            {label}
          </Button>
        )}
      </div>
      <nav class="tabs" aria-label={t("goods.label")}>
        <a href="/goods/products" aria-current={promotions ? undefined : "page"}>
          {t("nav.products")}
        </a>
        <a href="/goods/promotions" aria-current={promotions ? "page" : undefined}>
          {t("nav.promotions")}
        </a>
      </nav>
      <div class="tools" role="search">
        <Search input={search} value={query.get("q") ?? ""} onInput={(q) => setQuery({ q })} />
      </div>
      {promotions ? <PromotionPage search={address} after={null} /> : <ProductPage search={address} after={null} />}
      {adding && <Editor kind={kind} start={promotions ? {} : { orderable: true }} onClose={() => add(false)} />}
    </>
  );
}

function ProductPage({ search, after }: { search: string; after: string | null }) {
  const [{ data, error, fetching }, again] = useQuery({ query: Products, variables: { first: 50, after, search: search || null } });
  const [grown, grow] = useState("");
  const page = data?.products;
  useWatch(page?.nodes.map((x) => x.id) ?? []);
  if (!page) return error && !fetching ? <Trouble retry={() => again({ requestPolicy: "network-only" })} /> : <Waiting lines={8} />;
  if (page.nodes.length === 0 && !after) return <Empty title={t(search ? "customers.none.found" : "products.none")} text={t("products.none.text")} />;
  const { hasNextPage, endCursor } = page.pageInfo;
  return (
    <>
      <ul class="rows goods">
        {page.nodes.map((x) => (
          <Product key={x.id} product={x} />
        ))}
      </ul>
      {hasNextPage && endCursor && (grown === search + endCursor ? <ProductPage key={endCursor} search={search} after={endCursor} /> : <More key={endCursor} onMore={() => grow(search + endCursor)} busy={fetching} />)}
    </>
  );
}

function Product({ product: x }: { product: ProductRow }) {
  const d = useDirectory();
  const [open, show] = useState(false);
  const ours = x.ownerId === d.own && may(d, "CHANNEL_MANAGER");
  return (
    <li>
      <button type="button" class="row" data-row data-id={x.id} disabled={!ours} onClick={() => show(true)}>
        <span class="name">
          {x.name}
          <small>{[x.partNumber, x.family].filter(Boolean).join(" · ")}</small>
        </span>
        <span class="place">{x.gtin && `GTIN ${x.gtin}`}</span>
        <span class="states">
          {x.ownerId !== d.own && <Firm id={x.ownerId} />}
          {!x.orderable && <Badge tone="warn">{t("product.not.orderable")}</Badge>}
        </span>
        <span class="amount">
          {x.maskedFields.includes("listPrice") ? (
            <span class="hidden">
              <Icon name="lock" size={13} /> {t("hidden")}
            </span>
          ) : (
            money(x.listPrice)
          )}
        </span>
      </button>
      {open && <Editor kind="Product" record={x} onClose={() => show(false)} />}
    </li>
  );
}

function PromotionPage({ search, after }: { search: string; after: string | null }) {
  const [{ data, error, fetching }, again] = useQuery({ query: Promotions, variables: { first: 50, after, search: search || null } });
  const [grown, grow] = useState("");
  const page = data?.promotions;
  useWatch(page?.nodes.map((x) => x.id) ?? []);
  if (!page) return error && !fetching ? <Trouble retry={() => again({ requestPolicy: "network-only" })} /> : <Waiting lines={8} />;
  if (page.nodes.length === 0 && !after) return <Empty title={t(search ? "customers.none.found" : "promotions.none")} text={t("promotions.none.text")} />;
  const { hasNextPage, endCursor } = page.pageInfo;
  return (
    <>
      <ul class="rows goods">
        {page.nodes.map((x) => (
          <Promotion key={x.id} promotion={x} />
        ))}
      </ul>
      {hasNextPage && endCursor && (grown === search + endCursor ? <PromotionPage key={endCursor} search={search} after={endCursor} /> : <More key={endCursor} onMore={() => grow(search + endCursor)} busy={fetching} />)}
    </>
  );
}

/** windowOf tells whether a promotion is to come, runs, or is over. */
export function windowOf(p: { startsOn: string | null; endsOn: string | null }, today: string): "coming" | "running" | "over" {
  if (p.startsOn && p.startsOn > today) return "coming";
  return p.endsOn && p.endsOn < today ? "over" : "running";
}

const windowTone = { coming: "info", running: "good", over: "plain" } as const;

function Promotion({ promotion: x }: { promotion: PromotionRow }) {
  const d = useDirectory();
  const [open, show] = useState(false);
  const ours = x.ownerId === d.own && may(d, "CHANNEL_MANAGER", "MARKETING");
  const at = windowOf(x, new Date().toISOString().slice(0, 10));
  return (
    <li>
      <button type="button" class="row" data-row data-id={x.id} disabled={!ours} onClick={() => show(true)}>
        <span class="name">
          {x.name}
          <small>{t("promotion.products", { n: x.products?.length ?? 0 })}</small>
        </span>
        <span class="place">
          {day(x.startsOn)} – {day(x.endsOn)}
        </span>
        <span class="states">
          {x.ownerId !== d.own && <Firm id={x.ownerId} />}
          <Badge tone={windowTone[at]}>{t(`promotion.${at}`)}</Badge>
        </span>
        <span class="amount" title={fieldName("Promotion", "discountPercent")}>
          {x.discountPercent && percent(x.discountPercent)}
        </span>
      </button>
      {open && <Editor kind="Promotion" record={x} onClose={() => show(false)} />}
    </li>
  );
}
