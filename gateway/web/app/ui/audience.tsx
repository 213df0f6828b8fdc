import { useId } from "preact/hooks";
import { useDirectory } from "../firms";
import { list } from "../format";
import { t } from "../i18n";
import { Icon } from "./icon";
import { Badge } from "./parts";

/** Who is meant to see something. */
export interface Audience {
  audience: "TEAM" | "FIRM" | "FIRMS";
  team: string;
  firms: string[];
}

export const ownFirm: Audience = { audience: "FIRM", team: "", firms: [] };

/** audienceInput is an audience as the API takes it. */
export function audienceInput(a: Audience) {
  return {
    audience: a.audience,
    audienceTeam: a.audience === "TEAM" ? a.team : null,
    audienceFirms: a.audience === "FIRMS" ? a.firms : null,
  };
}

/** complete tells whether an audience says whom it means. */
export const complete = (a: Audience): boolean => (a.audience === "FIRMS" ? a.firms.length > 0 : a.audience !== "TEAM" || a.team !== "");

/** What an audience may be at most. */
export interface Bounds {
  choices: readonly Audience["audience"][];
  /** The firms that may be named, and the team; null for any. */
  firms: readonly string[] | null;
  team: string | null;
}

/** AudiencePicker asks who is to see something, and says it in a sentence. */
export function AudiencePicker({ value, onChange, bounds }: { value: Audience; onChange: (a: Audience) => void; bounds?: Bounds | null }) {
  const d = useDirectory();
  const name = useId();
  const teams = d.teams.filter((team) => !bounds?.team || team.id === bounds.team);
  const partners = d.partners.filter((p) => !bounds?.firms || bounds.firms.includes(p.id));
  const every: Audience["audience"][] = teams.length > 0 ? ["TEAM", "FIRM", "FIRMS"] : ["FIRM", "FIRMS"];
  const choices = every.filter((c) => !bounds || bounds.choices.includes(c));
  const toggle = (id: string) => onChange({ ...value, firms: value.firms.includes(id) ? value.firms.filter((f) => f !== id) : [...value.firms, id] });
  return (
    <fieldset class="audience">
      <legend>{t("audience.legend")}</legend>
      <div class="segments">
        {choices.map((c) => (
          <label key={c}>
            <input
              type="radio"
              name={name}
              checked={value.audience === c}
              onChange={() => onChange({ audience: c, team: c === "TEAM" ? value.team || (teams[0]?.id ?? "") : value.team, firms: c === "FIRMS" && value.firms.length === 0 && partners.length === 1 ? partners.map((p) => p.id) : value.firms })}
            />
            <span>{t(`audience.${c}`)}</span>
          </label>
        ))}
      </div>
      {value.audience === "TEAM" && (
        <select aria-label={t("audience.TEAM")} value={value.team} onChange={(e) => onChange({ ...value, team: e.currentTarget.value })}>
          {teams.map((team) => (
            <option key={team.id} value={team.id}>
              {team.name}
            </option>
          ))}
        </select>
      )}
      {value.audience === "FIRMS" && (
        <div class="checks">
          {partners.map((p) => (
            <label key={p.id}>
              <input type="checkbox" checked={value.firms.includes(p.id)} onChange={() => toggle(p.id)} />
              <span>{p.name}</span>
            </label>
          ))}
          {partners.length === 0 && <p class="hint">{t("audience.none")}</p>}
        </div>
      )}
      <p class="hint" aria-live="polite">
        <Icon name="eye" size={13} /> {sentence(value, d.name, d.teams)}
      </p>
    </fieldset>
  );
}

function sentence(a: Audience, name: (id: string) => string, teams: readonly { id: string; name: string }[]): string {
  switch (a.audience) {
    case "TEAM":
      return t("audience.seen.team", { team: teams.find((x) => x.id === a.team)?.name ?? "" });
    case "FIRM":
      return t("audience.seen.firm");
    case "FIRMS":
      return a.firms.length === 0 ? t("audience.choose") : t("audience.seen.firms", { firms: list(a.firms.map(name)) });
  }
}

interface Seen {
  audience: string | null;
  audienceFirms: readonly string[] | null;
  audienceTeamId: string | null;
  ownerId: string;
}

/** AudienceBadge says who sees a record; of another firm's record one knows only that one does. */
export function AudienceBadge({ record }: { record: Seen }) {
  const d = useDirectory();
  if (record.ownerId !== d.own) return <Badge tone="info" icon="sharing">{t("audience.shared.us")}</Badge>;
  if (record.audience === "FIRMS") {
    return (
      <Badge tone="info" icon="sharing">
        {t("audience.with", { firms: list((record.audienceFirms ?? []).map(d.name)) })}
      </Badge>
    );
  }
  if (record.audience === "TEAM") return <Badge icon="lock">{d.teams.find((x) => x.id === record.audienceTeamId)?.name ?? t("audience.TEAM")}</Badge>;
  return <Badge icon="lock">{t("audience.FIRM")}</Badge>;
}
