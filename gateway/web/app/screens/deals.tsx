import { useEffect, useRef, useState } from "preact/hooks";
import { useMutation, useQuery } from "@urql/preact";
import { useDraft } from "../drafts";
import { may, useDirectory } from "../firms";
import { day, money } from "../format";
import { t, word } from "../i18n";
import { newKey } from "../ids";
import { useKeys } from "../keys";
import { useForeign, useWatch } from "../live";
import { CreateDeal, Deals as Query, SubmitDeal, type DealWithDecision } from "../operations/deals.gen";
import type { DealRegistrationFilter, DealState as State } from "../operations/types.gen";
import { navigate, setQuery, usePlace } from "../router";
import { useLater } from "../store";
import { problem, type Wrong } from "../wrong";
import { Country } from "../ui/country";
import { Dialog } from "../ui/dialog";
import { More, useRows } from "../ui/list";
import { NewsBadge } from "../ui/news";
import { Alert, Button, Empty, Field, Firm, Trouble, Waiting } from "../ui/parts";
import { Search } from "../ui/search";
import { DealState } from "./deal-state";

const states: State[] = ["DRAFT", "SUBMITTED", "WON", "LOST", "WITHDRAWN"];

/** Deals lists the registrations that this firm made, and those that partners made with it. */
export function Deals() {
  const { query } = usePlace();
  const d = useDirectory();
  const [adding, add] = useState(false);
  const search = useRef<HTMLInputElement>(null);
  const [news, read] = useForeign(d.own, (c) => c.kind === "DEAL_REGISTRATION" || c.kind === "DEAL_DECISION", []);
  useEffect(() => void (document.title = t("nav.deals") + " · Fondaco"), []);
  useRows();
  const mayAdd = may(d, "CHANNEL_MANAGER", "SALES") && d.partners.length > 0;
  useKeys([
    { keys: "/", label: t("find.here"), run: () => search.current?.focus() },
    ...(mayAdd ? [{ keys: "c", label: t("deal.new"), run: () => add(true) }] : []),
  ]);
  return (
    <>
      <div class="head">
        <h1>{t("nav.deals")}</h1>
        <NewsBadge change={news} onRead={read} />
        <span class="grow" />
        {mayAdd && (
          <Button icon="plus" keys="c" onClick={() => add(true)}>
            {t("deal.new")}
          </Button>
        )}
      </div>
      <div class="tools" role="search">
        <Search input={search} value={query.get("q") ?? ""} onInput={(q) => setQuery({ q })} />
        <select aria-label={t("filter.state")} value={query.get("state") ?? ""} onChange={(e) => setQuery({ state: e.currentTarget.value })}>
          <option value="">{t("filter.state.all")}</option>
          {states.map((s) => (
            <option key={s} value={s}>
              {word("DealState", s)}
            </option>
          ))}
        </select>
      </div>
      <Page address={useLater(query.toString(), 90)} after={null} />
      {adding && <Register onClose={() => add(false)} />}
    </>
  );
}

function Page({ address, after }: { address: string; after: string | null }) {
  const query = new URLSearchParams(address);
  const state = states.find((s) => s === query.get("state"));
  const filter: DealRegistrationFilter | null = state ? { state: { eq: state } } : null;
  const search = query.get("q") || null;
  const [{ data, error, fetching }, again] = useQuery({ query: Query, variables: { first: 50, after, search, filter } });
  const [grown, grow] = useState("");
  const page = data?.dealRegistrations;
  useWatch(page?.nodes.map((deal) => deal.id) ?? []);
  if (!page) return error && !fetching ? <Trouble retry={() => again({ requestPolicy: "network-only" })} /> : <Waiting lines={8} />;
  if (page.nodes.length === 0 && !after) return <Empty title={t(search || filter ? "deals.none.found" : "deals.none")} text={t("deals.none.text")} />;
  const { hasNextPage, endCursor } = page.pageInfo;
  return (
    <>
      {!after && (
        <p class="count" role="status">
          {t(page.totalCount.isExact ? "deals.count" : "deals.count.more", { n: page.totalCount.value })}
        </p>
      )}
      <ul class="rows deals">
        {page.nodes.map((deal) => (
          <Row key={deal.id} deal={deal} />
        ))}
      </ul>
      {hasNextPage && endCursor && (grown === address + endCursor ? <Page key={endCursor} address={address} after={endCursor} /> : <More key={endCursor} onMore={() => grow(address + endCursor)} busy={fetching} />)}
    </>
  );
}

