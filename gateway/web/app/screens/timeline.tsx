import { useRef, useState } from "preact/hooks";
import { useMutation, useQuery } from "@urql/preact";
import { useDraft } from "../drafts";
import { local } from "../moment";
import { useDirectory } from "../firms";
import { list } from "../format";
import { t, word } from "../i18n";
import { newKey } from "../ids";
import { CreateInteraction, Timeline as Query, type InteractionRow } from "../operations/customers.gen";
import type { CreateInteractionInput, Direction, InteractionType } from "../operations/types.gen";
import { problem, type Wrong } from "../wrong";
import { AudienceBadge, AudiencePicker, audienceInput, complete, ownFirm, type Audience, type Bounds } from "../ui/audience";
import { Icon, type IconName } from "../ui/icon";
import { More } from "../ui/list";
import { announce } from "../ui/live";
import { Markdown } from "../ui/markdown";
import { goTo } from "../ui/news";
import { Alert, Badge, Button, Empty, Field, Firm, Time, Trouble, Waiting } from "../ui/parts";

const icons: Record<InteractionType, IconName> = { NOTE: "note", CALL: "call", EMAIL: "email", MEETING: "meeting", RESALE: "resale" };

/** A note that was written and is not with the server yet. */
interface Pending {
  input: CreateInteractionInput & { idempotencyKey: string };
  wrong: Wrong | null;
}

/** Timeline is what happened with a customer, as all firms tell it, the newest first. */
export function Timeline({ customer }: { customer: string }) {
  const d = useDirectory();
  const [pending, setPending] = useState<readonly Pending[]>([]);
  const [draft, change, drop] = useDraft("note." + customer, blank);
  const reply = (item: InteractionRow) => {
    change(replyTo(item, d.own));
    document.getElementById("note")?.focus();
  };
  const [, create] = useMutation(CreateInteraction);
  const send = async (input: Pending["input"]) => {
    const others = (all: readonly Pending[]) => all.filter((p) => p.input.idempotencyKey !== input.idempotencyKey);
    setPending((all) => [{ input, wrong: null }, ...others(all)]);
    const bad = problem(await create({ input }));
    setPending((all) => (bad === null ? others(all) : all.map((p) => (p.input === input ? { ...p, wrong: bad } : p))));
    if (bad === null) announce(t("note.added"));
  };
  return (
    <>
      <Composer customer={customer} draft={draft} change={change} drop={drop} onSend={send} />
      <ol class="timeline">
        {pending.map((p) => (
          <li key={p.input.idempotencyKey} class={p.wrong === null ? "sending" : "failed"}>
            <Icon name={icons[p.input.interactionType]} />
            <div>
              <header>
                <Firm id={d.own} /> <Badge>{t("note.sending")}</Badge>
              </header>
              <Words subject={p.input.subject} body={p.input.body ?? null} />
              {p.wrong !== null && (
                <>
                  <Alert wrong={p.wrong} />
                  <Button onClick={() => void send(p.input)}>{t("retry")}</Button>
                </>
              )}
            </div>
          </li>
        ))}
        <Page customer={customer} after={null} onReply={reply} />
      </ol>
    </>
  );
}

function Page({ customer, after, onReply }: { customer: string; after: string | null; onReply: (item: InteractionRow) => void }) {
  const [{ data, error, fetching }, again] = useQuery({ query: Query, variables: { id: customer, first: 30, after } });
  const [grown, grow] = useState("");
  const page = data?.customer?.interactions;
  if (!page) {
    return <li class="bare">{error && !fetching ? <Trouble retry={() => again({ requestPolicy: "network-only" })} /> : <Waiting lines={3} />}</li>;
  }
  const { hasNextPage, endCursor } = page.pageInfo;
  return (
    <>
      {page.nodes.map((i) => (
        <Item key={i.id} item={i} onReply={onReply} />
      ))}
      {page.nodes.length === 0 && !after && (
        <li class="bare">
          <Empty title={t("timeline.none")} text={t("timeline.none.text")} />
        </li>
      )}
      {hasNextPage && endCursor && (grown === endCursor ? <Page key={endCursor} customer={customer} after={endCursor} onReply={onReply} /> : <li class="bare"><More onMore={() => grow(endCursor)} busy={fetching} /></li>)}
    </>
  );
}

