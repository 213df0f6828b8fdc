import "../shared";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useQuery } from "@urql/preact";
import { useDirectory } from "../firms";
import { bytes as size, day } from "../format";
import { findingsOf, useSaid, whereOf, type Finding } from "../findings";
import { t, word } from "../i18n";
import { bareId } from "../ids";
import { useKeys } from "../keys";
import { belongsTo, useForeign, useWatch } from "../live";
import { Interchange as Query, SetLines, type InterchangeData } from "../operations/trading.gen";
import { listAddress, navigate } from "../router";
import { pieces, segmentAt, segments, type Mark, type Segment } from "../segments";
import { Icon } from "../ui/icon";
import { announce } from "../ui/live";
import { NewsBadge } from "../ui/news";
import { Badge, Button, Fact, Firm, Time, Trouble, Waiting, WhoSees } from "../ui/parts";
import { Lost } from "./lost";
import { flowOf, stateTone } from "./trading";

type File = NonNullable<InterchangeData["interchange"]>;

/** Interchange is one EDI file: its segments as they came, and what is wrong with them, pinned to the bytes. */
export function Interchange({ id }: { id: string }) {
  const d = useDirectory();
  const [{ data, error, fetching }, again] = useQuery({ query: Query, variables: { id } });
  const [news, read] = useForeign(d.own, (change) => belongsTo(change, id), [id]);
  useWatch([id]);
  const file = data?.interchange;
  useEffect(() => void (document.title = (file?.fileName ?? t("nav.trading")) + " · Fondaco"), [file?.fileName]);
  useKeys([
    { keys: "Escape", label: t("back.trading"), run: () => navigate(listAddress("/files")) },
    { keys: "w", label: t("access.open"), run: () => navigate("/access/" + id) },
  ]);
  if (!file) {
    if (fetching) return <Waiting />;
    return error ? <Trouble retry={() => again({ requestPolicy: "network-only" })} /> : <Lost />;
  }
  return (
    <>
      <div class="head">
        <a class="back" href={listAddress("/files")} aria-label={t("back.trading")}>
          <Icon name="back" />
        </a>
        <h1>{file.fileName}</h1>
        {file.state && <Badge tone={stateTone[file.state]}>{word("InterchangeState", file.state)}</Badge>}
        {file.test && <Badge>{t("trading.test")}</Badge>}
        <Firm id={file.ownerId === d.own ? file.addressedToId : file.ownerId} />
        <NewsBadge change={news} onRead={read} />
        <span class="grow" />
        <WhoSees id={id} />
      </div>
      <Workbench file={file} />
    </>
  );
}

/** useBytes fetches the raw bytes of a file. */
function useBytes(id: string): { bytes: Uint8Array | null; failed: boolean } {
  const [bytes, set] = useState<Uint8Array | null>(null);
  const [failed, fail] = useState(false);
  useEffect(() => {
    const stop = new AbortController();
    fetch(`/trading/interchanges/${bareId(id)}/raw`, { signal: stop.signal })
      .then((answer) => (answer.ok ? answer.arrayBuffer() : Promise.reject(new Error(answer.statusText))))
      .then((buffer) => set(new Uint8Array(buffer)))
      .catch((e: Error) => e.name !== "AbortError" && fail(true));
    return () => stop.abort();
  }, [id]);
  return { bytes, failed };
}

