import { useQuery } from "@urql/preact";
import { instant } from "../format";
import { fieldName, t } from "../i18n";
import { SeenRecord } from "../operations/access.gen";
import { shownValue } from "../shown";
import { fieldsOf } from "../sight";
import { refusal } from "../wrong";
import { Icon } from "../ui/icon";
import { Alert, Waiting } from "../ui/parts";
import { Gaps } from "./at";

/** ViewAs shows a record as somebody else sees it, or saw it: what is hidden from them, what was erased since, and what is not the asker's to read. */
export function ViewAs({ record, kind, viewer, name, at }: { record: string; kind: string; viewer: string; name: string; at: string | null }) {
  const [{ data, error, fetching }] = useQuery({ query: SeenRecord, variables: { record, viewer, at } });
  const seen = data?.seenRecord;
  const values = (seen?.fields ?? {}) as Record<string, unknown>;
  const title = at ? t("view.as.at", { who: name, time: instant(at) }) : t("view.as", { who: name });
  return (
    <section class="card view-as" aria-label={title} aria-busy={fetching}>
      <h2>
        <Icon name="eye" size={14} /> {title}
      </h2>
      {error && !fetching && <Alert wrong={refusal(error)} />}
      {!data && fetching && <Waiting lines={4} />}
      {data && !seen && <p class="hint">{t(at ? "view.as.nothing.then" : "view.as.nothing", { who: name })}</p>}
      {seen && (
        <>
          <Gaps list={seen.gaps} />
          {seen.uncertain && <p class="hint">{t("at.uncertain")}</p>}
          <dl>
            {fieldsOf(kind).map((f) => (
              <Value key={f} kind={kind} field={f} value={values[f]} state={seen.erased.includes(f) ? "erased" : seen.withheld.includes(f) ? "withheld" : seen.seenFields.includes(f) ? "seen" : "hidden"} />
            ))}
          </dl>
        </>
      )}
    </section>
  );
}

function Value({ kind, field, value, state }: { kind: string; field: string; value: unknown; state: "seen" | "hidden" | "withheld" | "erased" }) {
  const shown = state === "seen" ? shownValue(kind, field, value) : "";
  if (state === "seen" && shown === "") return null;
  return (
    <div class="fact">
      <dt>{fieldName(kind, field)}</dt>
      <dd>
        {state === "seen" ? (
          shown
        ) : (
          <span class="hidden">
            <Icon name="lock" size={13} /> {t(`view.${state}`)}
          </span>
        )}
      </dd>
    </div>
  );
}