function Row({ deal }: { deal: DealWithDecision }) {
  const d = useDirectory();
  return (
    <li>
      <a class="row" data-row data-id={deal.id} href={"/deals/" + deal.id}>
        <span class="name">
          {deal.name}
          <small>{deal.companyName}</small>
        </span>
        <span class="place">
          <Firm id={deal.ownerId === d.own ? deal.addressedToId : deal.ownerId} />
        </span>
        <span class="states">
          <DealState deal={deal} />
        </span>
        <span class="amount">{money(deal.estimatedDealSize)}</span>
        <span class="when">{day(deal.estimatedCloseOn)}</span>
      </a>
    </li>
  );
}

const blank = { name: "", vendor: "", companyName: "", country: "", amount: "", currency: "EUR", closeOn: "", website: "", key: "" };
const currencies = ["EUR", "PLN", "GBP", "USD", "CHF", "CZK", "SEK", "DKK", "NOK", "RON", "HUF"];

/** Register asks six things of a deal, keeps what is typed, and sends it. */
function Register({ onClose }: { onClose: () => void }) {
  const d = useDirectory();
  const [form, change, drop] = useDraft("deal", blank);
  const [{ fetching: creating }, create] = useMutation(CreateDeal);
  const [{ fetching: submitting }, submit] = useMutation(SubmitDeal);
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const at = useRef<HTMLFormElement>(null);
  const vendor = form.vendor || (d.partners[0]?.id ?? "");
  const save = async (send: boolean) => {
    if (!at.current?.reportValidity()) return;
    const key = form.key || newKey();
    change({ key });
    const made = await create({
      input: {
        addressedTo: vendor, name: form.name, companyName: form.companyName, companyCountry: form.country, companyWebsite: form.website || null,
        estimatedDealSize: { amount: form.amount.replace(",", "."), currency: form.currency }, estimatedCloseOn: form.closeOn, idempotencyKey: key,
      },
    });
    let bad = problem(made);
    const deal = made.data?.createDealRegistration?.dealRegistration;
    if (bad === null && deal && send) bad = problem(await submit({ input: { id: deal.id, expectedVersion: deal.version, idempotencyKey: key + "s" } }));
    setWrong(bad);
    if (bad && !bad.lost) change({ key: "" });
    if (!deal) return;
    // A draft that could not be sent is saved all the same; its own screen says how it stands.
    if (bad === null) drop();
    if (bad === null || deal) {
      onClose();
      navigate("/deals/" + deal.id);
    }
  };
  useKeys([{ keys: "mod+Enter", label: t("deal.submit"), run: () => void save(true) }]);
  const text = (name: keyof typeof blank) => ({ value: form[name], onInput: (e: { currentTarget: HTMLInputElement }) => change({ [name]: e.currentTarget.value }) });
  return (
    <Dialog
      title={t("deal.new")}
      onClose={onClose}
      foot={
        <>
          <Button disabled={creating || submitting} onClick={() => void save(false)}>
            {t("deal.draft")}
          </Button>
          <Button kind="primary" busy={creating || submitting} keys="mod+Enter" onClick={() => void save(true)}>
            {t("deal.submit")}
          </Button>
        </>
      }
    >
      <form ref={at} onSubmit={(e) => (e.preventDefault(), void save(true))}>
        {wrong !== null && <Alert wrong={wrong} />}
        <Field label={t("deal.vendor")}>
          {(p) => (
            <select {...p} value={vendor} onChange={(e) => change({ vendor: e.currentTarget.value })}>
              {d.partners.map((f) => (
                <option key={f.id} value={f.id}>
                  {f.name}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={t("deal.name")} hint={t("deal.name.hint")}>
          {(p) => <input {...p} data-focus required maxLength={200} {...text("name")} />}
        </Field>
        <div class="pair wide">
          <Field label={t("deal.company")}>{(p) => <input {...p} required maxLength={200} {...text("companyName")} />}</Field>
          <Field label={t("field.country")}>{(p) => <Country {...p} required none={t("country.choose")} value={form.country} onChange={(country) => change({ country })} />}</Field>
        </div>
        <div class="pair">
          <Field label={t("deal.size")}>
            {(p) => (
              <div class="money">
                <input {...p} required inputMode="decimal" pattern="[0-9]+([.,][0-9]{1,4})?" {...text("amount")} />
                <select aria-label={t("currency")} value={form.currency} onChange={(e) => change({ currency: e.currentTarget.value })}>
                  {currencies.map((c) => (
                    <option key={c}>{c}</option>
                  ))}
                </select>
              </div>
            )}
          </Field>
          <Field label={t("deal.close")}>{(p) => <input {...p} type="date" required {...text("closeOn")} />}</Field>
        </div>
        <button type="submit" hidden />
      </form>
    </Dialog>
  );
}
