import { t } from "../i18n";
import { local } from "../moment";
import { setQuery, usePlace } from "../router";
import { sentenceWords } from "../sentences";
import { Icon } from "../ui/icon";
import { Button, Field } from "../ui/parts";

/** useAt gives the past time at which something is looked at, or nothing for now. It stands in the address, in UTC, so that a link means the same everywhere. */
export function useAt(): string | null {
  const { query } = usePlace();
  const text = query.get("at") ?? "";
  return Number.isNaN(Date.parse(text)) ? null : text;
}

/** AtField chooses the time. */
export function AtField() {
  const at = useAt();
  return (
    <div class="at">
      <Field label={t("at.label")}>
        {(p) => (
          <input
            {...p}
            type="datetime-local"
            max={local(new Date())}
            value={at ? local(new Date(at)) : ""}
            onChange={(e) => setQuery({ at: e.currentTarget.value ? new Date(e.currentTarget.value).toISOString() : "" })}
          />
        )}
      </Field>
      {at && <Button onClick={() => setQuery({ at: "" })}>{t("at.now")}</Button>}
    </div>
  );
}

/** Gaps says that something was erased on which an answer about the past rests. */
export function Gaps({ list }: { list: readonly string[] }) {
  if (list.length === 0) return null;
  return (
    <div class="notice">
      <Icon name="warning" />
      <div>
        <p>{t("at.gaps")}</p>
        <ul>
          {list.map((g) => {
            const told = sentenceWords(g);
            return told && <li key={g} lang={told.english ? "en" : undefined}>{told.text}</li>;
          })}
        </ul>
      </div>
    </div>
  );
}
