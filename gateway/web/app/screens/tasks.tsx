import { useEffect, useRef, useState } from "preact/hooks";
import { useMutation, useQuery } from "@urql/preact";
import { may, useDirectory } from "../firms";
import { day } from "../format";
import { t } from "../i18n";
import { newKey } from "../ids";
import { useKeys } from "../keys";
import { useForeign, useWatch } from "../live";
import { CustomerTasks, Tasks as Query, UpdateTask, type TaskRow } from "../operations/tasks.gen";
import { setQuery, usePlace } from "../router";
import { useLater } from "../store";
import { problem } from "../wrong";
import { AudienceBadge } from "../ui/audience";
import { Icon } from "../ui/icon";
import { More, useRows } from "../ui/list";
import { announce, toast } from "../ui/live";
import { NewsBadge } from "../ui/news";
import { Badge, Button, Empty, Firm, Trouble, Waiting } from "../ui/parts";
import { Search } from "../ui/search";
import { Editor } from "./editor";

const writers = ["CHANNEL_MANAGER", "SALES", "SUPPORT", "MARKETING", "FINANCE"];

/** Tasks lists what people are to do, the most urgent first. */
export function Tasks() {
  const { query } = usePlace();
  const d = useDirectory();
  const [adding, add] = useState(false);
  const [news, read] = useForeign(d.own, (c) => c.kind === "TASK", []);
  const search = useRef<HTMLInputElement>(null);
  useEffect(() => void (document.title = t("nav.tasks") + " · Fondaco"), []);
  useRows();
  const mayAdd = may(d, ...writers);
  useKeys([
    { keys: "/", label: t("find.here"), run: () => search.current?.focus() },
    ...(mayAdd ? [{ keys: "c", label: t("task.new"), run: () => add(true) }] : []),
  ]);
  return (
    <>
      <div class="head">
        <h1>{t("nav.tasks")}</h1>
        <NewsBadge change={news} onRead={read} />
        <span class="grow" />
        {mayAdd && (
          <Button icon="plus" keys="c" onClick={() => add(true)}>
            {t("task.new")}
          </Button>
        )}
      </div>
      <div class="tools" role="search">
        <Search input={search} value={query.get("q") ?? ""} onInput={(q) => setQuery({ q })} />
        <select aria-label={t("task.whose")} value={query.get("whose") ?? ""} onChange={(e) => setQuery({ whose: e.currentTarget.value })}>
          <option value="">{t("task.whose.all")}</option>
          <option value="mine">{t("task.whose.mine")}</option>
        </select>
        <label class="switch">
          <input type="checkbox" checked={query.get("done") === "yes"} onChange={(e) => setQuery({ done: e.currentTarget.checked ? "yes" : "" })} />
          <span>{t("task.done.show")}</span>
        </label>
      </div>
      <Page address={useLater(query.toString(), 90)} after={null} />
      {adding && <Editor kind="Task" onClose={() => add(false)} />}
    </>
  );
}

function Page({ address, after }: { address: string; after: string | null }) {
  const d = useDirectory();
  const query = new URLSearchParams(address);
  const search = query.get("q") || null;
  const filter = query.get("whose") === "mine" && d.user ? { assignee: { eq: d.user } } : null;
  const [{ data, error, fetching }, again] = useQuery({ query: Query, variables: { first: 50, after, search, filter } });
  const [grown, grow] = useState("");
  const page = data?.tasks;
  useWatch(page?.nodes.map((x) => x.id) ?? []);
  if (!page) return error && !fetching ? <Trouble retry={() => again({ requestPolicy: "network-only" })} /> : <Waiting lines={8} />;
  const shown = page.nodes.filter((x) => query.get("done") === "yes" || !x.completedAt);
  const { hasNextPage, endCursor } = page.pageInfo;
  if (shown.length === 0 && !after && !hasNextPage) return <Empty title={t(search || filter ? "customers.none.found" : "tasks.none")} text={t("tasks.none.text")} />;
  return (
    <>
      <ul class="rows tasks">
        {shown.map((x) => (
          <Item key={x.id} task={x} />
        ))}
      </ul>
      {hasNextPage && endCursor && (grown === address + endCursor ? <Page key={endCursor} address={address} after={endCursor} /> : <More key={endCursor} onMore={() => grow(address + endCursor)} busy={fetching} />)}
    </>
  );
}

const today = (): string => {
  const now = new Date();
  return `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, "0")}-${String(now.getDate()).padStart(2, "0")}`;
};

/** Item is one task: done with a tick, opened with Enter. */
export function Item({ task, brief = false }: { task: TaskRow; brief?: boolean }) {
  const d = useDirectory();
  const [open, show] = useState(false);
  const [{ fetching }, update] = useMutation(UpdateTask);
  const ours = task.ownerId === d.own && may(d, ...writers);
  const late = !task.completedAt && task.dueOn !== null && task.dueOn < today();
  const tick = async () => {
    const bad = problem(await update({ input: { id: task.id, expectedVersion: task.version, completedAt: task.completedAt ? null : new Date().toISOString(), idempotencyKey: newKey() } }));
    if (bad !== null) toast(bad.text, true);
    else announce(t(task.completedAt ? "task.reopened" : "task.completed"));
  };
  return (
    <li data-id={task.id} class={task.completedAt ? "task done" : "task"}>
      <input type="checkbox" aria-label={t("task.tick", { title: task.title ?? "" })} checked={!!task.completedAt} disabled={!ours || fetching} onChange={() => void tick()} />
      <button type="button" class="open" data-row disabled={!ours} onClick={() => show(true)}>
        {task.title}
      </button>
      {!brief && task.customer && <a href={"/customers/" + task.customer.id}>{task.customer.name}</a>}
      <span class="about">
        {task.ownerId !== d.own && <Firm id={task.ownerId} />}
        {task.assignee && <span>{task.assignee.name}</span>}
        {task.audience !== "FIRM" && <AudienceBadge record={task} />}
        {task.dueOn && (
          <Badge tone={late ? "bad" : "plain"} icon={late ? "warning" : undefined}>
            {t(late ? "task.late" : "task.due", { day: day(task.dueOn) })}
          </Badge>
        )}
      </span>
      {open && <Editor kind="Task" record={task} onClose={() => show(false)} />}
    </li>
  );
}

/** CustomerTaskList is what is to be done for a customer. */
export function CustomerTaskList({ customer }: { customer: string }) {
  const d = useDirectory();
  const [{ data }] = useQuery({ query: CustomerTasks, variables: { id: customer } });
  const [adding, add] = useState(false);
  const mayAdd = may(d, ...writers);
  useKeys(mayAdd ? [{ keys: "a", label: t("task.new"), run: () => add(true) }] : []);
  const list = data?.customer?.tasks.nodes ?? [];
  return (
    <section class="card">
      <h2>
        {t("nav.tasks")}
        <span class="grow" />
        {mayAdd && (
          <Button kind="quiet" icon="plus" keys="a" onClick={() => add(true)} label={t("task.new")}>
            {t("document.add")}
          </Button>
        )}
      </h2>
      {list.length === 0 ? (
        <p class="hint">
          <Icon name="check" size={13} /> {t("tasks.none")}
        </p>
      ) : (
        <ul class="brief">
          {list.map((x) => (
            <Item key={x.id} task={x} brief />
          ))}
        </ul>
      )}
      {adding && <Editor kind="Task" preset={{ customer }} onClose={() => add(false)} />}
    </section>
  );
}