function Item({ item: i, onReply }: { item: InteractionRow; onReply: (item: InteractionRow) => void }) {
  const type = i.interactionType ?? "NOTE";
  return (
    <li>
      <Icon name={icons[type]} />
      <article tabIndex={-1} data-row data-id={i.id} aria-label={`${word("InteractionType", type)}: ${i.subject ?? ""}`}>
        <header>
          <Firm id={i.ownerId} />
          <AudienceBadge record={i} />
          <Time at={i.occurredAt} />
          <span class="grow" />
          <Button kind="quiet" label={t("note.reply.to", { subject: i.subject ?? "" })} onClick={() => onReply(i)}>
            {t("note.reply")}
          </Button>
        </header>
        {i.replyTo && (
          <button type="button" class="quiet replied" onClick={() => goTo(i.replyTo?.id ?? "")}>
            {t("note.replied", { subject: i.replyTo.subject ?? "" })}
          </button>
        )}
        <Words subject={i.subject} body={i.body} />
        <About item={i} />
      </article>
    </li>
  );
}

/** About says who began a call or a letter, and who took part. */
function About({ item: i }: { item: InteractionRow }) {
  const people = i.participants ?? [];
  if (!i.direction && people.length === 0) return null;
  return (
    <p class="hint">
      {i.direction && <span>{word("Direction", i.direction)}</span>}
      {people.length > 0 && <span>{t("note.with", { people: list(people) })}</span>}
    </p>
  );
}

/** Words shows subject and body; a note's subject is its first line, which is not shown twice. */
function Words({ subject, body }: { subject: string | null; body: string | null }) {
  const first = body?.split("\n", 1)[0]?.trim();
  return (
    <>
      {subject && subject !== first && <p class="subject">{subject}</p>}
      {body ? <Markdown source={body} /> : null}
    </>
  );
}

const types: InteractionType[] = ["NOTE", "CALL", "EMAIL", "MEETING"];
const blank = { text: "", type: "NOTE" as InteractionType, to: ownFirm, at: "", direction: "" as Direction | "", people: "", reply: null as Reply | null };

/** What a note replies to, and by whom it may be seen at most. */
interface Reply {
  id: string;
  subject: string;
  bounds: Bounds;
}

type Answered = Pick<InteractionRow, "id" | "subject" | "ownerId" | "audience" | "audienceFirms" | "audienceTeamId">;

/**
 * replyTo begins a reply. It is seen by no more people than what it replies
 * to; an answer to another firm's note goes to that firm alone, since whom else
 * it named is not told.
 */
export function replyTo(i: Answered, own: string): { reply: Reply; to: Audience } {
  const reply = (bounds: Bounds, to: Audience) => ({ reply: { id: i.id, subject: i.subject ?? "", bounds }, to });
  if (i.ownerId !== own) return reply({ choices: ["TEAM", "FIRM", "FIRMS"], firms: [i.ownerId], team: null }, { audience: "FIRMS", team: "", firms: [i.ownerId] });
  if (i.audience === "TEAM") return reply({ choices: ["TEAM"], firms: [], team: i.audienceTeamId }, { audience: "TEAM", team: i.audienceTeamId ?? "", firms: [] });
  if (i.audience === "FIRMS") return reply({ choices: ["TEAM", "FIRM", "FIRMS"], firms: i.audienceFirms ?? [], team: null }, { audience: "FIRMS", team: "", firms: [...(i.audienceFirms ?? [])] });
  return reply({ choices: ["TEAM", "FIRM"], firms: [], team: null }, ownFirm);
}

/** namesIn takes the names of people apart, which are written with commas between them. */
export const namesIn = (text: string): string[] => text.split(/[,;\n]/).map((s) => s.trim()).filter(Boolean);

/** subjectOf takes the first line that says something, and no more of it than a subject holds. */
export function subjectOf(text: string): string {
  const line = text.trim().split("\n", 1)[0]?.trim() ?? "";
  const characters = Array.from(line);
  return characters.length <= 200 ? line : characters.slice(0, 199).join("") + "…";
}

