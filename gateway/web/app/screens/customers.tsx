import { useEffect, useRef, useState } from "preact/hooks";
import { useMutation, useQuery } from "@urql/preact";
import { problem } from "../client";
import { useDraft } from "../drafts";
import { may, useDirectory } from "../firms";
import { country } from "../format";
import { t, word } from "../i18n";
import { newKey } from "../ids";
import { useKeys } from "../keys";
import { useForeign, useWatch } from "../live";
import { CreateCustomer, Customers as Query, type CustomerRow } from "../operations/customers.gen";
import type { CustomerFilter, CustomerStatus } from "../operations/types.gen";
import { navigate, setQuery, usePlace } from "../router";
import { useLater } from "../store";
import { Dialog } from "../ui/dialog";
import { Icon } from "../ui/icon";
import { More, useRows } from "../ui/list";
import { NewsBadge } from "../ui/news";
import { Alert, Badge, Button, Empty, Field, Firm, Time, Trouble, Waiting, said } from "../ui/parts";

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
        <label class="search">
          <Icon name="search" />
          <span class="unseen">{t("find.here")}</span>
          <input ref={search} type="search" placeholder={t("find.here")} value={text} onInput={(e) => setQuery({ q: e.currentTarget.value })} onKeyDown={(e) => e.key === "Escape" && e.currentTarget.blur()} />
        </label>
        <select aria-label={t("filter.status")} value={query.get("status") ?? ""} onChange={(e) => setQuery({ status: e.currentTarget.value })}>
          <option value="">{t("filter.status.all")}</option>
          {statuses.map((s) => (
            <option key={s} value={s}>
              {word("CustomerStatus", s)}
            </option>
          ))}
        </select>
        <input class="code" type="text" maxLength={2} aria-label={t("filter.country")} placeholder={t("filter.country")} value={query.get("country") ?? ""} onInput={(e) => setQuery({ country: e.currentTarget.value.toUpperCase() })} />
        {narrowed && (
          <Button kind="quiet" icon="close" onClick={() => setQuery({ q: "", status: "", country: "" })}>
            {t("filter.clear")}
          </Button>
        )}
      </div>
      <Page address={useLater(query.toString(), 90)} after={null} />
      {adding && <NewCustomer onClose={() => add(false)} />}
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
      <a class="row" data-row href={"/customers/" + c.id}>
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

const empty = { name: "", customerType: "ORGANISATION" as "ORGANISATION" | "PERSON", city: "", country: "", website: "", key: "" };

function NewCustomer({ onClose }: { onClose: () => void }) {
  const [form, change, drop] = useDraft("customer", empty);
  const [{ fetching }, create] = useMutation(CreateCustomer);
  const [wrong, setWrong] = useState<string | null>(null);
  const submit = async (e: Event) => {
    e.preventDefault();
    const key = form.key || newKey();
    change({ key });
    const result = await create({
      input: { name: form.name, customerType: form.customerType, status: "PROSPECT", city: form.city || null, country: form.country.toUpperCase() || null, website: form.website || null, idempotencyKey: key },
    });
    const bad = problem(result);
    setWrong(said(bad));
    // A corrected form is another request.
    if (bad) change({ key: "" });
    const made = result.data?.createCustomer?.customer;
    if (bad !== null || !made) return;
    drop();
    onClose();
    navigate("/customers/" + made.id);
  };
  return (
    <Dialog
      title={t("customer.new")}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button kind="primary" busy={fetching} onClick={() => document.querySelector<HTMLFormElement>("#new-customer")?.requestSubmit()}>
            {t("create")}
          </Button>
        </>
      }
    >
      <form id="new-customer" onSubmit={submit}>
        {wrong !== null && <Alert>{wrong}</Alert>}
        <Field label={t("customer.name")}>{(p) => <input {...p} data-focus required maxLength={200} value={form.name} onInput={(e) => change({ name: e.currentTarget.value })} />}</Field>
        <div class="segments">
          {(["ORGANISATION", "PERSON"] as const).map((c) => (
            <label key={c}>
              <input type="radio" name="customerType" checked={form.customerType === c} onChange={() => change({ customerType: c })} />
              <span>{word("CustomerType", c)}</span>
            </label>
          ))}
        </div>
        <div class="pair">
          <Field label={t("field.city")}>{(p) => <input {...p} maxLength={100} value={form.city} onInput={(e) => change({ city: e.currentTarget.value })} />}</Field>
          <Field label={t("field.country")} hint={t("country.hint")}>
            {(p) => <input {...p} pattern="[A-Za-z]{2}" maxLength={2} value={form.country} onInput={(e) => change({ country: e.currentTarget.value })} />}
          </Field>
        </div>
        <button type="submit" hidden />
      </form>
    </Dialog>
  );
}
