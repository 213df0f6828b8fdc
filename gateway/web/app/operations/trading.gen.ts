// Generated from the .graphql files beside it by "go generate". Do not edit.
import type { Text } from "../client";
import type { Flow, InterchangeFilter, InterchangeState, MatchState, Verdict } from "./types.gen";

export type InterchangeRow = { id: string; version: number; fileName: string | null; flow: Flow | null; standard: string | null; controlNumber: string | null; sender: string | null; receiver: string | null; exchangedAt: string | null; state: InterchangeState | null; test: boolean | null; size: string | null; ownerId: string; addressedToId: string | null; acknowledgmentId: string | null };

export type InterchangesVariables = { first: number; after?: string | null; search?: string | null; filter?: InterchangeFilter | null };
export type InterchangesData = { interchanges: { pageInfo: { hasNextPage: boolean; endCursor: string | null }; nodes: readonly (InterchangeRow)[] } | null };
export const Interchanges = "query Interchanges($first: Int!, $after: String, $search: String, $filter: InterchangeFilter) { interchanges(first: $first, after: $after, search: $search, filter: $filter, orderBy: [{field:EXCHANGED_AT,direction:DESC}]) { pageInfo { hasNextPage endCursor } nodes { ...InterchangeRow } } } fragment InterchangeRow on Interchange { id version fileName flow standard controlNumber sender receiver exchangedAt state test size ownerId addressedToId acknowledgmentId }" as unknown as Text<InterchangesData, InterchangesVariables>;

export type InterchangeVariables = { id: string };
export type InterchangeData = { interchange: { sha256: string | null; findings: unknown | null; acknowledgment: { id: string; fileName: string | null; state: InterchangeState | null } | null; transactionSets: { pageInfo: { hasNextPage: boolean }; nodes: readonly ({ id: string; place: string | null; setId: string | null; standardVersion: string | null; controlNumber: string | null; groupControlNumber: string | null; verdict: Verdict | null; findings: unknown | null; recordCount: string | null })[] } } & InterchangeRow | null };
export const Interchange = "query Interchange($id: ID!) { interchange(id: $id) { ...InterchangeRow sha256 findings acknowledgment { id fileName state } transactionSets(first: 100, orderBy: [{field:PLACE}]) { pageInfo { hasNextPage } nodes { id place setId standardVersion controlNumber groupControlNumber verdict findings recordCount } } } } fragment InterchangeRow on Interchange { id version fileName flow standard controlNumber sender receiver exchangedAt state test size ownerId addressedToId acknowledgmentId }" as unknown as Text<InterchangeData, InterchangeVariables>;

export type SetLinesVariables = { id: string };
export type SetLinesData = { transactionSet: { id: string; salesReports: { nodes: readonly ({ id: string; lines: { nodes: readonly ({ id: string; lineNumber: string | null; soldOn: string | null; partNumber: string | null; quantity: string | null; endCustomerName: string | null; matchState: MatchState | null; customer: { id: string; name: string | null } | null })[] } })[] } } | null };
export const SetLines = "query SetLines($id: ID!) { transactionSet(id: $id) { id salesReports(first: 1) { nodes { id lines(first: 100, orderBy: [{field:LINE_NUMBER}]) { nodes { id lineNumber soldOn partNumber quantity endCustomerName matchState customer { id name } } } } } } }" as unknown as Text<SetLinesData, SetLinesVariables>;