interface ComposerProps {
  customer: string;
  draft: typeof blank;
  change: (part: Partial<typeof blank>) => void;
  drop: () => void;
  onSend: (input: Pending["input"]) => void;
}

function Composer({ customer, draft, change, drop, onSend }: ComposerProps) {
  const [opened, setOpen] = useState(draft.text !== "");
  const open = opened || draft.reply !== null;
  const at = useRef<HTMLTextAreaElement>(null);
  const ready = draft.text.trim() !== "" && complete(draft.to);
  const send = () => {
    if (!ready) return;
    const more = draft.type === "NOTE" ? {} : { direction: draft.type === "MEETING" ? null : draft.direction || null, participants: namesIn(draft.people) };
    const when = draft.type !== "NOTE" && draft.at ? new Date(draft.at) : new Date();
    onSend({ customer, interactionType: draft.type, occurredAt: when.toISOString(), ...more, subject: subjectOf(draft.text), body: draft.text.trim(), replyTo: draft.reply?.id ?? null, ...audienceInput(draft.to), idempotencyKey: newKey() });
    const to = draft.reply ? ownFirm : draft.to;
    drop();
    change({ to });
    at.current?.blur();
  };
  return (
    <form
      class={open ? "composer open" : "composer"}
      onSubmit={(e) => (e.preventDefault(), send())}
      onKeyDown={(e) => {
        if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) {
          e.preventDefault();
          send();
        } else if (e.key === "Escape") {
          e.stopPropagation();
          at.current?.blur();
          if (draft.text === "") setOpen(false);
        }
      }}
    >
      <textarea id="note" ref={at} rows={open ? 4 : 1} placeholder={t("note.placeholder")} aria-label={t("note.new")} value={draft.text} onFocus={() => setOpen(true)} onInput={(e) => change({ text: e.currentTarget.value })} />
      {open && (
        <div class="foot">
          {draft.reply && (
            <p class="chips replying">
              <span>{t("note.replied", { subject: draft.reply.subject })}</span>
              <button type="button" class="quiet square" aria-label={t("note.reply.not")} onClick={() => (change({ reply: null, to: ownFirm }), at.current?.focus())}>
                <Icon name="close" size={12} />
              </button>
            </p>
          )}
          {draft.type !== "NOTE" && <Happened draft={draft} change={change} />}
          <AudiencePicker value={draft.to} bounds={draft.reply?.bounds ?? null} onChange={(to) => change({ to })} />
          <div class="send">
            <select aria-label={t("note.type")} value={draft.type} onChange={(e) => change({ type: e.currentTarget.value as InteractionType })}>
              {types.map((x) => (
                <option key={x} value={x}>
                  {word("InteractionType", x)}
                </option>
              ))}
            </select>
            <Button kind="primary" type="submit" keys="mod+Enter" disabled={!ready}>
              {t("note.add")}
            </Button>
          </div>
        </div>
      )}
    </form>
  );
}

/** Happened asks what is worth knowing of a call, an e-mail or a meeting: when it was, who began it, who took part. */
function Happened({ draft, change }: { draft: typeof blank; change: (part: Partial<typeof blank>) => void }) {
  return (
    <div class="happened">
      <Field label={t("note.when")}>{(p) => <input {...p} type="datetime-local" value={draft.at || local(new Date())} onInput={(e) => change({ at: e.currentTarget.value })} />}</Field>
      {draft.type !== "MEETING" && (
        <Field label={t("note.direction")}>
          {(p) => (
            <select {...p} value={draft.direction} onChange={(e) => change({ direction: e.currentTarget.value as Direction | "" })}>
              <option value="">{t("choose.none")}</option>
              {(["INBOUND", "OUTBOUND"] as const).map((x) => (
                <option key={x} value={x}>
                  {word("Direction", x)}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      <Field label={t("note.people")} hint={t("note.people.hint")}>
        {(p) => <input {...p} type="text" value={draft.people} onInput={(e) => change({ people: e.currentTarget.value })} />}
      </Field>
    </div>
  );
}
