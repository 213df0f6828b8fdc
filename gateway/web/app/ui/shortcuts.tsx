import { useRef, useState } from "preact/hooks";
import { locales, setLanguage, t, useLocale } from "../i18n";
import { bindings, keyCaps, singleKeys } from "../keys";
import { Dialog } from "./dialog";
import { Field, Keys } from "./parts";

/** Shortcuts lists the keys that do something on the screen below. */
export function Shortcuts({ onClose }: { onClose: () => void }) {
  const list = useRef(bindings().filter((b) => b.label)).current;
  const [on, set] = useState(singleKeys.on());
  const locale = useLocale();
  return (
    <Dialog title={t("shortcuts.title")} onClose={onClose}>
      <dl class="shortcuts">
        {list.map((b) => (
          <div key={b.keys + b.label}>
            <dt>{b.label}</dt>
            <dd>
              <kbd class="unseen">{keyCaps(b.keys).join(" ")}</kbd>
              <Keys keys={b.keys} />
            </dd>
          </div>
        ))}
      </dl>
      <label class="switch">
        <input
          type="checkbox"
          checked={on}
          onChange={(e) => {
            singleKeys.set(e.currentTarget.checked);
            set(e.currentTarget.checked);
          }}
        />
        <span>{t("shortcuts.single")}</span>
      </label>
      <Field label={t("language")}>
        {(p) => (
          <select {...p} value={locale} onChange={(e) => void setLanguage(e.currentTarget.value)}>
            {locales.map((l) => (
              <option key={l} value={l} lang={l}>
                {new Intl.DisplayNames([l], { type: "language" }).of(l)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <a class="hint" href="/licenses.txt" target="_blank">
        {t("licences")}
      </a>
    </Dialog>
  );
}
