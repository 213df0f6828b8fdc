import { useEffect, useState } from "preact/hooks";
import { useQuery } from "@urql/preact";
import { may, useDirectory } from "../firms";
import { country, money } from "../format";
import { fieldName, t, word } from "../i18n";
import { fieldClasses } from "../kinds.gen";
import { useKeys } from "../keys";
import { belongsTo, useForeign, useWatch } from "../live";
import type { ContactRow } from "../operations/contacts.gen";
import { Customer as Query, type CustomerFacts } from "../operations/customers.gen";
import { listAddress, navigate, setQuery, usePlace } from "../router";
import { Badge, Button, Fact, Firm, Time, Trouble, Waiting, WhoSees } from "../ui/parts";
import { useRows } from "../ui/list";
import { Markdown } from "../ui/markdown";
import { NewsBadge } from "../ui/news";
import { Icon } from "../ui/icon";
import { statusTone } from "./customers";
import { Documents, useDrop } from "./documents";
import { Editor } from "./editor";
import { Lost } from "./lost";
import { ShareSheet } from "./sheet";
import { CustomerTaskList } from "./tasks";
import { Timeline } from "./timeline";

/** Customer is one customer: what happened, what lies there, who it is. */
export function Customer({ id }: { id: string }) {
  const d = useDirectory();
  const [{ data, error, fetching }, again] = useQuery({ query: Query, variables: { id } });
  const [news, read] = useForeign(d.own, (change) => belongsTo(change, id), [id]);
  useWatch([id]);
  // An explanation of what is missing leads here with the sheet open.
  const [sharing, share] = useState(usePlace().query.get("open") === "share");
  const [editing, edit] = useState(false);
  const drop = useDrop(id);
  const c = data?.customer;
  useEffect(() => void (document.title = (c?.name ?? t("nav.customers")) + " · Fondaco"), [c?.name]);
  useRows();
  const mayEdit = c?.ownerId === d.own && may(d, "CHANNEL_MANAGER", "SALES", "SUPPORT", "FINANCE");
  const mayShare = c?.ownerId === d.own && may(d, "CHANNEL_MANAGER");
  useKeys([
    { keys: "Escape", label: t("back.customers"), run: () => navigate(listAddress("/customers")) },
    { keys: "n", label: t("note.new"), run: () => document.getElementById("note")?.focus() },
    { keys: "u", label: t("document.new"), run: drop.choose },
    ...(mayEdit ? [{ keys: "e", label: t("customer.edit"), run: () => edit(true) }] : []),
    { keys: "w", label: t("access.open"), run: () => navigate("/access/" + id) },
    ...(mayShare ? [{ keys: "s", label: t("share.open"), run: () => share(true) }] : []),
  ]);
  if (!c) {
    if (fetching) return <Waiting />;
    return error ? <Trouble retry={() => again({ requestPolicy: "network-only" })} /> : <Lost />;
  }
  return (
    <div class={drop.over ? "drop over" : "drop"} {...drop.handlers}>
      <div class="head">
        <a class="back" href={listAddress("/customers")} aria-label={t("back.customers")}>
          <Icon name="back" />
        </a>
        <h1>{c.name}</h1>
        {c.status && <Badge tone={statusTone[c.status]}>{word("CustomerStatus", c.status)}</Badge>}
        <Firm id={c.ownerId} />
        <NewsBadge change={news} onRead={read} />
        <span class="grow" />
        <WhoSees id={id} />
        {mayEdit && (
          <Button icon="edit" keys="e" onClick={() => edit(true)} label={t("customer.edit")}>
            {t("edit")}
          </Button>
        )}
        {mayShare && (
          <Button icon="sharing" keys="s" onClick={() => share(true)}>
            {t("share.open")}
          </Button>
        )}
      </div>
      <div class="columns">
        <section aria-label={t("timeline")}>
          <Timeline customer={id} />
        </section>
        <aside>
          <Facts customer={c} />
          <Contacts customer={c} nodes={data.customer?.contacts.nodes ?? []} />
          <CustomerTaskList customer={id} />
          <Documents customer={id} drop={drop} />
        </aside>
      </div>
      <div class="drop-here" aria-hidden="true">
        <Icon name="upload" size={28} />
        {t("document.drop")}
      </div>
      {drop.dialog}
      {editing && <Editor kind="Customer" record={c} onClose={() => edit(false)} />}
      {sharing && mayShare && <ShareSheet record={c} kind="Customer" onClose={() => (share(false), setQuery({ open: "" }))} />}
    </div>
  );
}

