import { useState } from "preact/hooks";
import { useMutation, useQuery } from "@urql/preact";
import { useDraft } from "../drafts";
import { may, useDirectory } from "../firms";
import { day } from "../format";
import { t, word } from "../i18n";
import { newKey } from "../ids";
import { AnswerPartnership, CreatePartnership, EndPartnership, Partnerships as Query, ResumePartnership, SuspendPartnership, type PartnershipRow } from "../operations/partnerships.gen";
import { lastAnswer } from "../terms";
import { type Outcome, problem, type Wrong } from "../wrong";
import { Dialog } from "../ui/dialog";
import { announce, toast } from "../ui/live";
import { Alert, Badge, Button, Empty, Field, Firm } from "../ui/parts";

/** Partnerships lists the firms one works with, and those that were invited. */
export function Partnerships({ inviting, onInvite }: { inviting: boolean; onInvite: (on: boolean) => void }) {
  const [{ data }] = useQuery({ query: Query });
  const list = data?.partnerships?.nodes;
  return (
    <section aria-label={t("partnerships")}>
      <h2 class="part">{t("partnerships")}</h2>
      {list?.length === 0 && <Empty title={t("partnerships.none")} text={t("partnerships.none.text")} />}
      <ul class="rows partnerships">
        {list?.map((p) => (
          <Item key={p.id} partnership={p} />
        ))}
      </ul>
      {inviting && <Invite onClose={() => onInvite(false)} />}
    </section>
  );
}

/** partnershipTone is how a state of a partnership looks. */
export const partnershipTone = { INVITED: "warn", ACTIVE: "good", SUSPENDED: "plain", ENDED: "bad" } as const;

function Item({ partnership: p }: { partnership: PartnershipRow }) {
  const d = useDirectory();
  const ours = p.ownerId === d.own;
  const answer = lastAnswer(p);
  const waiting = p.state === "INVITED" && answer === null;
  return (
    <li class="partnership">
      <a data-row href={"/partners/" + (ours ? p.addressedToId : p.ownerId)}>
        <Firm id={ours ? p.addressedToId : p.ownerId} />
      </a>
      <span class="name">
        {p.name}
        {(p.startsOn || p.endsOn) && (
          <small>
            {day(p.startsOn)} – {day(p.endsOn)}
          </small>
        )}
      </span>
      {p.state === "INVITED" && answer === "DECLINED" ? <Badge tone="bad">{word("Answer", answer)}</Badge> : p.state && <Badge tone={partnershipTone[p.state]}>{t(waiting ? (ours ? "sharing.waiting" : "partnership.invited") : `partnership.${p.state}`)}</Badge>}
      {may(d, "CHANNEL_MANAGER") && <Actions partnership={p} ours={ours} waiting={waiting} />}
    </li>
  );
}

function Actions({ partnership: p, ours, waiting }: { partnership: PartnershipRow; ours: boolean; waiting: boolean }) {
  const [, answer] = useMutation(AnswerPartnership);
  const [, suspend] = useMutation(SuspendPartnership);
  const [, resume] = useMutation(ResumePartnership);
  const [, end] = useMutation(EndPartnership);
  const [busy, setBusy] = useState(false);
  const [sure, ask] = useState(false);
  const act = async (run: () => Promise<Outcome>) => {
    setBusy(true);
    const bad = problem(await run());
    setBusy(false);
    if (bad !== null) toast(bad.text, true);
    else announce(t("saved"));
  };
  const input = { id: p.id, expectedVersion: p.version, idempotencyKey: newKey() };
  return (
    <div class="act">
      {!ours && waiting && (
        <>
          <Button kind="primary" icon="check" busy={busy} onClick={() => void act(() => answer({ input: { id: p.id, answer: "ACCEPTED", idempotencyKey: newKey() } }))}>
            {t("sharing.accept")}
          </Button>
          <Button busy={busy} onClick={() => void act(() => answer({ input: { id: p.id, answer: "DECLINED", idempotencyKey: newKey() } }))}>
            {t("sharing.decline")}
          </Button>
        </>
      )}
      {ours && p.actions.includes("SUSPEND") && (
        <Button kind="quiet" busy={busy} onClick={() => void act(() => suspend({ input }))}>
          {t("sharing.suspend")}
        </Button>
      )}
      {ours && p.actions.includes("RESUME") && (
        <Button busy={busy} onClick={() => void act(() => resume({ input }))}>
          {t("sharing.resume")}
        </Button>
      )}
      {ours && p.actions.includes("END") && (
        <Button kind={sure ? "danger" : "quiet"} busy={busy} onClick={() => (sure ? void act(() => end({ input })) : ask(true))}>
          {t(sure ? "partnership.end.sure" : "partnership.end")}
        </Button>
      )}
    </div>
  );
}

const blank = { firm: "", name: "", scope: "", key: "" };

/** Invite offers a partnership to a firm whose node is known here. */
function Invite({ onClose }: { onClose: () => void }) {
  const d = useDirectory();
  const [form, change, drop] = useDraft("partnership", blank);
  const [{ fetching }, create] = useMutation(CreatePartnership);
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const known = d.firms.filter((f) => f.id !== d.own && !d.partners.some((p) => p.id === f.id));
  const firm = form.firm || (known[0]?.id ?? "");
  const send = async () => {
    if (!firm || form.name.trim() === "") return setWrong({ text: t("partnership.incomplete") });
    const key = form.key || newKey();
    change({ key });
    const bad = problem(await create({ input: { addressedTo: firm, name: form.name.trim(), scope: form.scope.trim() || null, idempotencyKey: key } }));
    setWrong(bad);
    if (bad && !bad.lost) change({ key: "" });
    if (bad !== null) return;
    toast(t("partnership.sent", { firm: d.name(firm) }));
    drop();
    onClose();
  };
  return (
    <Dialog
      title={t("partnership.new")}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button kind="primary" busy={fetching} disabled={known.length === 0} onClick={() => void send()}>
            {t("partnership.invite")}
          </Button>
        </>
      }
    >
      <form onSubmit={(e) => (e.preventDefault(), void send())}>
        {wrong !== null && <Alert wrong={wrong} />}
        {known.length === 0 && <p class="hint">{t("partnership.nobody")}</p>}
        <Field label={t("sharing.partner")}>
          {(p) => (
            <select {...p} data-focus value={firm} onChange={(e) => change({ firm: e.currentTarget.value })}>
              {known.map((f) => (
                <option key={f.id} value={f.id}>
                  {f.name}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={t("partnership.name")} required hint={t("partnership.name.hint")}>
          {(p) => <input {...p} type="text" value={form.name} onInput={(e) => change({ name: e.currentTarget.value })} />}
        </Field>
        <Field label={t("partnership.scope")}>{(p) => <textarea {...p} rows={3} value={form.scope} onInput={(e) => change({ scope: e.currentTarget.value })} />}</Field>
        <button type="submit" hidden />
      </form>
    </Dialog>
  );
}
