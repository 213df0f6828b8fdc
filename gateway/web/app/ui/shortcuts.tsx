import { useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import { bindings, singleKeys } from "../keys";
import { Dialog } from "./dialog";
import { Keys } from "./parts";

/** Shortcuts lists the keys that do something on the screen below. */
export function Shortcuts({ onClose }: { onClose: () => void }) {
  const list = useRef(bindings().filter((b) => b.label)).current;
  const [on, set] = useState(singleKeys.on());
  return (
    <Dialog title={t("shortcuts.title")} onClose={onClose}>
      <dl class="shortcuts">
        {list.map((b) => (
          <div key={b.keys + b.label}>
            <dt>{b.label}</dt>
            <dd>
              <span class="unseen">{b.keys}</span>
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
      <a class="hint" href="/licenses.txt" target="_blank">
        {t("licences")}
      </a>
    </Dialog>
  );
}
