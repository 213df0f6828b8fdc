// Generated from the .graphql files beside it by "go generate". Do not edit.
import type { Text } from "../client";
import type { AccessAction, AccessPath, RecordKind } from "./types.gen";

export type SubjectVariables = { id: string };
export type SubjectData = { node: { id: string } & Partial<{ ownerId: string }> | null };
export const Subject = "query Subject($id: ID!) { node(id: $id) { id ... on Record { ownerId } } }" as unknown as Text<SubjectData, SubjectVariables>;

export type WhoVariables = { record: string; at?: string | null; first: number; after?: string | null };
export type WhoData = { who: { gaps: readonly (string)[]; uncertain: readonly ({ userId: string | null; user: { id: string; name: string | null } | null; firmId: string | null })[]; pageInfo: { hasNextPage: boolean; endCursor: string | null }; nodes: readonly ({ userId: string | null; user: { id: string; name: string | null } | null; firmId: string | null; fields: readonly (string)[]; paths: readonly ({ path: AccessPath; agreementId: string | null; agreement: { id: string; name: string | null } | null })[] })[] } | null };
export const Who = "query Who($record: ID!, $at: DateTime, $first: Int!, $after: String) { who(recordId: $record, at: $at, first: $first, after: $after) { gaps uncertain { userId user { id name } firmId } pageInfo { hasNextPage endCursor } nodes { userId user { id name } firmId fields paths { path agreementId agreement { id name } } } } }" as unknown as Text<WhoData, WhoVariables>;

export type WhyVariables = { record: string; action: AccessAction; field?: string | null; as?: string | null; at?: string | null };
export type WhyData = { why: { allowed: boolean; gaps: readonly (string)[]; uncertain: boolean; fields: readonly (string)[]; reasons: readonly ({ path: AccessPath; holds: boolean; fields: readonly (string)[]; rules: readonly (string)[]; clauses: readonly ({ code: string; text: string; holds: boolean })[]; agreement: { id: string | null; name: string | null; version: number | null; grantorId: string; term: number | null; standing: string; purpose: string | null; from: string | null; until: string | null; sharingAgreement: { id: string; terms: unknown | null } | null } | null })[] } | null };
export const Why = "query Why($record: ID!, $action: AccessAction!, $field: String, $as: ID, $at: DateTime) { why(recordId: $record, action: $action, field: $field, as: $as, at: $at) { allowed gaps uncertain fields reasons { path holds fields rules clauses { code text holds } agreement { id name version grantorId term standing purpose from until sharingAgreement { id terms } } } } }" as unknown as Text<WhyData, WhyVariables>;

export type WhatVariables = { viewer: string; kind: RecordKind; at?: string | null; first: number; after?: string | null };
export type WhatData = { what: { gaps: readonly (string)[]; pageInfo: { hasNextPage: boolean; endCursor: string | null }; nodes: readonly ({ id: string; fields: readonly (string)[]; ownerId: string; uncertain: boolean })[] } | null };
export const What = "query What($viewer: ID!, $kind: RecordKind!, $at: DateTime, $first: Int!, $after: String) { what(viewerId: $viewer, kind: $kind, at: $at, first: $first, after: $after) { gaps pageInfo { hasNextPage endCursor } nodes { id fields ownerId uncertain } } }" as unknown as Text<WhatData, WhatVariables>;

export type SeenRecordVariables = { viewer: string; record: string; at?: string | null };
export type SeenRecordData = { seenRecord: { fields: unknown; seenFields: readonly (string)[]; withheld: readonly (string)[]; erased: readonly (string)[]; uncertain: boolean; gaps: readonly (string)[]; updatedAt: string } | null };
export const SeenRecord = "query SeenRecord($viewer: ID!, $record: ID!, $at: DateTime) { seenRecord(viewerId: $viewer, recordId: $record, at: $at) { fields seenFields withheld erased uncertain gaps updatedAt } }" as unknown as Text<SeenRecordData, SeenRecordVariables>;

export type SharedCountsVariables = { kind: RecordKind };
export type SharedCountsData = { sharedCounts: readonly ({ firmId: string; atLeast: number; floor: number })[] | null };
export const SharedCounts = "query SharedCounts($kind: RecordKind!) { sharedCounts(kind: $kind) { firmId atLeast floor } }" as unknown as Text<SharedCountsData, SharedCountsVariables>;

export type OverlapsVariables = { kind: RecordKind; first: number; after?: string | null };
export type OverlapsData = { overlaps: { pageInfo: { hasNextPage: boolean; endCursor: string | null }; nodes: readonly ({ recordId: string; firmId: string })[] } | null };
export const Overlaps = "query Overlaps($kind: RecordKind!, $first: Int!, $after: String) { overlaps(kind: $kind, first: $first, after: $after) { pageInfo { hasNextPage endCursor } nodes { recordId firmId } } }" as unknown as Text<OverlapsData, OverlapsVariables>;
