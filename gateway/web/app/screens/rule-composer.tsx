import { useState } from "preact/hooks";
import { facts } from "../facts.gen";
import { useDirectory } from "../firms";
import { capital, locale, t, word, type Key } from "../i18n";
import { bareId } from "../ids";
import { Button, Field } from "../ui/parts";

const roles = ["MEMBER", "SALES", "SUPPORT", "MARKETING", "FINANCE", "READ_ONLY", "CHANNEL_MANAGER", "AUDITOR", "ADMINISTRATOR"];
const actions = ["*", "read", "create", "edit", "comment", "attach", "assign", "share", "approve", "delete", "export", "send"];
const classes = ["*", "basic", "personal", "commercial", "internal"];
/** How far a rule reaches: one that allows gives as much as this, one that denies takes away all, or what lies beyond. */
const reach = { allow: ["firm", "own", "team", "subtree"], deny: ["firm", "beyond:own", "beyond:team", "beyond:subtree"] } as const;

interface Rule {
  effect: "allow" | "deny";
  role: string;
  kind: string;
  action: string;
  scope: string;
  class: string;
}

/** ruleLine writes a rule as the rules of a firm are written. */
export const ruleLine = (firm: string, r: Rule): string => ["p", "role:" + r.role, firm, r.kind, r.action, r.scope, r.class, r.effect].join(", ");

/** RuleComposer makes a rule out of choices, for those who do not know by heart how one is written. */
export function RuleComposer({ onAdd }: { onAdd: (line: string) => void }) {
  const d = useDirectory();
  const [rule, set] = useState<Rule>({ effect: "deny", role: "SALES", kind: "Customer", action: "export", scope: "firm", class: "*" });
  const kinds = Object.keys(facts).sort((a, b) => word("Kinds", a).localeCompare(word("Kinds", b), locale()));
  const select = (name: keyof Rule, values: readonly string[], words: (value: string) => string) => (
    <Field label={t(`composer.${name}` as Key)}>
      {(p) => (
        <select {...p} value={rule[name]} onChange={(e) => set({ ...rule, ...(name === "effect" ? { scope: "firm" } : {}), [name]: e.currentTarget.value } as Rule)}>
          {values.map((v) => (
            <option key={v} value={v}>
              {words(v)}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
  return (
    <details class="composer-of-rules">
      <summary>{t("composer.title")}</summary>
      <div class="choices">
        {select("effect", ["deny", "allow"], (v) => t(`composer.${v}` as Key))}
        {select("role", roles, (v) => word("Role", v))}
        {select("action", actions, (v) => (v === "*" ? t("composer.all.actions") : capital(word("Action", v))))}
        {select("kind", ["*", ...kinds], (v) => (v === "*" ? t("composer.all.kinds") : word("Kinds", v)))}
        {select("scope", reach[rule.effect], (v) => t(`scope.${v}` as Key))}
        {select("class", classes, (v) => (v === "*" ? t("composer.all.fields") : capital(word("Class", v))))}
      </div>
      <code>{ruleLine(bareId(d.own), rule)}</code>
      <Button icon="plus" onClick={() => onAdd(ruleLine(bareId(d.own), rule))}>
        {t("composer.add")}
      </Button>
    </details>
  );
}
