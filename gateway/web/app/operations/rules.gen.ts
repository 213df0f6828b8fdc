// Generated from the .graphql files beside it by "go generate". Do not edit.
import type { Text } from "../client";
import type { AccessAction, ErrorCode, RecordKind, ReplacePolicyRulesInput, RowScope } from "./types.gen";

export type RulesInForce = { text: string; version: string; findings: readonly ({ line: number | null; message: string; wrong: boolean })[]; refusals: readonly ({ line: number; text: string; reason: string; inForce: string | null })[] };

export type PolicyRulesVariables = Record<string, never>;
export type PolicyRulesData = { policyRules: RulesInForce | null };
export const PolicyRules = "query PolicyRules{ policyRules { ...RulesInForce } } fragment RulesInForce on PolicyRules { text version findings { line message wrong } refusals { line text reason inForce } }" as unknown as Text<PolicyRulesData, PolicyRulesVariables>;

export type ReplacePolicyRulesVariables = { input: ReplacePolicyRulesInput };
export type ReplacePolicyRulesData = { replacePolicyRules: { policyRules: RulesInForce | null; findings: readonly ({ line: number | null; message: string; wrong: boolean })[]; difference: { asked: number; cells: readonly ({ subject: string; kind: RecordKind; action: AccessAction; gained: readonly ({ rows: RowScope; fields: readonly (string)[] })[]; lost: readonly ({ rows: RowScope; fields: readonly (string)[] })[] })[] } | null; userErrors: readonly (({ __typename: "PolicyRuleError"; code: ErrorCode; message: string; path: readonly (string)[] | null } & { line: number | null }) | ({ __typename: "PolicyRulesConflict"; code: ErrorCode; message: string; path: readonly (string)[] | null } & { current: RulesInForce }) | ({ __typename: "Conflict" | "Forbidden" | "IdempotencyConflict" | "LimitExceeded" | "NotFound" | "ValidationError" | "VersionConflict"; code: ErrorCode; message: string; path: readonly (string)[] | null }))[] } | null };
export const ReplacePolicyRules = "mutation ReplacePolicyRules($input: ReplacePolicyRulesInput!) { replacePolicyRules(input: $input) { policyRules { ...RulesInForce } findings { line message wrong } difference { asked cells { subject kind action gained { rows fields } lost { rows fields } } } userErrors { __typename code message path ... on PolicyRuleError { line } ... on PolicyRulesConflict { current { ...RulesInForce } } } } } fragment RulesInForce on PolicyRules { text version findings { line message wrong } refusals { line text reason inForce } }" as unknown as Text<ReplacePolicyRulesData, ReplacePolicyRulesVariables>;
