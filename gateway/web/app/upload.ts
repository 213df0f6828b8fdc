import type { Client } from "@urql/core";
import { t } from "./i18n";
import { CompleteDocumentUpload, CreateDocument, CreateDocumentUpload, DownloadVersion } from "./operations/documents.gen";
import type { CreateDocumentInput } from "./operations/types.gen";
import { newKey } from "./ids";
import { lost, problem, refusal, Trouble, type Outcome } from "./wrong";

/** sha256 of a file in hexadecimal digits. */
async function sha256(file: Blob): Promise<string> {
  const sum = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return Array.from(new Uint8Array(sum), (b) => b.toString(16).padStart(2, "0")).join("");
}

/** send puts the bytes where the node wants them. It tells how far it is, from 0 to 1, which fetch cannot. */
function send(upload: { url: string; method: string; headers: readonly { name: string; value: string }[] }, file: Blob, progress: (part: number) => void): Promise<void> {
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    request.open(upload.method, upload.url);
    for (const h of upload.headers) request.setRequestHeader(h.name, h.value);
    request.upload.onprogress = (e) => e.lengthComputable && progress(e.loaded / e.total);
    request.onload = () => (request.status < 300 ? done() : fail(new Trouble({ text: t("upload.refused"), detail: request.responseText.slice(0, 200) || request.statusText })));
    request.onerror = () => fail(new Trouble(lost()));
    request.send(file);
  });
}

/** must gives the data of a mutation, or throws what stood in the way. */
function must<T>(result: Outcome, data: T | null | undefined): T {
  const bad = problem(result);
  if (bad !== null || !data) throw new Trouble(bad ?? lost());
  return data;
}

/** addVersion uploads a file as the next version of a document. */
export async function addVersion(client: Client, document: string, file: File, progress: (part: number) => void): Promise<void> {
  const started = await client.mutation(CreateDocumentUpload, { input: { document, fileName: file.name, size: String(file.size), idempotencyKey: newKey() } });
  const { id, ...upload } = must(started, started.data?.createDocumentUpload?.upload);
  const [sum] = await Promise.all([sha256(file), send(upload, file, progress)]);
  const ended = await client.mutation(CompleteDocumentUpload, { input: { uploadId: id, sha256: sum, size: String(file.size), idempotencyKey: newKey() } });
  must(ended, ended.data?.completeDocumentUpload?.documentVersion);
}

/** addDocument makes a document with the file as its first version. */
export async function addDocument(client: Client, input: CreateDocumentInput, file: File, progress: (part: number) => void): Promise<void> {
  const made = await client.mutation(CreateDocument, { input: { ...input, idempotencyKey: newKey() } });
  await addVersion(client, must(made, made.data?.createDocument?.document).id, file, progress);
}

/** download asks for a link, which lives for minutes, and follows it. */
export async function download(client: Client, version: string): Promise<void> {
  const result = await client.query(DownloadVersion, { id: version }, { requestPolicy: "network-only" });
  const url = result.data?.documentVersion?.download?.url;
  if (!url) throw new Trouble(result.error ? refusal(result.error) : { text: t("error.NotFound") });
  const link = document.createElement("a");
  link.href = url;
  link.download = result.data?.documentVersion?.fileName ?? "";
  link.click();
}
