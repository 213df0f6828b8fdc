import type { RefObject } from "preact";
import { t } from "../i18n";
import { Icon } from "./icon";

/** Search narrows the list below it by words. */
export function Search({ input, value, onInput }: { input: RefObject<HTMLInputElement | null>; value: string; onInput: (text: string) => void }) {
  return (
    <label class="search">
      <Icon name="search" />
      <span class="unseen">{t("find.here")}</span>
      <input ref={input} type="search" placeholder={t("find.here")} value={value} onInput={(e) => onInput(e.currentTarget.value)} onKeyDown={(e) => e.key === "Escape" && e.currentTarget.blur()} />
    </label>
  );
}
