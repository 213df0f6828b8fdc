// Generated from the .graphql files beside it by "go generate". Do not edit.
import type { Text } from "../client";

export type SeekHit = ({ __typename: "Customer"; id: string } & { customerName: string | null }) | ({ __typename: "Product"; id: string } & { productName: string | null; partNumber: string | null }) | ({ __typename: "User"; id: string } & { userName: string | null }) | ({ __typename: "Acceptance" | "Agreement" | "ClaimResponse" | "ClaimResponseLine" | "Contact" | "CustomerOverlay" | "DealDecision" | "DealRegistration" | "Document" | "DocumentVersion" | "Firm" | "Folder" | "Goal" | "Grant" | "Interaction" | "Interchange" | "InventoryReport" | "InventoryReportItem" | "Membership" | "Partner" | "PartnerProfile" | "PartnerProfileSite" | "Partnership" | "Preference" | "PriceAuthorization" | "PriceAuthorizationLine" | "PriceList" | "PriceListItem" | "Promotion" | "RebateClaim" | "RebateClaimLine" | "Record" | "SalesReport" | "SalesReportLine" | "SharingAgreement" | "Task" | "Team" | "TradeDocument" | "TradeDocumentLine" | "TransactionSet"; id: string });

export type NamedVariables = { ids: readonly (string)[] };
export type NamedData = { nodes: readonly (SeekHit | null)[] };
export const Named = "query Named($ids: [ID!]!) { nodes(ids: $ids) { ...SeekHit } } fragment SeekHit on Node { __typename id ... on Customer { customerName: name } ... on Product { productName: name partNumber } ... on User { userName: name } }" as unknown as Text<NamedData, NamedVariables>;

export type SeekCustomerVariables = { text?: string | null };
export type SeekCustomerData = { customers: { nodes: readonly ({ id: string; name: string | null; city: string | null })[] } | null };
export const SeekCustomer = "query SeekCustomer($text: String) { customers(first: 8, search: $text) { nodes { id name city } } }" as unknown as Text<SeekCustomerData, SeekCustomerVariables>;

export type SeekProductVariables = { text?: string | null };
export type SeekProductData = { products: { nodes: readonly ({ id: string; name: string | null; partNumber: string | null })[] } | null };
export const SeekProduct = "query SeekProduct($text: String) { products(first: 8, search: $text) { nodes { id name partNumber } } }" as unknown as Text<SeekProductData, SeekProductVariables>;

export type SeekUserVariables = { text?: string | null };
export type SeekUserData = { users: { nodes: readonly ({ id: string; name: string | null })[] } | null };
export const SeekUser = "query SeekUser($text: String) { users(first: 8, search: $text) { nodes { id name } } }" as unknown as Text<SeekUserData, SeekUserVariables>;