function Workbench({ file }: { file: File }) {
  const d = useDirectory();
  const { bytes, failed } = useBytes(file.id);
  const cut = useMemo(() => (bytes ? segments(bytes) : []), [bytes]);
  const found = useMemo(() => [...findingsOf(file.findings), ...file.transactionSets.nodes.flatMap((s) => findingsOf(s.findings))].sort((a, b) => (a.offset ?? -1) - (b.offset ?? -1)), [file]);
  const findings = useSaid(found);
  const [chosen, choose] = useState(-1);
  const go = (i: number) => {
    const f = findings[i];
    if (!f) return;
    choose(i);
    announce(`${f.message}, ${whereOf(f)}`);
  };
  useKeys([
    { keys: "j", label: t("finding.next"), run: () => go(Math.min(chosen + 1, findings.length - 1)) },
    { keys: "k", label: t("finding.previous"), run: () => go(Math.max(chosen - 1, 0)) },
  ]);
  return (
    <div class="columns workbench">
      <section class="card raw" aria-label={t("trading.raw")}>
        {failed ? <p class="hint">{t("trading.no.raw")}</p> : bytes ? <Raw bytes={bytes} cut={cut} findings={findings} chosen={chosen} onChoose={choose} /> : <Waiting />}
      </section>
      <aside>
        <Findings findings={findings} chosen={chosen} onChoose={go} />
        <Sets file={file} />
        <section class="card">
          <h2>{t("trading.facts")}</h2>
          <dl>
            <Fact name={t("trading.flow")}>{word("Flow", flowOf(file, d.own))}</Fact>
            <Fact name={t("trading.from")}>{file.sender}</Fact>
            <Fact name={t("trading.to")}>{file.receiver}</Fact>
            <Fact name={t("trading.control")}>{file.controlNumber}</Fact>
            <Fact name={t("trading.size")}>{size(Number(file.size ?? 0))}</Fact>
            <Fact name={t("trading.at")}>
              <Time at={file.exchangedAt} />
            </Fact>
            <Fact name={t("trading.ack")}>{file.acknowledgment && <a href={"/files/" + file.acknowledgment.id}>{file.acknowledgment.fileName}</a>}</Fact>
            <Fact name="SHA-256">
              <code class="sum">{file.sha256}</code>
            </Fact>
          </dl>
        </section>
      </aside>
    </div>
  );
}

const step = 1500;

/** Raw shows the segments, a part at a time so that a big file does not stop the page. */
function Raw({ bytes, cut, findings, chosen, onChoose }: { bytes: Uint8Array; cut: readonly Segment[]; findings: readonly Finding[]; chosen: number; onChoose: (i: number) => void }) {
  const marks = useMemo(() => findings.flatMap((f, index): Mark[] => (f.offset === null ? [] : [{ offset: f.offset, length: f.length, severity: f.severity, index }])), [findings]);
  const target = segmentAt(cut, findings[chosen]?.offset ?? 0);
  const [end, setEnd] = useState(step);
  const box = useRef<HTMLOListElement>(null);
  const shownTo = Math.max(end, target + 50);
  useEffect(() => {
    if (chosen < 0) return;
    const list = box.current;
    const mark = list?.querySelector<HTMLElement>(`[data-finding="${chosen}"]`);
    const line = mark?.closest("li");
    if (!list || !mark || !line) return;
    // The list brings it to its middle; the page moves only when the list itself is out of sight.
    list.scrollTop = line.offsetTop - list.clientHeight / 2;
    mark.scrollIntoView({ block: "nearest" });
  }, [chosen, cut]);
  return (
    <>
      <ol class="segments-raw" ref={box} tabIndex={0} aria-label={t("trading.raw")}>
        {cut.slice(0, shownTo).map((s, i) => (
          <Line key={s.start} number={i + 1} segment={s} bytes={bytes} marks={marks} chosen={chosen} onChoose={onChoose} />
        ))}
      </ol>
      {shownTo < cut.length && (
        <Button kind="quiet" onClick={() => setEnd(shownTo + step)}>
          {t("trading.more", { n: cut.length - shownTo })}
        </Button>
      )}
    </>
  );
}

