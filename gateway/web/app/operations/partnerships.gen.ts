// Generated from the .graphql files beside it by "go generate". Do not edit.
import type { Text } from "../client";
import type { Answer, AnswerPartnershipInput, CreatePartnershipInput, EndPartnershipInput, ErrorCode, PartnershipAction, PartnershipState, ResumePartnershipInput, SuspendPartnershipInput } from "./types.gen";

export type PartnershipRow = { id: string; version: number; name: string | null; state: PartnershipState | null; scope: string | null; startsOn: string | null; endsOn: string | null; ownerId: string; addressedToId: string | null; createdAt: string; actions: readonly (PartnershipAction)[]; acceptances: { nodes: readonly ({ id: string; answer: Answer | null; ownerId: string; createdAt: string })[] } };

export type PartnershipsVariables = Record<string, never>;
export type PartnershipsData = { partnerships: { nodes: readonly (PartnershipRow)[] } | null };
export const Partnerships = "query Partnerships{ partnerships(first: 100) { nodes { ...PartnershipRow } } } fragment PartnershipRow on Partnership { id version name state scope startsOn endsOn ownerId addressedToId createdAt actions acceptances(first: 5) { nodes { id answer ownerId createdAt } } }" as unknown as Text<PartnershipsData, PartnershipsVariables>;

export type CreatePartnershipVariables = { input: CreatePartnershipInput };
export type CreatePartnershipData = { createPartnership: { partnership: PartnershipRow | null; userErrors: readonly ({ __typename: string; code: ErrorCode; message: string; path: readonly (string)[] | null })[] } | null };
export const CreatePartnership = "mutation CreatePartnership($input: CreatePartnershipInput!) { createPartnership(input: $input) { partnership { ...PartnershipRow } userErrors { __typename code message path } } } fragment PartnershipRow on Partnership { id version name state scope startsOn endsOn ownerId addressedToId createdAt actions acceptances(first: 5) { nodes { id answer ownerId createdAt } } }" as unknown as Text<CreatePartnershipData, CreatePartnershipVariables>;

export type AnswerPartnershipVariables = { input: AnswerPartnershipInput };
export type AnswerPartnershipData = { answerPartnership: { acceptance: { id: string; answer: Answer | null; ownerId: string; partnershipId: string | null; createdAt: string; partnership: PartnershipRow | null } | null; userErrors: readonly ({ __typename: string; code: ErrorCode; message: string; path: readonly (string)[] | null })[] } | null };
export const AnswerPartnership = "mutation AnswerPartnership($input: AnswerPartnershipInput!) { answerPartnership(input: $input) { acceptance { id answer ownerId partnershipId createdAt partnership { ...PartnershipRow } } userErrors { __typename code message path } } } fragment PartnershipRow on Partnership { id version name state scope startsOn endsOn ownerId addressedToId createdAt actions acceptances(first: 5) { nodes { id answer ownerId createdAt } } }" as unknown as Text<AnswerPartnershipData, AnswerPartnershipVariables>;

export type SuspendPartnershipVariables = { input: SuspendPartnershipInput };
export type SuspendPartnershipData = { suspendPartnership: { partnership: PartnershipRow | null; userErrors: readonly ({ __typename: string; code: ErrorCode; message: string; path: readonly (string)[] | null })[] } | null };
export const SuspendPartnership = "mutation SuspendPartnership($input: SuspendPartnershipInput!) { suspendPartnership(input: $input) { partnership { ...PartnershipRow } userErrors { __typename code message path } } } fragment PartnershipRow on Partnership { id version name state scope startsOn endsOn ownerId addressedToId createdAt actions acceptances(first: 5) { nodes { id answer ownerId createdAt } } }" as unknown as Text<SuspendPartnershipData, SuspendPartnershipVariables>;

export type ResumePartnershipVariables = { input: ResumePartnershipInput };
export type ResumePartnershipData = { resumePartnership: { partnership: PartnershipRow | null; userErrors: readonly ({ __typename: string; code: ErrorCode; message: string; path: readonly (string)[] | null })[] } | null };
export const ResumePartnership = "mutation ResumePartnership($input: ResumePartnershipInput!) { resumePartnership(input: $input) { partnership { ...PartnershipRow } userErrors { __typename code message path } } } fragment PartnershipRow on Partnership { id version name state scope startsOn endsOn ownerId addressedToId createdAt actions acceptances(first: 5) { nodes { id answer ownerId createdAt } } }" as unknown as Text<ResumePartnershipData, ResumePartnershipVariables>;

export type EndPartnershipVariables = { input: EndPartnershipInput };
export type EndPartnershipData = { endPartnership: { partnership: PartnershipRow | null; userErrors: readonly ({ __typename: string; code: ErrorCode; message: string; path: readonly (string)[] | null })[] } | null };
export const EndPartnership = "mutation EndPartnership($input: EndPartnershipInput!) { endPartnership(input: $input) { partnership { ...PartnershipRow } userErrors { __typename code message path } } } fragment PartnershipRow on Partnership { id version name state scope startsOn endsOn ownerId addressedToId createdAt actions acceptances(first: 5) { nodes { id answer ownerId createdAt } } }" as unknown as Text<EndPartnershipData, EndPartnershipVariables>;
