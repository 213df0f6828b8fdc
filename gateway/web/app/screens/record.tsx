import { useRef, useState } from "preact/hooks";
import { useMutation } from "@urql/preact";
import { made } from "../client";
import type { Values } from "../edit";
import { facts, type Fact } from "../facts.gen";
import { forms, type Form } from "../forms";
import { t } from "../i18n";
import { newKey } from "../ids";
import { useKeys } from "../keys";
import { useMerged, type Held } from "../merged";
import { mistake, mistakes, type Outcome, problem, type Wrong } from "../wrong";
import { AudiencePicker, audienceInput, complete } from "../ui/audience";
import { Dialog } from "../ui/dialog";
import { toast } from "../ui/live";
import { MergedField } from "../ui/merged-field";
import { Alert, Button } from "../ui/parts";

export interface RecordDialogProps {
  kind: string;
  /** The record to be changed, as it is now; a new one is made without it. */
  record?: Held | null | undefined;
  /** What a new record states without being asked, such as the customer it belongs to. */
  preset?: Readonly<Record<string, unknown>>;
  /** What stands in the controls of a new record at first. */
  start?: Values;
  onClose: () => void;
  onDone?: (id: string) => void;
}

/**
 * RecordDialog makes or changes a record of any kind that has a form. What
 * somebody else changes meanwhile appears in it; where both changed the same
 * field to different ends, both values stand there to choose from.
 */
export function RecordDialog({ kind, record, preset = {}, start, onClose, onDone }: RecordDialogProps) {
  const form = forms[kind] as Form;
  const known = facts[kind] as (typeof facts)[string];
  const fact = (field: string): Fact => known.fields[field] as Fact;
  const rows = (record ? form.rows : form.fresh).map((row) => row.filter((f) => !(f in preset))).filter((row) => row.length > 0);
  const names = rows.flat();
  const m = useMerged(record ? "edit." + record.id : "new." + kind, names, fact, record, start);
  const [wrong, setWrong] = useState<Record<string, Wrong>>({});
  const [general, setGeneral] = useState<Wrong | null>(null);
  const [busy, setBusy] = useState(false);
  const [sure, ask] = useState(false);
  const [, create] = useMutation(form.create);
  const [, update] = useMutation(form.update);
  const [, remove] = useMutation(form.remove);
  const at = useRef<HTMLFormElement>(null);
  const audience = known.audience === true && !record;

  const show = (found: Record<string, Wrong>, rest: Wrong | null) => {
    setWrong(found);
    setGeneral(rest);
    const [field] = Object.keys(found);
    if (field) queueMicrotask(() => at.current?.querySelector<HTMLElement>(`[data-field="${field}"] :is(input, select, textarea)`)?.focus());
  };

  /** took tells whether a mutation was done, and else puts each mistake at its field; what belongs to none stands above. */
  const took = (result: Outcome): boolean => {
    const bad = problem(result);
    const found: Record<string, Wrong> = {};
    let rest = bad;
    const all = mistakes(result);
    for (const e of all) {
      const f = e.path?.[1];
      if (f !== undefined && names.includes(f)) found[f] ??= mistake(e);
    }
    if (all.length > 0 && all.every((e) => names.includes(e.path?.[1] ?? ""))) rest = null;
    show(found, rest);
    return bad === null;
  };

  const save = async () => {
    if (busy || (audience && !complete(m.draft.to))) return;
    const found = m.checked();
    show(found, null);
    if (Object.keys(found).length > 0) return;
    if (m.clashes.length > 0) {
      setGeneral({ text: t("clash.choose") });
      at.current?.querySelector<HTMLElement>(".clash button")?.focus();
      return;
    }
    const values = m.stated();
    if (record && Object.keys(values).length === 0) return end(record.id);
    const key = m.draft.key || newKey();
    m.change({ key });
    setBusy(true);
    const result = record
      ? await update({ input: { ...values, id: record.id, expectedVersion: record.version, idempotencyKey: newKey() } })
      : await create({ input: { ...values, ...preset, ...(audience ? audienceInput(m.draft.to) : {}), idempotencyKey: key } });
    setBusy(false);
    if (!took(result)) {
      // A corrected form is another request; one that got lost is the same.
      if (mistakes(result).length > 0) m.change({ key: "" });
      return;
    }
    toast(t("saved"));
    const id = made(result)?.id ?? record?.id;
    if (id) end(id);
  };

  const end = (id: string) => {
    m.drop();
    onClose();
    onDone?.(id);
  };

  const erase = async () => {
    if (!record) return;
    if (!sure) return ask(true);
    setBusy(true);
    const result = await remove({ input: { id: record.id, expectedVersion: record.version, idempotencyKey: newKey() } });
    setBusy(false);
    ask(false);
    if (!took(result)) return;
    m.drop();
    toast(t("deleted"));
    onClose();
  };

  useKeys([{ keys: "mod+Enter", label: t(record ? "save" : "create"), run: () => void save() }]);

  return (
    <Dialog
      title={t(record ? form.titles.update : form.titles.create)}
      onClose={onClose}
      foot={
        <>
          {record && (
            <Button kind={sure ? "danger" : "quiet"} disabled={busy} onClick={() => void erase()}>
              {t(sure ? "delete.sure" : "delete")}
            </Button>
          )}
          {record && (
            <a class="button" href={"/access/" + record.id}>
              {t("access.open")}
            </a>
          )}
          <span class="grow" />
          <Button onClick={() => (m.drop(), onClose())}>{t("cancel")}</Button>
          <Button kind="primary" busy={busy} keys="mod+Enter" disabled={audience && !complete(m.draft.to)} onClick={() => void save()}>
            {t(record ? "save" : "create")}
          </Button>
        </>
      }
    >
      <form
        ref={at}
        noValidate
        onSubmit={(e) => (e.preventDefault(), void save())}
      >
        {general !== null && <Alert wrong={general} />}
        {rows.map((row, r) => (
          <div key={row.join()} class={row.length > 1 ? "pair" : ""}>
            {row.map((f, i) => (
              <MergedField key={f} kind={kind} field={f} fact={fact(f)} merged={m} wrong={wrong[f]} first={r + i === 0} />
            ))}
          </div>
        ))}
        {audience && <AudiencePicker value={m.draft.to} onChange={(to) => m.change({ to })} />}
        <button type="submit" hidden />
      </form>
    </Dialog>
  );
}