function Line({ number, segment, bytes, marks, chosen, onChoose }: { number: number; segment: Segment; bytes: Uint8Array; marks: readonly Mark[]; chosen: number; onChoose: (i: number) => void }) {
  const parts = pieces(bytes, segment, marks);
  const worst = parts.find((p) => p.mark?.severity === "error") ?? parts.find((p) => p.mark);
  return (
    <li class={worst?.mark ? "has-" + worst.mark.severity : ""} data-number={number}>
      <code style={{ paddingInlineStart: segment.depth * 0.8 + "rem" }}>
        {parts.map((p, i) =>
          p.mark ? (
            <mark key={i} class={p.mark.severity + (p.mark.index === chosen ? " chosen" : "")} data-finding={p.mark.index} onClick={() => p.mark && onChoose(p.mark.index)}>
              {p.text}
            </mark>
          ) : (
            <span key={i}>{p.text}</span>
          ),
        )}
      </code>
    </li>
  );
}

function Findings({ findings, chosen, onChoose }: { findings: readonly Finding[]; chosen: number; onChoose: (i: number) => void }) {
  return (
    <section class="card">
      <h2>{t("findings", { n: findings.length })}</h2>
      {findings.length === 0 && (
        <p class="hint">
          <Icon name="check" /> {t("findings.none")}
        </p>
      )}
      <ol class="findings">
        {findings.map((f, i) => (
          <li key={i}>
            <button type="button" class={f.severity + (i === chosen ? " chosen" : "")} aria-pressed={i === chosen} onClick={() => onChoose(i)}>
              <Icon name="warning" />
              <span>
                <strong lang={f.translated ? undefined : "en"}>{f.message}</strong>
                <small>{whereOf(f)}</small>
                {i === chosen && f.remedy && <small class="remedy" lang={f.translated ? undefined : "en"}>{f.remedy}</small>}
              </span>
              {f.code && <Badge>{f.code}</Badge>}
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

const verdictTone = { ACCEPTED: "good", ACCEPTED_WITH_ERRORS: "warn", REJECTED: "bad" } as const;

function Sets({ file }: { file: File }) {
  const sets = file.transactionSets.nodes;
  if (sets.length === 0) return null;
  return (
    <section class="card">
      <h2>{t("trading.sets")}</h2>
      <ul class="sets">
        {sets.map((s) => (
          <li key={s.id}>
            <span>
              <strong>{s.setId}</strong> {s.controlNumber}
            </span>
            {s.verdict && <Badge tone={verdictTone[s.verdict]}>{word("Verdict", s.verdict)}</Badge>}
            <small>{t("trading.records", { n: Number(s.recordCount ?? 0) })}</small>
            {Number(s.recordCount ?? 0) > 0 && <Lines set={s.id} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

const matchTone = { MATCHED: "good", AMBIGUOUS: "warn", UNMATCHED: "info" } as const;

/** Lines shows, when it is opened, the sales that a transaction reports. */
function Lines({ set }: { set: string }) {
  const [open, setOpen] = useState(false);
  const [{ data, fetching }] = useQuery({ query: SetLines, variables: { id: set }, pause: !open });
  const lines = data?.transactionSet?.salesReports.nodes[0]?.lines.nodes;
  return (
    <details class="lines" onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>{t("trading.lines")}</summary>
      {!lines && fetching && <Waiting lines={2} />}
      {lines && (
        <table>
          <thead>
            <tr>
              <th scope="col">{t("trading.sold")}</th>
              <th scope="col">{t("trading.part")}</th>
              <th scope="col" class="number">{t("trading.quantity")}</th>
              <th scope="col">{t("trading.customer")}</th>
            </tr>
          </thead>
          <tbody>
            {lines.map((l) => (
              <tr key={l.id}>
                <td>{day(l.soldOn)}</td>
                <td>{l.partNumber}</td>
                <td class="number">{l.quantity}</td>
                <td>
                  {l.customer ? <a href={"/customers/" + l.customer.id}>{l.customer.name}</a> : l.endCustomerName}
                  {l.matchState && <Badge tone={matchTone[l.matchState]}>{word("MatchState", l.matchState)}</Badge>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </details>
  );
}
