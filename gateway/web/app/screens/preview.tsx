import { useQuery } from "@urql/preact";
import { typeName } from "../client";
import { facts } from "../facts.gen";
import { useDirectory } from "../firms";
import { list, number } from "../format";
import { fieldName, t, word } from "../i18n";
import { Preview as Query, type PreviewData } from "../operations/sharing.gen";
import { sentenceWords } from "../sentences";
import { shownValue } from "../shown";
import type { Term } from "../terms";
import { refusal } from "../wrong";
import { Icon } from "../ui/icon";
import { Alert, Badge, Waiting } from "../ui/parts";
import { useLater } from "../store";

type Found = NonNullable<PreviewData["sharingPreview"]>;
type KindSeen = Found["kinds"][number];

interface Props {
  firm: string;
  /** The agreement of which one would like to know, or terms that nobody has saved yet. */
  agreement?: string | null;
  terms?: readonly Term[] | null;
  ended?: boolean;
  /** Said instead of what the partner will see. */
  title?: string;
}

/** SharingPreview shows exactly what a partner would see: how many records, which fields, and some of them. */
export function SharingPreview({ firm, agreement = null, terms = null, ended = false, title }: Props) {
  const d = useDirectory();
  const rested = useLater(terms, 250);
  const asked = (terms === null || terms.length > 0) && (rested === null || rested.length > 0);
  const [{ data, error, fetching, stale }] = useQuery({ query: Query, variables: { firm, agreement, terms: rested, ended }, pause: !firm || !asked, requestPolicy: "cache-and-network" });
  const found = data?.sharingPreview;
  const name = d.name(firm);
  return (
    <section class="card sight" aria-label={title ?? t("preview.title", { firm: name })} aria-busy={fetching || stale}>
      <h2>
        <Icon name="eye" size={14} /> {title ?? t(ended ? "preview.ended" : "preview.title", { firm: name })}
      </h2>
      {!asked && <p class="hint">{t("preview.nothing.yet")}</p>}
      {asked && !found && fetching && <Waiting lines={4} />}
      {asked && error && !fetching && <Alert wrong={refusal(error)} />}
      {asked && found && !error && <Seen found={found} firm={name} ended={ended} none={t(title ? "partner.sees.nothing" : "preview.none", { firm: name })} />}
    </section>
  );
}

/** moves tells whether a kind is concerned by what is supposed; what is seen of others follows from the partnership, or from other agreements. */
const moves = (k: KindSeen): boolean => k.gained + k.lost + k.changed > 0 || k.sample.length > 0;

/** ofRecords leaves out what two partners always tell each other: who they are, and what they have agreed on. */
const ofRecords = (k: KindSeen): boolean => typeName(k.kind) !== "Firm" && !facts[typeName(k.kind)]?.addressed;

/** Fields that say whom a record is for, and nothing of what is in it. */
const envelope = ["audience", "audienceTeam", "audienceFirms"];

function Seen({ found, firm, ended, none }: { found: Found; firm: string; ended: boolean; none: string }) {
  const kinds = found.kinds.filter(ofRecords);
  const still = kinds.filter((k) => !moves(k) && k.after > 0);
  return (
    <>
      {found.hindrances.length > 0 && !ended && (
        <div class="notice">
          <Icon name="warning" />
          <ul>
            {found.hindrances.map((h) => {
              const told = sentenceWords(h);
              return told && <li key={h} lang={told.english ? "en" : undefined}>{told.text}</li>;
            })}
          </ul>
        </div>
      )}
      {!kinds.some(moves) && <p class="hint">{none}</p>}
      {kinds.filter(moves).map((k) => (
        <KindSight key={k.kind} seen={k} firm={firm} />
      ))}
      {still.length > 0 && <p class="hint">{t("preview.still", { what: list(still.map((k) => `${word("Kinds", typeName(k.kind))} (${number(k.after)})`)) })}</p>}
    </>
  );
}

function KindSight({ seen: k, firm }: { seen: KindSeen; firm: string }) {
  const kind = typeName(k.kind);
  const names = (fields: readonly string[]) => list(fields.filter((f) => !envelope.includes(f)).map((f) => fieldName(kind, f)));
  return (
    <div class="kind-sight">
      <h3>
        {word("Kinds", kind)}
        <Badge tone={k.after > 0 ? "info" : "plain"}>{t(k.isExact ? "preview.records" : "preview.records.more", { n: k.after })}</Badge>
        {k.gained > 0 && <Badge tone="good">{t("preview.gained", { n: k.gained })}</Badge>}
        {k.lost > 0 && <Badge tone="bad">{t("preview.lost", { n: k.lost })}</Badge>}
        {k.changed > 0 && <Badge tone="warn">{t("preview.changed", { n: k.changed })}</Badge>}
      </h3>
      {k.after > 0 && (
        <dl class="shown">
          <div>
            <dt>
              <Icon name="eye" size={13} /> {t("preview.fields")}
            </dt>
            <dd>{names(k.fields)}</dd>
          </div>
          {k.someFields.length > 0 && (
            <div>
              <dt>{t("preview.fields.some")}</dt>
              <dd>{names(k.someFields)}</dd>
            </div>
          )}
          {k.hiddenFields.length > 0 && (
            <div>
              <dt>
                <Icon name="lock" size={13} /> {t("hidden")}
              </dt>
              <dd>{names(k.hiddenFields)}</dd>
            </div>
          )}
        </dl>
      )}
      {k.sample.length > 0 && (
        <ul class="sample" aria-label={t("preview.sample", { firm })}>
          {k.sample.map((r) => (
            <SampleRow key={r.id} kind={kind} fields={r.fields as Record<string, unknown>} />
          ))}
        </ul>
      )}
    </div>
  );
}

/** The fields by which people know a record, the first that there is. */
const labels = ["name", "title", "subject", "topic", "legalName", "fileName", "reportNumber", "number"];

function SampleRow({ kind, fields }: { kind: string; fields: Record<string, unknown> }) {
  const label = labels.find((l) => fields[l]);
  const rest = Object.entries(fields).filter(([f, v]) => f !== label && shownValue(kind, f, v) !== "");
  return (
    <li>
      <strong>{label ? shownValue(kind, label, fields[label]) : word("Kinds", kind)}</strong>
      <span>
        {rest.map(([f, v]) => (
          <span key={f}>
            <small>{fieldName(kind, f)}</small> {shownValue(kind, f, v)}
          </span>
        ))}
      </span>
    </li>
  );
}
