import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { store, useStore } from "../store";
import { ago, instant } from "../format";
import { useDirectory } from "../firms";
import { t } from "../i18n";
import { keyCaps } from "../keys";
import type { Wrong } from "../wrong";
import { Icon, type IconName } from "./icon";

/** hue gives each firm a colour of its own; its name always stands beside it. */
function hue(id: string): number {
  let h = 0;
  for (const c of id) h = (h * 31 + c.charCodeAt(0)) >>> 0;
  return (h * 137) % 360;
}

/** Firm is the badge of a firm. */
export function Firm({ id, plain = false }: { id: string | null | undefined; plain?: boolean }) {
  const d = useDirectory();
  if (!id) return null;
  return (
    <span class={plain ? "firm plain" : "firm"} style={{ "--hue": String(hue(id)) }} data-own={id === d.own ? "" : undefined}>
      <i aria-hidden="true" />
      {id === d.own ? t("firm.own") : d.name(id)}
    </span>
  );
}

type Tone = "good" | "bad" | "warn" | "info" | "plain";

/** Badge is a state in a word. */
export function Badge({ tone = "plain", icon, children }: { tone?: Tone; icon?: IconName | undefined; children: ComponentChildren }) {
  return (
    <span class={"badge " + tone}>
      {icon && <Icon name={icon} size={12} />}
      {children}
    </span>
  );
}

const tick = store(0);
setInterval(() => tick.set(tick.get() + 1), 30_000);

/** Time is how long ago something was, with the full time on demand. It keeps up as time passes. */
export function Time({ at }: { at: string | null | undefined }) {
  useStore(tick);
  if (!at) return null;
  return (
    <time dateTime={at} title={instant(at)}>
      {ago(at)}
    </time>
  );
}

/** Keys shows keys as they are printed. */
export function Keys({ keys }: { keys: string }) {
  return (
    <span class="keys" aria-hidden="true">
      {keyCaps(keys).map((cap, i) => (
        <kbd key={i}>{cap}</kbd>
      ))}
    </span>
  );
}

interface ButtonProps {
  onClick?: () => void;
  children: ComponentChildren;
  icon?: IconName | undefined;
  keys?: string | undefined;
  /** The name for those who listen, where the words on it say too little without what stands around. */
  label?: string | undefined;
  kind?: "primary" | "plain" | "quiet" | "danger";
  type?: "button" | "submit";
  disabled?: boolean;
  busy?: boolean;
  focus?: boolean;
  title?: string;
}

export function Button({ onClick, children, icon, keys, kind = "plain", type = "button", disabled, busy, focus, title, label }: ButtonProps) {
  const ref = useRef<HTMLButtonElement>(null);
  // A dialog focuses what it has when it opens; this one may come later, with what it waits for. Before the screen is
  // painted: who sees it may press Enter at once.
  useLayoutEffect(() => {
    if (focus) ref.current?.focus();
  }, [focus]);
  return (
    <button ref={ref} type={type} class={kind} onClick={onClick} disabled={disabled || busy} aria-busy={busy} data-focus={focus ? "" : undefined} title={title} aria-label={label}>
      {icon && <Icon name={icon} />}
      <span>{children}</span>
      {keys && <Keys keys={keys} />}
    </button>
  );
}

interface FieldProps {
  label: string;
  /** The field of the record, by which mistakes find it. */
  name?: string;
  hint?: string | undefined;
  error?: Wrong | undefined;
  required?: boolean | undefined;
  /** A box to be ticked stands before its label. */
  inline?: boolean;
  children: (props: { id: string; "aria-describedby"?: string | undefined; "aria-invalid"?: boolean | undefined }) => ComponentChildren;
}

/** Field is a control with its label, a hint and what is wrong with it. */
export function Field({ label, name, hint, error, required, inline, children }: FieldProps) {
  const id = useId();
  const about = error || hint ? id + "-about" : undefined;
  const title = (
    <label for={id}>
      {label}
      {required && <span class="needed" aria-hidden="true">{" *"}</span>}
    </label>
  );
  return (
    <div class={inline ? "field inline" : "field"} data-field={name}>
      {!inline && title}
      {children({ id, "aria-describedby": about, "aria-invalid": error ? true : undefined })}
      {inline && title}
      {(error || hint) && (
        <p id={about} class={error ? "wrong" : "hint"}>
          {error ? <Said wrong={error} /> : hint}
        </p>
      )}
    </div>
  );
}

/** WhoSees leads to who sees a record, and why. */
export function WhoSees({ id }: { id: string }) {
  return (
    <a class="button" href={"/access/" + id}>
      <Icon name="eye" />
      <span>{t("access.open")}</span>
      <Keys keys="w" />
    </a>
  );
}

/** Empty says why there is nothing, and offers the one thing to do. */
export function Empty({ title, text, children }: { title: string; text?: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="title">{title}</p>
      {text && <p>{text}</p>}
      {children}
    </div>
  );
}

/** Trouble says that something could not be loaded. */
export function Trouble({ retry }: { retry: () => void }) {
  return (
    <div class="empty" role="alert">
      <p class="title">{t("trouble.title")}</p>
      <p>{t("trouble.text")}</p>
      <Button onClick={retry}>{t("retry")}</Button>
    </div>
  );
}

/** Waiting holds the place of lines to come, so that nothing jumps. */
export function Waiting({ lines = 6 }: { lines?: number }) {
  return (
    <div class="waiting" role="status" aria-label={t("loading")}>
      {Array.from({ length: lines }, (_, i) => (
        <div key={i} />
      ))}
    </div>
  );
}

/** Fact is a field and its value, or that the value is hidden from this reader. */
export function Fact({ name, hidden, children }: { name: string; hidden?: boolean; children?: ComponentChildren }) {
  const empty = children === null || children === undefined || children === "" || children === false;
  if (empty && !hidden) return null;
  return (
    <div class="fact">
      <dt>{name}</dt>
      <dd>
        {hidden ? (
          <span class="hidden" title={t("hidden.why")}>
            <Icon name="lock" size={13} /> {t("hidden")}
          </span>
        ) : (
          children
        )}
      </dd>
    </div>
  );
}

/** Said is what went wrong in words: ours, and below them those of the server. */
export function Said({ wrong }: { wrong: Wrong }) {
  return (
    <>
      <span>{wrong.text}</span>
      {wrong.detail && <small lang="en">{wrong.detail}</small>}
    </>
  );
}

/** Alert is what went wrong, where it went wrong. */
export function Alert({ wrong }: { wrong: Wrong }) {
  return (
    <div class="alert" role="alert">
      <Icon name="warning" />
      <p>
        <Said wrong={wrong} />
      </p>
    </div>
  );
}