function Facts({ customer: c }: { customer: CustomerFacts }) {
  // What is internal to its owner is never shown to another firm: that it is hidden tells nothing.
  const hidden = (field: string) => c.maskedFields.includes(field) && fieldClasses["Customer"]?.[field] !== "internal";
  const fact = (field: keyof CustomerFacts, shown?: string | null) => (
    <Fact name={fieldName("Customer", field)} hidden={hidden(field)}>
      {shown === undefined ? (c[field] as string | null) : shown}
    </Fact>
  );
  const address = [c.street, [c.postalCode, c.city].filter(Boolean).join(" "), c.region, country(c.country)].filter(Boolean).join(", ");
  return (
    <section class="card" data-id={c.id}>
      <h2>{t("customer.facts")}</h2>
      <dl>
        <Fact name={t("customer.address")}>{address}</Fact>
        {fact("website")}
        {fact("email")}
        {fact("phone")}
        {fact("industry")}
        {fact("segment")}
        {fact("employees")}
        {fact("vatId")}
        {fact("duns")}
        {fact("gln")}
        {fact("annualRevenue", money(c.annualRevenue))}
        {fact("creditLimit", money(c.creditLimit))}
        <Fact name={fieldName("Customer", "assignee")}>{c.assignee?.name}</Fact>
        {fact("customerNumber")}
        <Fact name={fieldName("Customer", "description")} hidden={hidden("description")}>
          {c.description && <Markdown source={c.description} />}
        </Fact>
        <Fact name={t("field.updatedAt")}>
          <Time at={c.updatedAt} />
        </Fact>
      </dl>
    </section>
  );
}

function Contacts({ customer, nodes }: { customer: { id: string; ownerId: string }; nodes: readonly ContactRow[] }) {
  const d = useDirectory();
  const [open, show] = useState<string | null>(null);
  const mayEdit = customer.ownerId === d.own && may(d, "CHANNEL_MANAGER", "SALES", "SUPPORT");
  useKeys(mayEdit ? [{ keys: "p", label: t("contact.new"), run: () => show("") }] : []);
  if (nodes.length === 0 && !mayEdit) return null;
  const edited = nodes.find((p) => p.id === open);
  return (
    <section class="card">
      <h2>
        {t("customer.contacts")}
        <span class="grow" />
        {mayEdit && (
          <Button kind="quiet" icon="plus" keys="p" onClick={() => show("")} label={t("contact.new")}>
            {t("document.add")}
          </Button>
        )}
      </h2>
      {nodes.length === 0 && <p class="hint">{t("contacts.none")}</p>}
      <ul class="people">
        {nodes.map((p) => (
          <li key={p.id} data-id={p.id}>
            <span class="line">
              <strong>{p.name}</strong> <span>{p.jobTitle}</span>
              {mayEdit && p.ownerId === d.own && (
                <button type="button" class="quiet square" aria-label={t("contact.edit.one", { name: p.name ?? "" })} onClick={() => show(p.id)}>
                  <Icon name="edit" size={14} />
                </button>
              )}
            </span>
            {p.email && <a href={"mailto:" + p.email}>{p.email}</a>}
            {p.phone && <a href={"tel:" + p.phone}>{p.phone}</a>}
            {p.maskedFields.includes("email") && (
              <span class="hidden">
                <Icon name="lock" size={13} /> {t("hidden")}
              </span>
            )}
          </li>
        ))}
      </ul>
      {open === "" && <Editor kind="Contact" preset={{ customer: customer.id }} onClose={() => show(null)} />}
      {edited && <Editor key={edited.id} kind="Contact" record={edited} onClose={() => show(null)} />}
    </section>
  );
}
