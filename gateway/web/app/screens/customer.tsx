import { useEffect, useState } from "preact/hooks";
import { useQuery } from "@urql/preact";
import { may, useDirectory } from "../firms";
import { country, money } from "../format";
import { fieldName, t, word } from "../i18n";
import { fieldClasses } from "../kinds.gen";
import { useKeys } from "../keys";
import { belongsTo, useForeign, useWatch } from "../live";
import { Customer as Query, type CustomerFacts } from "../operations/customers.gen";
import { listAddress, navigate } from "../router";
import { Badge, Button, Fact, Firm, Time, Trouble, Waiting } from "../ui/parts";
import { useRows } from "../ui/list";
import { Markdown } from "../ui/markdown";
import { NewsBadge } from "../ui/news";
import { Icon } from "../ui/icon";
import { statusTone } from "./customers";
import { Documents, useDrop } from "./documents";
import { Lost } from "./lost";
import { ShareSheet } from "./share";
import { Timeline } from "./timeline";

/** Customer is one customer: what happened, what lies there, who it is. */
export function Customer({ id }: { id: string }) {
  const d = useDirectory();
  const [{ data, error, fetching }, again] = useQuery({ query: Query, variables: { id } });
  const [news, read] = useForeign(d.own, (change) => belongsTo(change, id), [id]);
  useWatch([id]);
  const [sharing, share] = useState(false);
  const drop = useDrop(id);
  const c = data?.customer;
  useEffect(() => void (document.title = (c?.name ?? t("nav.customers")) + " · Fondaco"), [c?.name]);
  useRows();
  const mayShare = c?.ownerId === d.own && may(d, "CHANNEL_MANAGER");
  useKeys([
    { keys: "Escape", label: t("back.customers"), run: () => navigate(listAddress("/customers")) },
    { keys: "n", label: t("note.new"), run: () => document.getElementById("note")?.focus() },
    { keys: "u", label: t("document.new"), run: drop.choose },
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
          <Contacts nodes={data.customer?.contacts.nodes ?? []} />
          <Documents customer={id} drop={drop} />
        </aside>
      </div>
      <div class="drop-here" aria-hidden="true">
        <Icon name="upload" size={28} />
        {t("document.drop")}
      </div>
      {drop.dialog}
      {sharing && <ShareSheet record={c} kind="Customer" onClose={() => share(false)} />}
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
    <section class="card">
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

interface Person {
  id: string;
  name: string | null;
  jobTitle: string | null;
  email: string | null;
  phone: string | null;
  maskedFields: readonly string[];
}

function Contacts({ nodes }: { nodes: readonly Person[] }) {
  if (nodes.length === 0) return null;
  return (
    <section class="card">
      <h2>{t("customer.contacts")}</h2>
      <ul class="people">
        {nodes.map((p) => (
          <li key={p.id}>
            <strong>{p.name}</strong> <span>{p.jobTitle}</span>
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
    </section>
  );
}
