// Generated from the .graphql files beside it by "go generate". Do not edit.
import type { Text } from "../client";
import type { Answer, AnswerSharingAgreementInput, ErrorCode, OfferSharingAgreementInput, ResumeSharingAgreementInput, ShareRecordInput, SharingAgreementAction, SharingState, SuspendSharingAgreementInput, UnshareRecordInput } from "./types.gen";

export type AgreementRow = { id: string; version: number; name: string | null; state: SharingState | null; ownerId: string; addressedToId: string | null; partnershipId: string | null; purpose: string | null; terms: unknown | null; validFrom: string | null; validUntil: string | null; actions: readonly (SharingAgreementAction)[]; acceptances: { nodes: readonly ({ id: string; answer: Answer | null; ownerId: string; createdAt: string })[] } };

export type AgreementsVariables = { first: number; after?: string | null };
export type AgreementsData = { sharingAgreements: { pageInfo: { hasNextPage: boolean; endCursor: string | null }; nodes: readonly (AgreementRow)[] } | null };
export const Agreements = "query Agreements($first: Int!, $after: String) { sharingAgreements(first: $first, after: $after) { pageInfo { hasNextPage endCursor } nodes { ...AgreementRow } } } fragment AgreementRow on SharingAgreement { id version name state ownerId addressedToId partnershipId purpose terms validFrom validUntil actions acceptances(first: 5) { nodes { id answer ownerId createdAt } } }" as unknown as Text<AgreementsData, AgreementsVariables>;

export type SharedViewVariables = { id: string; firm: string };
export type SharedViewData = { sharedView: { visible: boolean; fields: unknown | null; hiddenFields: readonly (string)[] } | null };
export const SharedView = "query SharedView($id: ID!, $firm: ID!) { sharedView(id: $id, firmId: $firm) { visible fields hiddenFields } }" as unknown as Text<SharedViewData, SharedViewVariables>;

export type GrantsOfVariables = { record: string };
export type GrantsOfData = { grants: { nodes: readonly ({ id: string; sharingAgreementId: string | null; addressedToId: string | null; createdAt: string })[] } | null };
export const GrantsOf = "query GrantsOf($record: String!) { grants(first: 50, filter: {recordId:{eq:$record}}) { nodes { id sharingAgreementId addressedToId createdAt } } }" as unknown as Text<GrantsOfData, GrantsOfVariables>;

export type ShareRecordVariables = { input: ShareRecordInput };
export type ShareRecordData = { shareRecord: { grant: { id: string; sharingAgreementId: string | null; addressedToId: string | null; recordId: string | null; createdAt: string } | null; userErrors: readonly ({ __typename: string; code: ErrorCode; message: string; path: readonly (string)[] | null })[] } | null };
export const ShareRecord = "mutation ShareRecord($input: ShareRecordInput!) { shareRecord(input: $input) { grant { id sharingAgreementId addressedToId recordId createdAt } userErrors { __typename code message path } } }" as unknown as Text<ShareRecordData, ShareRecordVariables>;

export type UnshareRecordVariables = { input: UnshareRecordInput };
export type UnshareRecordData = { unshareRecord: { deletedId: string | null; userErrors: readonly ({ __typename: string; code: ErrorCode; message: string; path: readonly (string)[] | null })[] } | null };
export const UnshareRecord = "mutation UnshareRecord($input: UnshareRecordInput!) { unshareRecord(input: $input) { deletedId userErrors { __typename code message path } } }" as unknown as Text<UnshareRecordData, UnshareRecordVariables>;

export type OfferAgreementVariables = { input: OfferSharingAgreementInput };
export type OfferAgreementData = { offerSharingAgreement: { sharingAgreement: AgreementRow | null; userErrors: readonly ({ __typename: string; code: ErrorCode; message: string; path: readonly (string)[] | null })[] } | null };
export const OfferAgreement = "mutation OfferAgreement($input: OfferSharingAgreementInput!) { offerSharingAgreement(input: $input) { sharingAgreement { ...AgreementRow } userErrors { __typename code message path } } } fragment AgreementRow on SharingAgreement { id version name state ownerId addressedToId partnershipId purpose terms validFrom validUntil actions acceptances(first: 5) { nodes { id answer ownerId createdAt } } }" as unknown as Text<OfferAgreementData, OfferAgreementVariables>;

export type SuspendAgreementVariables = { input: SuspendSharingAgreementInput };
export type SuspendAgreementData = { suspendSharingAgreement: { sharingAgreement: AgreementRow | null; userErrors: readonly ({ __typename: string; code: ErrorCode; message: string; path: readonly (string)[] | null })[] } | null };
export const SuspendAgreement = "mutation SuspendAgreement($input: SuspendSharingAgreementInput!) { suspendSharingAgreement(input: $input) { sharingAgreement { ...AgreementRow } userErrors { __typename code message path } } } fragment AgreementRow on SharingAgreement { id version name state ownerId addressedToId partnershipId purpose terms validFrom validUntil actions acceptances(first: 5) { nodes { id answer ownerId createdAt } } }" as unknown as Text<SuspendAgreementData, SuspendAgreementVariables>;

export type ResumeAgreementVariables = { input: ResumeSharingAgreementInput };
export type ResumeAgreementData = { resumeSharingAgreement: { sharingAgreement: AgreementRow | null; userErrors: readonly ({ __typename: string; code: ErrorCode; message: string; path: readonly (string)[] | null })[] } | null };
export const ResumeAgreement = "mutation ResumeAgreement($input: ResumeSharingAgreementInput!) { resumeSharingAgreement(input: $input) { sharingAgreement { ...AgreementRow } userErrors { __typename code message path } } } fragment AgreementRow on SharingAgreement { id version name state ownerId addressedToId partnershipId purpose terms validFrom validUntil actions acceptances(first: 5) { nodes { id answer ownerId createdAt } } }" as unknown as Text<ResumeAgreementData, ResumeAgreementVariables>;

export type AnswerAgreementVariables = { input: AnswerSharingAgreementInput };
export type AnswerAgreementData = { answerSharingAgreement: { acceptance: { id: string; answer: Answer | null; ownerId: string; sharingAgreementId: string | null; createdAt: string } | null; userErrors: readonly ({ __typename: string; code: ErrorCode; message: string; path: readonly (string)[] | null })[] } | null };
export const AnswerAgreement = "mutation AnswerAgreement($input: AnswerSharingAgreementInput!) { answerSharingAgreement(input: $input) { acceptance { id answer ownerId sharingAgreementId createdAt } userErrors { __typename code message path } } }" as unknown as Text<AnswerAgreementData, AnswerAgreementVariables>;
