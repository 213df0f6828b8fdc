import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";
import { useClient, useQuery } from "@urql/preact";
import { useDirectory } from "../firms";
import { bytes } from "../format";
import { t, word } from "../i18n";
import { CustomerDocuments, type DocumentRow } from "../operations/documents.gen";
import type { DocumentType } from "../operations/types.gen";
import { addDocument, addVersion, download } from "../upload";
import { wrongOf, type Wrong } from "../wrong";
import { AudienceBadge, AudiencePicker, audienceInput, complete, ownFirm } from "../ui/audience";
import { Dialog } from "../ui/dialog";
import { pick, useTarget, type Target } from "../ui/drop";
import { Icon } from "../ui/icon";
import { toast } from "../ui/live";
import { Alert, Button, Field, Firm, Time, Trouble, Waiting } from "../ui/parts";

/** What a screen needs to take documents. */
export interface Drop extends Target {
  choose: () => void;
  chooseVersion: (document: string) => void;
  dialog: ComponentChildren;
  /** The document of which a new version is being sent, and how much of it is, from 0 to 1. */
  sending: { document: string; part: number } | null;
}

/**
 * useDrop makes a part of the screen take documents of a customer, by
 * dragging or by choosing; a file that is dropped on a document becomes its
 * next version.
 */
export function useDrop(customer: string): Drop {
  const client = useClient();
  const [files, setFiles] = useState<File[]>([]);
  const [sending, setSending] = useState<Drop["sending"]>(null);
  const version = async (document: string, file: File | undefined) => {
    if (!file) return;
    setSending({ document, part: 0 });
    try {
      await addVersion(client, document, file, (part) => setSending({ document, part }));
      toast(t("document.version.added", { name: file.name }));
    } catch (e) {
      toast((e as Error).message || t("trouble.network"), true);
    } finally {
      setSending(null);
    }
  };
  const target = useTarget((list, on) => (on ? void version(on, list[0]) : setFiles(list)));
  return {
    ...target,
    sending,
    choose: () => pick(true, setFiles),
    chooseVersion: (document) => pick(false, (list) => void version(document, list[0])),
    dialog: files.length > 0 && <UploadDialog key={files.map((f) => f.name).join()} customer={customer} files={files} onClose={() => setFiles([])} />,
  };
}

const types: DocumentType[] = ["OTHER", "CONTRACT", "NDA", "PRICE_LIST", "TECHNICAL", "PROPOSAL", "PROOF"];

/** titleOf is a file's name without its ending. */
export const titleOf = (name: string): string => name.replace(/\.[^.]{1,8}$/, "").slice(0, 200) || name;

