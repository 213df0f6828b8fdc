import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useMutation, useQuery } from "@urql/preact";
import { differences, type Difference } from "../differences";
import { useDraft } from "../drafts";
import { may, useDirectory } from "../firms";
import { t } from "../i18n";
import { newKey } from "../ids";
import { useKeys } from "../keys";
import { changedLines, spanOf } from "../lines";
import { PolicyRules, ReplacePolicyRules, type RulesInForce as Rules } from "../operations/rules.gen";
import { navigate } from "../router";
import { mistakes, problem, refusal, type Wrong } from "../wrong";
import { Icon } from "../ui/icon";
import { LineEditor } from "../ui/line-editor";
import { announce, toast } from "../ui/live";
import { Alert, Badge, Button, Field, Trouble, Waiting } from "../ui/parts";
import { Lost } from "./lost";
import { RuleComposer } from "./rule-composer";

type Finding = Rules["findings"][number];

/** Rules are what a firm has set beside the rules that come with the program: written here by its administrators, tried, and put into force. */
export function RulesScreen() {
  const d = useDirectory();
  const [{ data, error, fetching }, again] = useQuery({ query: PolicyRules, pause: !may(d, "AUDITOR") });
  useEffect(() => void (document.title = t("rules.title") + " · Fondaco"), []);
  useKeys([{ keys: "Escape", label: t("back.sharing"), run: () => navigate("/sharing") }]);
  if (!may(d, "AUDITOR")) return <Lost />;
  const rules = data?.policyRules;
  return (
    <>
      <div class="head">
        <a class="back" href="/sharing" aria-label={t("back.sharing")}>
          <Icon name="back" />
        </a>
        <h1>{t("rules.title")}</h1>
        {!may(d) && <Badge icon="eye">{t("rules.read.only")}</Badge>}
      </div>
      {rules ? <Editor rules={rules} writes={may(d)} /> : error && !fetching ? error.networkError ? <Trouble retry={() => again({ requestPolicy: "network-only" })} /> : <Alert wrong={refusal(error)} /> : <Waiting />}
    </>
  );
}

/** What is written and not in force, and from which rules it began. */
interface Draft {
  text: string | null;
  base: string;
  version: string;
}

/** What came of trying a text. */
interface Tried {
  text: string;
  findings: readonly Finding[];
  difference: Difference | null;
  refused: boolean;
  /** The rules that are in force afterwards. */
  rules: Rules | null;
}

