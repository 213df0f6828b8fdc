import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import { signIn } from "../session";
import { Alert, Button, Field } from "../ui/parts";

/** SignIn asks for address and password. */
export function SignIn() {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [wrong, setWrong] = useState(new URLSearchParams(location.search).get("link") === "spent" ? t("sign-in.spent") : "");
  const [busy, setBusy] = useState(false);
  const at = useRef<HTMLFormElement>(null);
  useEffect(() => {
    document.title = t("sign-in.title") + " · Fondaco";
    at.current?.querySelector("input")?.focus();
  }, []);
  const submit = async (e: Event) => {
    e.preventDefault();
    setBusy(true);
    setWrong("");
    try {
      await signIn(email, password);
    } catch (error) {
      setWrong(error instanceof TypeError ? t("trouble.network") : (error as Error).message);
      setBusy(false);
    }
  };
  return (
    <main class="door">
      <form ref={at} onSubmit={submit} aria-labelledby="door">
        <img src="/icon.svg" width="44" height="44" alt="" />
        <h1 id="door">{t("sign-in.title")}</h1>
        <p class="hint">{t("sign-in.text")}</p>
        {wrong && <Alert>{wrong}</Alert>}
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