function UploadDialog({ customer, files, onClose }: { customer: string; files: readonly File[]; onClose: () => void }) {
  const client = useClient();
  const [to, setTo] = useState(ownFirm);
  const [documentType, setType] = useState<DocumentType>("OTHER");
  const [progress, setProgress] = useState<readonly number[]>(files.map(() => 0));
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const done = useRef(new Set<File>());
  const upload = async () => {
    setBusy(true);
    setWrong(null);
    try {
      for (const [i, file] of files.entries()) {
        if (done.current.has(file)) continue;
        const input = { customer, title: titleOf(file.name), documentType, status: "ACTIVE" as const, ...audienceInput(to) };
        await addDocument(client, input, file, (part) => setProgress((all) => all.map((p, j) => (j === i ? part : p))));
        done.current.add(file);
      }
      toast(t("document.added", { n: files.length }));
      onClose();
    } catch (e) {
      setWrong(wrongOf(e));
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={t("document.new")}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button kind="primary" icon="upload" busy={busy} disabled={!complete(to)} onClick={() => void upload()} focus>
            {t("document.upload", { n: files.length })}
          </Button>
        </>
      }
    >
      {wrong !== null && <Alert wrong={wrong} />}
      <ul class="files">
        {files.map((f, i) => (
          <li key={f.name}>
            <Icon name="file" />
            <span>{f.name}</span>
            <small>{bytes(f.size)}</small>
            {busy && <progress max={1} value={progress[i]} aria-label={f.name} />}
          </li>
        ))}
      </ul>
      <Field label={t("document.type")}>
        {(p) => (
          <select {...p} value={documentType} onChange={(e) => setType(e.currentTarget.value as DocumentType)}>
            {types.map((x) => (
              <option key={x} value={x}>
                {word("DocumentType", x)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <AudiencePicker value={to} onChange={setTo} />
    </Dialog>
  );
}

/** Documents lists a customer's documents with their versions. */
export function Documents({ customer, drop }: { customer: string; drop: Drop }) {
  return (
    <section class="card">
      <h2>
        {t("documents")}
        <span class="grow" />
        <Button kind="quiet" icon="upload" keys="u" onClick={drop.choose}>
          {t("document.add")}
        </Button>
      </h2>
      <Page customer={customer} drop={drop} after={null} />
    </section>
  );
}

function Page({ customer, drop, after }: { customer: string; drop: Drop; after: string | null }) {
  const [{ data, error, fetching }, again] = useQuery({ query: CustomerDocuments, variables: { id: customer, after } });
  const [grown, grow] = useState("");
  const page = data?.customer?.documents;
  if (!page) return error && !fetching ? <Trouble retry={() => again({ requestPolicy: "network-only" })} /> : <Waiting lines={2} />;
  const { hasNextPage, endCursor } = page.pageInfo;
  return (
    <>
      {page.nodes.length === 0 && !after && <p class="hint">{t("documents.none")}</p>}
      <ul class="documents">
        {page.nodes.map((d) => (
          <Item key={d.id} document={d} drop={drop} />
        ))}
      </ul>
      {hasNextPage && endCursor && (grown === endCursor ? <Page key={endCursor} customer={customer} drop={drop} after={endCursor} /> : <Button kind="quiet" onClick={() => grow(endCursor)}>{t("more")}</Button>)}
    </>
  );
}

function Item({ document: doc, drop }: { document: DocumentRow; drop: Drop }) {
  const client = useClient();
  const d = useDirectory();
  const [latest, ...older] = doc.versions.nodes;
  const get = (id: string) => void download(client, id).catch((e: Error) => toast(e.message || t("trouble.network"), true));
  return (
    <li data-id={doc.id} data-document={doc.ownerId === d.own ? doc.id : undefined}>
      <div class="line">
        <Icon name="file" />
        <span class="title">{doc.title}</span>
        {latest && (
          <Button kind="quiet" icon="download" onClick={() => get(latest.id)} title={latest.fileName ?? ""}>
            {bytes(Number(latest.size ?? 0))}
          </Button>
        )}
      </div>
      <div class="about">
        <Firm id={doc.ownerId} plain />
        <AudienceBadge record={doc} />
        <span>{word("DocumentType", doc.documentType)}</span>
        {latest && <Time at={latest.createdAt} />}
      </div>
      {drop.sending?.document === doc.id && <progress max={1} value={drop.sending.part} aria-label={t("document.sending", { name: doc.title ?? "" })} />}
      {(older.length > 0 || doc.ownerId === d.own) && (
        <details>
          <summary>{t("document.versions", { n: doc.versions.nodes.length })}</summary>
          <ol>
            {doc.versions.nodes.map((v) => (
              <li key={v.id}>
                <Button kind="quiet" icon="download" onClick={() => get(v.id)}>
                  {t("document.version", { number: v.number ?? "", name: v.fileName ?? "" })}
                </Button>
                <small>
                  {bytes(Number(v.size ?? 0))} · <Time at={v.createdAt} />
                </small>
              </li>
            ))}
          </ol>
          {doc.ownerId === d.own && (
            <Button kind="quiet" icon="plus" onClick={() => drop.chooseVersion(doc.id)}>
              {t("document.version.add")}
            </Button>
          )}
        </details>
      )}
    </li>
  );
}