function Editor({ rules: asked, writes }: { rules: Rules; writes: boolean }) {
  // What the server has told since it was asked holds before it is asked again.
  const [told, setTold] = useState<Rules | null>(null);
  useEffect(() => setTold(null), [asked]);
  const rules = told ?? asked;
  const [draft, change, drop] = useDraft<Draft>("rules", { text: null, base: "", version: "" });
  const [{ fetching }, replace] = useMutation(ReplacePolicyRules);
  const [tried, setTried] = useState<Tried | null>(null);
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const key = useRef("");
  const dirty = draft.text !== null && draft.text !== draft.base;
  const text = dirty && draft.text !== null ? draft.text : rules.text;
  // The rules may have been replaced since this text was begun, in another tab or by a colleague.
  const other = dirty && rules.version !== draft.version ? rules : null;
  const fits = tried !== null && tried.text === text;
  const findings = fits ? tried.findings : dirty ? [] : rules.findings;

  const write = (next: string) => {
    change(dirty ? { text: next } : { text: next, base: rules.text, version: rules.version });
    key.current = "";
  };
  const send = async (dryRun: boolean) => {
    setWrong(null);
    key.current ||= newKey();
    const result = await replace({ input: { text, expectedVersion: dirty ? draft.version : rules.version, dryRun, idempotencyKey: dryRun ? null : key.current } });
    const payload = result.data?.replacePolicyRules;
    const conflict = payload?.userErrors.find((e) => e.__typename === "PolicyRulesConflict");
    if (conflict && "current" in conflict) return void setTold(conflict.current), null;
    const refused = mistakes(result).some((e) => e.__typename === "PolicyRuleError");
    if (!payload || (problem(result) && !refused)) return void setWrong(problem(result)), null;
    return { text, findings: payload.findings, difference: payload.difference, refused, rules: payload.policyRules };
  };
  const attempt = async () => {
    const outcome = await send(true);
    if (!outcome) return;
    setTried(outcome);
    announce(t(outcome.refused ? "rules.refused" : "rules.tried", { n: outcome.findings.length }));
  };
  const enforce = async () => {
    // Nobody puts into force what they have not seen the effect of.
    if (!fits) return attempt();
    if (!writes || tried.refused || !dirty) return;
    const outcome = await send(false);
    if (!outcome) return;
    drop();
    setTried(null);
    setTold(outcome.rules);
    toast(t("rules.in.force"));
  };
  const settle = (mine: boolean) => {
    if (!other) return;
    if (mine) change({ base: other.text, version: other.version });
    else drop();
    setTried(null);
    area.current?.focus();
  };
  useKeys([
    { keys: "mod+Enter", label: t("rules.try"), run: () => void attempt() },
    ...(writes ? [{ keys: "mod+s", label: t("rules.enforce"), run: () => void enforce() }] : []),
  ]);
  const marks = useMemo(() => {
    const all = new Map<number, "error" | "warning">();
    if (!dirty) for (const r of rules.refusals) all.set(r.line, "error");
    for (const f of findings) if (f.line && all.get(f.line) !== "error") all.set(f.line, f.wrong ? "error" : "warning");
    return all;
  }, [findings, dirty, rules.refusals]);
  const go = (line: number) => {
    area.current?.focus();
    area.current?.setSelectionRange(...spanOf(text, line));
  };
  return (
    <div class="columns drafting ruling">
      <section class="card">
        <p class="hint">{t("rules.text")}</p>
        {!dirty && <Refusals list={rules.refusals} onGo={(line) => go(line)} />}
        {other && <Conflict mine={text} theirs={other.text} base={draft.base} onSettle={settle} />}
        {wrong !== null && <Alert wrong={wrong} />}
        <Field label={t("rules.lines")} hint={t("rules.lines.hint")}>
          {(p) => <LineEditor {...p} area={area} value={text} marks={marks} readOnly={!writes} onChange={write} />}
        </Field>
        <Findings list={findings} onGo={go} />
        {writes && (
          <div class="act">
            <Button kind="primary" busy={fetching} keys="mod+s" disabled={!dirty || !!other || (fits && tried.refused)} onClick={() => void enforce()}>
              {t("rules.enforce")}
            </Button>
            <Button busy={fetching} keys="mod+Enter" disabled={!!other} onClick={() => void attempt()}>
              {t("rules.try")}
            </Button>
            {dirty && (
              <Button kind="quiet" onClick={() => (drop(), setTried(null))}>
                {t("rules.discard")}
              </Button>
            )}
          </div>
        )}
        {writes && <RuleComposer onAdd={(line) => (write(text === "" || text.endsWith("\n") ? text + line : text + "\n" + line), announce(t("rules.added")))} />}
      </section>
      <aside>
        <Effect tried={fits ? tried : null} dirty={dirty} />
      </aside>
    </div>
  );
}

