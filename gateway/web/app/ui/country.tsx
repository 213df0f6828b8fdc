import { named } from "../countries";
import { country } from "../format";
import { t } from "../i18n";
import { Icon } from "./icon";

interface Props {
  id?: string;
  value: string;
  onChange: (code: string) => void;
  /** What stands for no country. */
  none: string;
  required?: boolean;
  "aria-label"?: string;
  "aria-describedby"?: string | undefined;
  "aria-invalid"?: boolean | undefined;
  "aria-required"?: boolean | undefined;
  "data-focus"?: string | undefined;
}

/** Country chooses a country by its name: type its first letters. A code that no country has, as a program may have written it, stays. */
export function Country({ value, onChange, none, ...about }: Props) {
  const list = named();
  return (
    <select {...about} class="country" value={value} onChange={(e) => onChange(e.currentTarget.value)}>
      <option value="">{none}</option>
      {value !== "" && !list.some((c) => c.code === value) && <option value={value}>{country(value)}</option>}
      {list.map((c) => (
        <option key={c.code} value={c.code}>
          {c.name}
        </option>
      ))}
    </select>
  );
}

/** Countries chooses several, one after the other. */
export function Countries({ value, onChange, label }: { value: readonly string[]; onChange: (codes: string[]) => void; label: string }) {
  return (
    <div class="countries">
      {value.length > 0 && (
        <ul class="chips" aria-label={label}>
          {value.map((code) => (
            <li key={code}>
              <span>{country(code)}</span>
              <button type="button" class="quiet square" aria-label={t("seek.remove", { name: country(code) })} onClick={() => onChange(value.filter((c) => c !== code))}>
                <Icon name="close" size={12} />
              </button>
            </li>
          ))}
        </ul>
      )}
      <Country aria-label={label} none={t("country.add")} value="" onChange={(code) => code && onChange([...value.filter((c) => c !== code), code])} />
    </div>
  );
}
