import { useId } from "preact/hooks";
import { facts } from "../facts.gen";
import { fieldClasses } from "../kinds.gen";
import { list } from "../format";
import { fieldName, t, word, type Key } from "../i18n";
import { leastFloor, setName, type Level, type Term } from "../terms";
import { ConditionsEditor, chooserFields } from "./conditions";
import { Icon } from "./icon";
import { Button, Field } from "./parts";

/** shareable lists the kinds whose records an agreement can open. */
export const shareable = (): string[] => Object.keys(facts).filter((k) => !facts[k]?.private && !facts[k]?.addressed && k !== "Firm" && k !== "DocumentVersion" && k !== "TransactionSet").sort((a, b) => word("Kinds", a).localeCompare(word("Kinds", b)));

/** levelsOf lists how much of a kind can be opened, the most closed first. */
function levelsOf(kind: string): Level[] {
  const f = facts[kind];
  const levels: Level[] = ["GRANTED"];
  if (f?.parent) levels.push("CHILDREN");
  if (chooserFields(kind).length > 0) levels.push("FILTER");
  levels.push("ALL", "COUNTS");
  if (keysOf(kind).length > 0) levels.push("OVERLAP");
  return levels;
}

/** keysOf lists the fields by which two firms can tell that they hold the same. */
const keysOf = (kind: string): string[] => ["duns", "gln", "vatId", "website", "gtin", "partNumber", "email"].filter((f) => facts[kind]?.fields[f]?.filter && fieldClasses[kind]?.[f] === "basic");

const actions = ["comment", "attach", "edit", "export"] as const;

/** What a firm may come to do depends on what the kind is for. */
const actionsOf = (kind: string): readonly string[] => (kind === "Customer" || kind === "Document" || kind === "Interaction" ? actions : ["edit", "export"]);

/** freshTerm is what a kind is opened with at first: as little as makes sense. */
export function freshTerm(kind: string): Term {
  return { kind, level: facts[kind]?.parent ? "CHILDREN" : "GRANTED", actions: ["read"] };
}

interface Props {
  terms: readonly Term[];
  onChange: (terms: readonly Term[]) => void;
}

/** TermsEditor says kind by kind what is opened. */
export function TermsEditor({ terms, onChange }: Props) {
  const left = shareable().filter((k) => !terms.some((x) => x.kind === k));
  const id = useId();
  return (
    <div class="terms-editor">
      {terms.map((term, i) => (
        <TermCard key={term.kind} term={term} onChange={(x) => onChange(terms.map((y, j) => (j === i ? x : y)))} onRemove={() => onChange(terms.filter((_, j) => j !== i))} />
      ))}
      {left.length > 0 && (
        <div class="add-kind">
          <label for={id}>{t("terms.add")}</label>
          <select id={id} value="" onChange={(e) => e.currentTarget.value && onChange([...terms, freshTerm(e.currentTarget.value)])}>
            <option value="">{t("terms.add.choose")}</option>
            {left.map((k) => (
              <option key={k} value={k}>
                {word("Kinds", k)}
              </option>
            ))}
          </select>
        </div>
      )}
    </div>
  );
}

function TermCard({ term, onChange, onRemove }: { term: Term; onChange: (t: Term) => void; onRemove: () => void }) {
  const kind = term.kind;
  const open = term.level !== "COUNTS" && term.level !== "OVERLAP" && term.level !== "HIDDEN";
  const levels = levelsOf(kind);
  const title = useId();
  const level = (to: Level) => {
    const { filter: _filter, floor: _floor, keys: _keys, reshare, ...rest } = term;
    const next: Term = { ...rest, level: to };
    // What is only counted or compared cannot be passed on.
    if (reshare && to !== "COUNTS" && to !== "OVERLAP") next.reshare = true;
    if (to === "FILTER") next.filter = { and: [] };
    if (to === "COUNTS") next.floor = leastFloor;
    if (to === "OVERLAP") next.keys = keysOf(kind).slice(0, 1);
    if (to === "COUNTS" || to === "OVERLAP") {
      next.actions = ["read"];
      delete next.classes;
      delete next.fieldSets;
    }
    onChange(next);
  };
  return (
    <section class="term card" aria-labelledby={title}>
      <h3 id={title}>
        {word("Kinds", kind)}
        <span class="grow" />
        <Button kind="quiet" icon="close" label={t("terms.remove", { kind: word("Kinds", kind) })} onClick={onRemove}>
          {t("terms.remove.short")}
        </Button>
      </h3>
      <Field label={t("terms.level")}>
        {(p) => (
          <select {...p} value={term.level} onChange={(e) => level(e.currentTarget.value as Level)}>
            {(levels.includes(term.level) ? levels : [...levels, term.level]).map((l) => (
              <option key={l} value={l}>
                {t(`level.${l}` as Key)}
              </option>
            ))}
          </select>
        )}
      </Field>
      {term.level === "FILTER" && <ConditionsEditor kind={kind} filter={term.filter} onChange={(filter) => onChange({ ...term, filter })} />}
      {term.level === "CHILDREN" && facts[kind]?.audience && (
        <p class="hint">
          <Icon name="eye" size={13} /> {t("terms.audience")}
        </p>
      )}
      {term.level === "COUNTS" && (
        <Field label={t("terms.floor")} hint={t("terms.floor.hint")}>
          {(p) => <input {...p} type="number" min={leastFloor} value={term.floor ?? leastFloor} onInput={(e) => onChange({ ...term, floor: Math.max(leastFloor, Number(e.currentTarget.value) || leastFloor) })} />}
        </Field>
      )}
      {term.level === "OVERLAP" && <Several label={t("terms.keys")} all={keysOf(kind)} name={(k) => fieldName(kind, k)} chosen={term.keys ?? []} onChange={(keys) => onChange({ ...term, keys })} />}
      <Until term={term} onChange={onChange} />
      {open && (
        <>
          <Shown term={term} onChange={onChange} />
          <PassOn term={term} onChange={onChange} />
          <Several label={t("terms.actions")} all={["read", ...actionsOf(kind)]} fixed="read" name={(a) => word("Action", a)} chosen={term.actions} onChange={(list_) => onChange({ ...term, actions: list_ })} />
        </>
      )}
    </section>
  );
}