/** Refusals are lines that were taken once, and are not in force as they were written: this version of the program cannot take them. */
function Refusals({ list, onGo }: { list: Rules["refusals"]; onGo: (line: number) => void }) {
  if (list.length === 0) return null;
  return (
    <div class="notice" role="alert">
      <Icon name="warning" />
      <div>
        <p>{t("rules.not.in.force", { n: list.length })}</p>
        <ul class="refusals">
          {list.map((r) => (
            <li key={r.line}>
              <button type="button" class="quiet" onClick={() => onGo(r.line)}>
                {t("rules.line.wrong", { n: r.line })}
              </button>
              <code>{r.text}</code>
              <span lang="en">{r.reason}</span>
              {r.inForce ? (
                <span>
                  {t("rules.instead")} <code>{r.inForce}</code>
                </span>
              ) : (
                <span>{t("rules.instead.none")}</span>
              )}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

/** Findings are what is to be looked at, each with the line to which it belongs. */
function Findings({ list, onGo }: { list: readonly Finding[]; onGo: (line: number) => void }) {
  if (list.length === 0) return null;
  return (
    <ul class="findings" aria-label={t("findings", { n: list.length })}>
      {list.map((f, i) => (
        <li key={i} class={f.wrong ? "" : "warning"}>
          <button type="button" onClick={() => onGo(f.line ?? 1)}>
            <Icon name="warning" />
            <span>
              <strong>{f.line ? t(f.wrong ? "rules.line.wrong" : "rules.line.look", { n: f.line }) : t(f.wrong ? "rules.wrong" : "rules.look")}</strong>
              <span lang="en">{f.message}</span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Conflict says that somebody else replaced the rules meanwhile, and how both texts differ. */
function Conflict({ mine, theirs, base, onSettle }: { mine: string; theirs: string; base: string; onSettle: (mine: boolean) => void }) {
  return (
    <div class="notice conflict" role="alert">
      <Icon name="warning" />
      <div>
        <p>{t("error.PolicyRulesConflict")}</p>
        <Lines title={t("rules.theirs")} lines={changedLines(base, theirs)} />
        <Lines title={t("rules.mine")} lines={changedLines(theirs, mine)} />
        <div class="act">
          <Button onClick={() => onSettle(false)}>{t("clash.theirs")}</Button>
          <Button onClick={() => onSettle(true)}>{t("rules.keep.mine")}</Button>
        </div>
      </div>
    </div>
  );
}

function Lines({ title, lines }: { title: string; lines: ReturnType<typeof changedLines> }) {
  if (lines.length === 0) return null;
  return (
    <>
      <p class="hint">{title}</p>
      <ul class="changed">
        {lines.map((l, i) => (
          <li key={i}>
            <span class="unseen">{t(l.sign === "+" ? "rules.line.in" : "rules.line.out")}</span>
            <code>{l.sign + " " + l.line}</code>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Effect says who gains what by the text that was tried, and who loses what. */
function Effect({ tried, dirty }: { tried: Tried | null; dirty: boolean }) {
  const sentences = useMemo(() => (tried?.difference ? differences(tried.difference) : []), [tried]);
  return (
    <section class="card" aria-label={t("rules.effect")} aria-live="polite">
      <h2>{t("rules.effect")}</h2>
      {!tried && <p class="hint">{t(dirty ? "rules.effect.try" : "rules.effect.none")}</p>}
      {tried?.refused && <p class="hint">{t("rules.effect.refused")}</p>}
      {tried && !tried.refused && (tried.difference ? <p class="hint">{t("rules.effect.asked", { n: tried.difference.asked })}</p> : <p class="hint">{t("rules.effect.unknown")}</p>)}
      {tried?.difference && sentences.length === 0 && <p class="told">{t("rules.effect.same")}</p>}
      {[false, true].map((gains) => {
        const some = sentences.filter((s) => s.gains === gains);
        if (some.length === 0) return null;
        return (
          <div key={String(gains)} class={gains ? "effect gains" : "effect loses"}>
            <h3>
              <Icon name={gains ? "plus" : "lock"} size={14} /> {t(gains ? "rules.gains" : "rules.loses")}
            </h3>
            <ul>
              {some.map((s, i) => (
                <li key={i}>
                  <strong>{s.who}</strong> {s.what}
                </li>
              ))}
            </ul>
          </div>
        );
      })}
    </section>
  );
}
