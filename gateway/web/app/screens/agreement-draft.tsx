import { useRef, useState } from "preact/hooks";
import { useMutation, useQuery } from "@urql/preact";
import { made } from "../client";
import { facts, type Fact } from "../facts.gen";
import { useDirectory } from "../firms";
import { fieldName, t } from "../i18n";
import { newKey } from "../ids";
import { useKeys } from "../keys";
import { useMerged } from "../merged";
import { Agreements, CreateAgreement, DeleteAgreement, OfferAgreement, Papers, UpdateAgreement, type AgreementRow } from "../operations/sharing.gen";
import type { CreateSharingAgreementInput, UpdateSharingAgreementInput } from "../operations/types.gen";
import { navigate } from "../router";
import { inForce, sentence, termsOf, type Term } from "../terms";
import { mistake, mistakes, type Outcome, problem, type Wrong } from "../wrong";
import { finished } from "../ui/conditions";
import { toast } from "../ui/live";
import { MergedField } from "../ui/merged-field";
import { Alert, Button, Field } from "../ui/parts";
import { TermsEditor } from "../ui/terms-editor";
import { SharingPreview } from "./preview";

const fields = ["name", "purpose", "validFrom", "validUntil", "requires", "restsOn", "terms"];
const known = facts["SharingAgreement"] as (typeof facts)[string];
const fact = (f: string): Fact => known.fields[f] as Fact;

/** complete tells whether each term says what it needs to. */
export const completeTerms = (terms: readonly Term[]): boolean => terms.length > 0 && terms.every((x) => x.level !== "FILTER" || finished(x.filter) !== undefined);

/** tidy gives the terms as they are sent: without conditions that say nothing. */
const tidy = (terms: readonly Term[]): Term[] => terms.map((x) => (x.level === "FILTER" ? { ...x, filter: finished(x.filter) } : x));

/**
 * Draft writes a sharing agreement, and beside it shows exactly what the
 * partner would see under it. From is an agreement of which this will be the
 * next version.
 */