/** without takes a part out of a term. */
function without(term: Term, part: keyof Term): Term {
  const { [part]: _, ...rest } = term;
  return rest as Term;
}

/** Until sets the last day of a term that ends before the agreement. */
function Until({ term, onChange }: { term: Term; onChange: (t: Term) => void }) {
  return (
    <Field label={t("terms.until.label")} hint={t("terms.until.hint")}>
      {(p) => <input {...p} type="date" value={term.validUntil ?? ""} onInput={(e) => onChange(e.currentTarget.value ? { ...term, validUntil: e.currentTarget.value } : without(term, "validUntil"))} />}
    </Field>
  );
}

/** PassOn says whether the partner may pass on what the term opens, and to which of its teams it is bound, if a program bound it. */
function PassOn({ term, onChange }: { term: Term; onChange: (t: Term) => void }) {
  const teams = term.teams?.length ?? 0;
  return (
    <>
      <label class="switch">
        <input type="checkbox" checked={term.reshare === true} onChange={(e) => onChange(e.currentTarget.checked ? { ...term, reshare: true } : without(term, "reshare"))} />
        <span>{t("terms.reshare.label")}</span>
      </label>
      {teams > 0 && (
        <ul class="chips">
          <li>
            <span>{t("terms.teams", { n: teams })}</span>
            <button type="button" class="quiet square" aria-label={t("terms.teams.all")} onClick={() => onChange(without(term, "teams"))}>
              <Icon name="close" size={12} />
            </button>
          </li>
        </ul>
      )}
    </>
  );
}

/** Shown chooses which fields are seen beside the basic ones: by sets, or by whole classes with all that they come to have. */
function Shown({ term, onChange }: { term: Term; onChange: (t: Term) => void }) {
  const sets = facts[term.kind]?.sets ?? {};
  const classes = ["personal", "commercial"].filter((c) => Object.values(fieldClasses[term.kind] ?? {}).some((x) => x === c));
  if (classes.length === 0) return null;
  const inClass = (c: string) => list(Object.entries(fieldClasses[term.kind] ?? {}).filter(([, x]) => x === c).map(([f]) => fieldName(term.kind, f)));
  const choose = (key: "classes" | "fieldSets", chosen: string[]) => onChange(chosen.length > 0 ? { ...term, [key]: chosen } : without(term, key));
  return (
    <>
      {Object.keys(sets).length > 0 && (
        <Several label={t("terms.sets")} all={Object.keys(sets)} name={(s) => t("terms.set", { name: setName(s), fields: list((sets[s] ?? []).map((f) => fieldName(term.kind, f))) })} chosen={term.fieldSets ?? []} onChange={(chosen) => choose("fieldSets", chosen)} />
      )}
      <Several label={t("terms.class")} all={classes} name={(c) => t("terms.set", { name: word("Class", c), fields: inClass(c) })} chosen={term.classes ?? []} onChange={(chosen) => choose("classes", chosen)} />
    </>
  );
}

interface SeveralProps {
  label: string;
  all: readonly string[];
  /** One that cannot be left out. */
  fixed?: string;
  name: (one: string) => string;
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}

function Several({ label, all, fixed, name, chosen, onChange }: SeveralProps) {
  return (
    <fieldset class="several">
      <legend>{label}</legend>
      <div class="checks">
        {all.map((one) => (
          <label key={one}>
            <input type="checkbox" checked={one === fixed || chosen.includes(one)} disabled={one === fixed} onChange={() => onChange(chosen.includes(one) ? chosen.filter((x) => x !== one) : [...chosen, one])} />
            <span>{name(one)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
