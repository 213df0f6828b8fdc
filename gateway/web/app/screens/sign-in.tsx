import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import { Refused, signIn } from "../session";
import { lost, type Wrong } from "../wrong";
import { Alert, Button, Field } from "../ui/parts";

/** SignIn asks for address and password. */
export function SignIn() {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [wrong, setWrong] = useState<Wrong | null>(new URLSearchParams(location.search).get("link") === "spent" ? { text: t("sign-in.spent") } : null);
  const [busy, setBusy] = useState(false);
  const at = useRef<HTMLFormElement>(null);
  useEffect(() => {
    document.title = t("sign-in.title") + " · Fondaco";
    at.current?.querySelector("input")?.focus();
  }, []);
  const submit = async (e: Event) => {
    e.preventDefault();
    setBusy(true);
    setWrong(null);
    try {
      await signIn(email, password);
    } catch (error) {
      setWrong(refused(error));
      setBusy(false);
    }
  };
  return (
    <main class="door">
      <form ref={at} onSubmit={submit} aria-labelledby="door">
        <img src="/icon.svg" width="44" height="44" alt="" />
        <h1 id="door">{t("sign-in.title")}</h1>
        <p class="hint">{t("sign-in.text")}</p>
        {wrong !== null && <Alert wrong={wrong} />}
        <Field label={t("sign-in.email")}>
          {(p) => <input {...p} type="email" name="email" autocomplete="username" required value={email} onInput={(e) => setEmail(e.currentTarget.value)} />}
        </Field>
        <Field label={t("sign-in.password")}>
          {(p) => <input {...p} type="password" name="password" autocomplete="current-password" required value={password} onInput={(e) => setPassword(e.currentTarget.value)} />}
        </Field>
        <Button kind="primary" type="submit" busy={busy}>
          {t("sign-in.do")}
        </Button>
      </form>
    </main>
  );
}

/** refused says why nobody is let in; of a node that lets nobody in as it stands, the node's own words too. */
function refused(error: unknown): Wrong {
  if (!(error instanceof Refused)) return lost();
  if (error.code === "limit" && error.wait > 0) return { text: t("refused.THROTTLED", { n: error.wait }) };
  if (error.code === "denied" && error.message.startsWith("e-mail")) return { text: t("sign-in.wrong") };
  return { text: t("sign-in.refused"), detail: error.message };
}

/** Offline is shown when the node does not answer at all. */
export function Offline() {
  return (
    <main class="door">
      <div>
        <h1>{t("trouble.title")}</h1>
        <p>{t("trouble.node")}</p>
        <Button kind="primary" onClick={() => location.reload()}>
          {t("retry")}
        </Button>
      </div>
    </main>
  );
}
