import { useState } from "preact/hooks";
import { useMutation, useQuery } from "@urql/preact";
import { useDirectory } from "../firms";
import { list } from "../format";
import { fieldName, t, word } from "../i18n";
import { bareId, newKey } from "../ids";
import { useKeys } from "../keys";
import { Agreements, GrantsOf, ShareRecord, SharedView, UnshareRecord, type AgreementRow } from "../operations/sharing.gen";
import { facts } from "../facts.gen";
import { shownValue } from "../shown";
import { inForce, termsOf, type Term } from "../terms";
import { problem, type Wrong } from "../wrong";
import { Dialog } from "../ui/dialog";
import { Icon } from "../ui/icon";
import { toast } from "../ui/live";
import { Alert, Badge, Button, Empty, Waiting } from "../ui/parts";

interface Props {
  record: { id: string; name: string | null; ownerId: string } & object;
  kind: string;
  onClose: () => void;
}

/** An agreement under which a record can be shown to a firm. */
interface Way {
  agreement: AgreementRow;
  firm: string;
  term: Term;
}

/** waysFor puts those first under which one record at a time is shared: there is something to do. */
function waysFor(agreements: readonly AgreementRow[], own: string, kind: string): Way[] {
  const ways = agreements.flatMap((agreement) => {
    const term = termsOf(agreement.terms).find((x) => x.kind === kind);
    if (!term || agreement.ownerId !== own || !agreement.addressedToId || !inForce(agreement)) return [];
    return [{ agreement, firm: agreement.addressedToId, term }];
  });
  const rank = (w: Way) => (w.term.level === "GRANTED" ? 0 : 1);
  return ways.sort((a, b) => rank(a) - rank(b));
}

/** fieldsOf lists the fields of a kind in the order in which it is described. */
const fieldsOf = (kind: string): string[] => Object.keys(facts[kind]?.fields ?? {});

/** ShareSheet opens a record to a partner, after showing exactly what the partner will see. */
export function ShareSheet({ record, kind, onClose }: Props) {
  const d = useDirectory();
  const [{ data, fetching }] = useQuery({ query: Agreements, variables: { first: 100, after: null } });
  const ways = waysFor(data?.sharingAgreements?.nodes ?? [], d.own, kind);
  const [at, choose] = useState(0);
  const way = ways[Math.min(at, ways.length - 1)];
  useKeys([
    { keys: "ArrowDown", label: "", run: () => choose((n) => Math.min(n + 1, ways.length - 1)) },
    { keys: "ArrowUp", label: "", run: () => choose((n) => Math.max(n - 1, 0)) },
  ]);
  return (
    <Dialog title={t("share.title", { name: record.name ?? "" })} shape="sheet" onClose={onClose}>
      {!data && fetching && <Waiting lines={4} />}
      {data && ways.length === 0 && (
        <Empty title={t("share.none")} text={t("share.none.text")}>
          <a class="button" href="/sharing">
            {t("nav.sharing")}
          </a>
        </Empty>
      )}
      <div class="ways" role="radiogroup" aria-label={t("share.under")}>
        {ways.map((w) => (
          <label key={w.agreement.id}>
            <input type="radio" name="way" checked={w === way} onChange={() => choose(ways.indexOf(w))} />
            <span>
              <strong>{d.name(w.firm)}</strong>
              <small>{t("share.under.one", { name: w.agreement.name ?? "" })}</small>
            </span>
          </label>
        ))}
      </div>
      {way && <Preview key={way.agreement.id} record={record} way={way} onClose={onClose} />}
    </Dialog>
  );
}

function Preview({ record, way, onClose }: { record: Props["record"]; way: Way; onClose: () => void }) {
  const d = useDirectory();
  const firm = d.name(way.firm);
  const single = way.term.level === "GRANTED";
  const [{ data }] = useQuery({ query: SharedView, variables: { id: record.id, firm: way.firm, agreement: way.agreement.id, granted: single }, requestPolicy: "cache-and-network" });
  const [{ data: grants }] = useQuery({ query: GrantsOf, variables: { record: bareId(record.id) } });
  const [{ fetching: opening }, share] = useMutation(ShareRecord);
  const [{ fetching: closing }, unshare] = useMutation(UnshareRecord);
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const granted = grants?.grants?.nodes.some((g) => g.sharingAgreementId === way.agreement.id) ?? false;
  const input = { recordId: record.id, sharingAgreementId: way.agreement.id, idempotencyKey: newKey() };
  const act = async (open: boolean) => {
    const bad = problem(open ? await share({ input }) : await unshare({ input }));
    setWrong(bad);
    if (bad !== null) return;
    toast(t(open ? "share.done" : "share.undone", { firm, name: record.name ?? "" }));
    onClose();
  };
  if (!data) return <Waiting lines={5} />;
  return (
    <>
      <p class="lead">
        {data.now?.visible ? (
          <Badge tone="good" icon="eye">
            {t("share.seen", { firm })}
          </Badge>
        ) : (
          <Badge icon="lock">{t("share.unseen", { firm })}</Badge>
        )}
        <span>{t("share.may", { actions: list(way.term.actions.map((a) => word("Action", a))) })}</span>
      </p>
      <Sight kind={way.term.kind} record={record as Record<string, unknown>} now={data.now} then={data.then} caption={t(granted || !single ? "share.preview.now" : "share.preview.then", { firm })} firm={firm} />
      <p class="hint">{t("share.beneath")}</p>
      {wrong !== null && <Alert wrong={wrong} />}
      <div class="act">
        {single && !granted && (
          <Button kind="primary" icon="sharing" busy={opening} onClick={() => void act(true)} focus>
            {t("share.do", { firm })}
          </Button>
        )}
        {single && granted && (
          <Button kind="danger" busy={closing} onClick={() => void act(false)}>
            {t("share.undo", { firm })}
          </Button>
        )}
        {!single && <p class="hint">{t("share.whole", { name: way.agreement.name ?? "" })}</p>}
      </div>
    </>
  );
}

type View = { visible: boolean; fields: unknown; hiddenFields: readonly string[] } | null;

/** Sight holds what one sees oneself against what the partner will see, as the server says it. */
function Sight({ kind, record, now, then, caption, firm }: { kind: string; record: Record<string, unknown>; now: View; then: View; caption: string; firm: string }) {
  const theirs = (then?.fields ?? {}) as Record<string, unknown>;
  const open = (f: string) => !!then?.visible && !then.hiddenFields.includes(f);
  const before = (f: string) => !!now?.visible && !now.hiddenFields.includes(f);
  const rows = fieldsOf(kind).filter((f) => shownValue(kind, f, record[f]) !== "" || shownValue(kind, f, theirs[f]) !== "");
  return (
    <table class="preview">
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{t("share.field")}</th>
          <th scope="col">{t("share.yours")}</th>
          <th scope="col">{firm}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((f) => (
          <tr key={f} class={open(f) ? "" : "masked"}>
            <th scope="row">{fieldName(kind, f)}</th>
            <td>{shownValue(kind, f, record[f])}</td>
            <td>
              {open(f) ? (
                <>
                  <Icon name={before(f) ? "eye" : "plus"} size={13} /> {shownValue(kind, f, theirs[f])}
                </>
              ) : (
                <>
                  <Icon name="lock" size={13} /> {t("hidden")}
                </>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
