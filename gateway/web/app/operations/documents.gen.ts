// Generated from the .graphql files beside it by "go generate". Do not edit.
import type { Text } from "../client";
import type { AudienceKind, CompleteDocumentUploadInput, CreateDocumentInput, CreateDocumentUploadInput, DocumentStatus, DocumentType, ErrorCode } from "./types.gen";

export type DocumentRow = { id: string; version: number; title: string | null; documentType: DocumentType | null; status: DocumentStatus | null; ownerId: string; customerId: string | null; createdAt: string; audience: AudienceKind | null; audienceFirms: readonly (string)[] | null; audienceTeamId: string | null; versions: { nodes: readonly ({ id: string; number: string | null; fileName: string | null; mediaType: string | null; size: string | null; createdAt: string; changeLog: string | null; ownerId: string })[] } };

export type CustomerDocumentsVariables = { id: string; after?: string | null };
export type CustomerDocumentsData = { customer: { id: string; documents: { pageInfo: { hasNextPage: boolean; endCursor: string | null }; nodes: readonly (DocumentRow)[] } } | null };
export const CustomerDocuments = "query CustomerDocuments($id: ID!, $after: String) { customer(id: $id) { id documents(first: 30, after: $after, orderBy: [{field:CREATED_AT,direction:DESC}]) { pageInfo { hasNextPage endCursor } nodes { ...DocumentRow } } } } fragment DocumentRow on Document { id version title documentType status ownerId customerId createdAt audience audienceFirms audienceTeamId versions(first: 10, orderBy: [{field:NUMBER,direction:DESC}]) { nodes { id number fileName mediaType size createdAt changeLog ownerId } } }" as unknown as Text<CustomerDocumentsData, CustomerDocumentsVariables>;

export type DownloadVersionVariables = { id: string };
export type DownloadVersionData = { documentVersion: { id: string; fileName: string | null; download: { url: string; expiresAt: string } | null } | null };
export const DownloadVersion = "query DownloadVersion($id: ID!) { documentVersion(id: $id) { id fileName download { url expiresAt } } }" as unknown as Text<DownloadVersionData, DownloadVersionVariables>;

export type CreateDocumentVariables = { input: CreateDocumentInput };
export type CreateDocumentData = { createDocument: { document: DocumentRow | null; userErrors: readonly ({ __typename: string; code: ErrorCode; message: string; path: readonly (string)[] | null })[] } | null };
export const CreateDocument = "mutation CreateDocument($input: CreateDocumentInput!) { createDocument(input: $input) { document { ...DocumentRow } userErrors { __typename code message path } } } fragment DocumentRow on Document { id version title documentType status ownerId customerId createdAt audience audienceFirms audienceTeamId versions(first: 10, orderBy: [{field:NUMBER,direction:DESC}]) { nodes { id number fileName mediaType size createdAt changeLog ownerId } } }" as unknown as Text<CreateDocumentData, CreateDocumentVariables>;

export type CreateDocumentUploadVariables = { input: CreateDocumentUploadInput };
export type CreateDocumentUploadData = { createDocumentUpload: { upload: { id: string; url: string; method: string; maxSize: string; headers: readonly ({ name: string; value: string })[] } | null; userErrors: readonly ({ __typename: string; code: ErrorCode; message: string; path: readonly (string)[] | null })[] } | null };
export const CreateDocumentUpload = "mutation CreateDocumentUpload($input: CreateDocumentUploadInput!) { createDocumentUpload(input: $input) { upload { id url method maxSize headers { name value } } userErrors { __typename code message path } } }" as unknown as Text<CreateDocumentUploadData, CreateDocumentUploadVariables>;

export type CompleteDocumentUploadVariables = { input: CompleteDocumentUploadInput };
export type CompleteDocumentUploadData = { completeDocumentUpload: { documentVersion: { id: string; number: string | null; fileName: string | null; mediaType: string | null; size: string | null; createdAt: string; changeLog: string | null; ownerId: string; documentId: string | null } | null; userErrors: readonly ({ __typename: string; code: ErrorCode; message: string; path: readonly (string)[] | null })[] } | null };
export const CompleteDocumentUpload = "mutation CompleteDocumentUpload($input: CompleteDocumentUploadInput!) { completeDocumentUpload(input: $input) { documentVersion { id number fileName mediaType size createdAt changeLog ownerId documentId } userErrors { __typename code message path } } }" as unknown as Text<CompleteDocumentUploadData, CompleteDocumentUploadVariables>;