export function Draft({ agreement: a, from }: { agreement?: AgreementRow | undefined; from?: AgreementRow | undefined }) {
  const d = useDirectory();
  const start = from && { name: from.name ?? "", purpose: from.purpose ?? "", validUntil: from.validUntil ?? "", requires: from.requiresId ?? "", restsOn: from.restsOnId ?? "", terms: JSON.stringify(from.terms) };
  const m = useMerged("agreement." + (a?.id ?? from?.id ?? "new"), fields, fact, a, start);
  const [chosen, choose] = useState(from?.partnershipId ?? d.partnerships[0]?.id ?? "");
  const partnership = a?.partnershipId ?? (chosen || d.partnerships[0]?.id || "");
  const firm = a?.addressedToId ?? d.partnerships.find((p) => p.id === partnership)?.firm ?? "";
  const terms = termsOf(parsed(m.shown("terms")));
  const [wrong, setWrong] = useState<Record<string, Wrong>>({});
  const [general, setGeneral] = useState<Wrong | null>(null);
  const [busy, setBusy] = useState(false);
  const [sure, ask] = useState(false);
  const [, create] = useMutation(CreateAgreement);
  const [, update] = useMutation(UpdateAgreement);
  const [, offer] = useMutation(OfferAgreement);
  const [, remove] = useMutation(DeleteAgreement);
  const key = useRef("");
  const box = useRef<HTMLFormElement>(null);

  const took = (result: Outcome): boolean => {
    const bad = problem(result);
    const found: Record<string, Wrong> = {};
    const all = mistakes(result);
    for (const e of all) found[e.path?.[1] ?? ""] ??= mistake(e);
    setWrong(found);
    setGeneral(all.length > 0 && all.every((e) => fields.includes(e.path?.[1] ?? "")) ? null : bad);
    if (all.length > 0) key.current = "";
    return bad === null;
  };

  /** saved gives the agreement as it is now written, or nothing when it could not be. */
  const saved = async (): Promise<{ id: string; version: number } | null> => {
    const found = m.checked();
    if (!completeTerms(terms)) found["terms"] = { text: t(terms.length === 0 ? "terms.none" : "terms.unfinished") };
    setWrong(found);
    setGeneral(m.clashes.length > 0 ? { text: t("clash.choose") } : null);
    const [first] = Object.keys(found);
    if (first) queueMicrotask(() => box.current?.querySelector<HTMLElement>(`[data-field="${first}"] :is(input, select, textarea)`)?.focus());
    if (first || m.clashes.length > 0) return null;
    const { terms: _, ...values } = m.stated();
    const stated = { ...values, ...(!a || m.stands("terms") === "mine" ? { terms: tidy(terms) } : {}) };
    if (a && Object.keys(stated).length === 0) return a;
    key.current ||= newKey();
    setBusy(true);
    const result = a
      ? await update({ input: { ...stated, id: a.id, expectedVersion: a.version, idempotencyKey: newKey() } as UpdateSharingAgreementInput })
      : await create({ input: { ...stated, addressedTo: firm, partnership, idempotencyKey: key.current } as CreateSharingAgreementInput });
    setBusy(false);
    if (!took(result)) return null;
    const now = made(result);
    m.drop();
    return now?.version === undefined ? null : { id: now.id, version: now.version };
  };

  const save = async () => {
    const now = await saved();
    if (!now) return;
    toast(t("saved"));
    navigate("/sharing/" + now.id, true);
  };

  const send = async () => {
    const now = await saved();
    if (!now) return;
    setBusy(true);
    const bad = took(await offer({ input: { id: now.id, expectedVersion: now.version, idempotencyKey: newKey() } }));
    setBusy(false);
    if (bad) toast(t("sharing.offered", { firm: d.name(firm) }));
    navigate("/sharing/" + now.id, true);
  };

  const erase = async () => {
    if (!a) return;
    if (!sure) return ask(true);
    setBusy(true);
    const done = took(await remove({ input: { id: a.id, expectedVersion: a.version, idempotencyKey: newKey() } }));
    setBusy(false);
    if (!done) return;
    m.drop();
    toast(t("deleted"));
    navigate("/sharing", true);
  };

  useKeys([
    { keys: "mod+s", label: t("save"), run: () => void save() },
    { keys: "mod+Enter", label: t("sharing.offer"), run: () => void send() },
  ]);

  return (
    <div class="columns drafting">
      <form ref={box} noValidate class="card" onSubmit={(e) => (e.preventDefault(), void save())}>
        {general !== null && <Alert wrong={general} />}
        {!a && (
          <Field label={t("sharing.partner")} name="partnership" error={wrong["partnership"] ?? wrong["addressedTo"]}>
            {(p) => (
              <select {...p} data-focus value={partnership} onChange={(e) => choose(e.currentTarget.value)}>
                {d.partnerships.map((x) => (
                  <option key={x.id} value={x.id}>
                    {d.name(x.firm)}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        <MergedField kind="SharingAgreement" field="name" fact={fact("name")} merged={m} wrong={wrong["name"]} />
        <MergedField kind="SharingAgreement" field="purpose" fact={fact("purpose")} merged={m} wrong={wrong["purpose"]} />
        <div class="pair">
          <MergedField kind="SharingAgreement" field="validFrom" fact={fact("validFrom")} merged={m} wrong={wrong["validFrom"]} />
          <MergedField kind="SharingAgreement" field="validUntil" fact={fact("validUntil")} merged={m} wrong={wrong["validUntil"]} />
        </div>
        <Paper firm={firm} merged={m} wrong={wrong["requires"]} />
        <Source firm={firm} merged={m} wrong={wrong["restsOn"]} fixed={a !== undefined} />
        <MergedField
          kind="SharingAgreement" field="terms" fact={{ ...fact("terms"), required: undefined }} merged={m} wrong={wrong["terms"]}
          words={(v) => termsOf(parsed(v)).map(sentence).join(". ")}
          control={({ id }) => (
            <div id={id} role="group" aria-label={fieldName("SharingAgreement", "terms")}>
              <TermsEditor terms={terms} onChange={(next) => m.set("terms", JSON.stringify(next))} />
            </div>
          )}
        />
        <div class="act">
          <Button kind="primary" icon="sharing" busy={busy} keys="mod+Enter" onClick={() => void send()}>
            {t("sharing.offer.to", { firm: d.name(firm) })}
          </Button>
          <Button type="submit" busy={busy} keys="mod+s">
            {t("deal.draft")}
          </Button>
          {a && (
            <Button kind={sure ? "danger" : "quiet"} busy={busy} onClick={() => void erase()}>
              {t(sure ? "delete.sure" : "delete")}
            </Button>
          )}
        </div>
      </form>
      <aside>{firm && <SharingPreview firm={firm} agreement={m.shown("restsOn") === "" ? null : (a?.id ?? null)} terms={completeTerms(terms) ? tidy(terms) : []} />}</aside>
    </div>
  );
}

/** Paper chooses the agreement on paper without which nothing is opened, among those with this firm. */
function Paper({ firm, merged: m, wrong }: { firm: string; merged: ReturnType<typeof useMerged>; wrong: Wrong | undefined }) {
  const d = useDirectory();
  const [{ data }] = useQuery({ query: Papers });
  const papers = (data?.agreements?.nodes ?? []).filter((p) => p.ownerId === d.own && p.addressedToId === firm);
  const name = (id: string) => papers.find((p) => p.id === id)?.name ?? "";
  if (papers.length === 0 && m.shown("requires") === "") return null;
  return (
    <MergedField
      kind="SharingAgreement" field="requires" fact={fact("requires")} merged={m} wrong={wrong} words={(v) => name(String(v))}
      control={(p) => (
        <select {...p} value={String(m.shown("requires"))} onChange={(e) => m.set("requires", e.currentTarget.value)}>
          <option value="">{t("choose.none")}</option>
          {papers.map((x) => (
            <option key={x.id} value={x.id}>
              {x.name}
            </option>
          ))}
        </select>
      )}
    />
  );
}

/** Source chooses the agreement of a third firm under which one may pass on what that firm shares; there is none for one's own records. It is chosen once. */
function Source({ firm, merged: m, wrong, fixed }: { firm: string; merged: ReturnType<typeof useMerged>; wrong: Wrong | undefined; fixed: boolean }) {
  const d = useDirectory();
  const [{ data }] = useQuery({ query: Agreements, variables: { first: 100, after: null } });
  const sources = (data?.sharingAgreements?.nodes ?? []).filter((a) => a.addressedToId === d.own && a.ownerId !== firm && inForce(a) && termsOf(a.terms).some((x) => x.reshare));
  const name = (id: string) => sources.find((a) => a.id === id)?.name ?? "";
  if (sources.length === 0 && m.shown("restsOn") === "") return null;
  return (
    <MergedField
      kind="SharingAgreement" field="restsOn" fact={fact("restsOn")} merged={m} wrong={wrong} words={(v) => name(String(v))}
      control={(p) => (
        <select {...p} disabled={fixed} value={String(m.shown("restsOn"))} onChange={(e) => m.set("restsOn", e.currentTarget.value)}>
          <option value="">{t("terms.own.records")}</option>
          {sources.map((a) => (
            <option key={a.id} value={a.id}>
              {t("terms.records.of", { name: a.name ?? "", firm: d.name(a.ownerId) })}
            </option>
          ))}
        </select>
      )}
    />
  );
}

function parsed(value: unknown): unknown {
  if (typeof value !== "string" || value === "") return [];
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return [];
  }
}
