// Generated from the .graphql files beside it by "go generate". Do not edit.

export type AccessAction = "ADMINISTER" | "APPROVE" | "ASSIGN" | "ATTACH" | "COMMENT" | "CREATE" | "DELETE" | "EDIT" | "EXPORT" | "READ" | "RECEIVE" | "SEND" | "SHARE" | "TRANSFER";

export type AccessPath = "ADDRESSED" | "AGREEMENT" | "GRANT" | "MEMBER" | "PARENT" | "PARENT_OWNED";

export type ActorKind = "EDI" | "NODE" | "SYSTEM" | "TOKEN" | "USER";

export type AgreementType = "DPA" | "NDA" | "PARTNER" | "SPA";

export type Answer = "ACCEPTED" | "DECLINED" | "WITHDRAWN";

export interface AnswerPartnershipInput {
  answer: Answer;
  id: string;
  idempotencyKey?: string | null;
}

export interface AnswerSharingAgreementInput {
  answer: Answer;
  id: string;
  idempotencyKey?: string | null;
  teams?: readonly (string)[] | null;
}

export interface ApproveDealDecisionInput {
  comments?: string | null;
  expectedVersion: number;
  id: string;
  idempotencyKey?: string | null;
}

export type AudienceKind = "FIRM" | "FIRMS" | "TEAM";

export interface BooleanFilter {
  eq?: boolean | null;
  isNull?: boolean | null;
}

export interface CompleteDocumentUploadInput {
  changeLog?: string | null;
  idempotencyKey?: string | null;
  sha256: string;
  size: string;
  uploadId: string;
}

export interface CreateContactInput {
  contactPreference?: string | null;
  customer: string;
  email?: string | null;
  idempotencyKey?: string | null;
  jobTitle?: string | null;
  mayContact?: boolean | null;
  mayShareInfo?: boolean | null;
  name: string;
  phone?: string | null;
}

export interface CreateCustomerInput {
  annualRevenue?: MoneyInput | null;
  assignee?: string | null;
  city?: string | null;
  country?: string | null;
  creditLimit?: MoneyInput | null;
  customerNumber?: string | null;
  customerType: CustomerType;
  description?: string | null;
  duns?: string | null;
  email?: string | null;
  employees?: string | null;
  gln?: string | null;
  idempotencyKey?: string | null;
  industry?: string | null;
  name: string;
  phone?: string | null;
  postalCode?: string | null;
  region?: string | null;
  segment?: string | null;
  status: CustomerStatus;
  street?: string | null;
  vatId?: string | null;
  website?: string | null;
}

export interface CreateDealRegistrationInput {
  addressedTo: string;
  companyCity?: string | null;
  companyCountry: string;
  companyDuns?: string | null;
  companyName: string;
  companyVatId?: string | null;
  companyWebsite?: string | null;
  customer?: string | null;
  description?: string | null;
  estimatedCloseOn: string;
  estimatedDealSize: MoneyInput;
  idempotencyKey?: string | null;
  internalNotes?: string | null;
  name: string;
  products?: readonly (string)[] | null;
}

export interface CreateDocumentInput {
  audience?: AudienceKind | null;
  audienceFirms?: readonly (string)[] | null;
  audienceTeam?: string | null;
  customer?: string | null;
  documentType: DocumentType;
  expiresOn?: string | null;
  folder?: string | null;
  idempotencyKey?: string | null;
  publishedOn?: string | null;
  status: DocumentStatus;
  title: string;
}

export interface CreateDocumentUploadInput {
  document: string;
  fileName: string;
  idempotencyKey?: string | null;
  size: string;
}

export interface CreateInteractionInput {
  audience?: AudienceKind | null;
  audienceFirms?: readonly (string)[] | null;
  audienceTeam?: string | null;
  body?: string | null;
  customer: string;
  direction?: Direction | null;
  idempotencyKey?: string | null;
  interactionType: InteractionType;
  occurredAt: string;
  participants?: readonly (string)[] | null;
  replyTo?: string | null;
  subject: string;
}

export interface CreatePartnershipInput {
  addressedTo: string;
  endsOn?: string | null;
  idempotencyKey?: string | null;
  name: string;
  scope?: string | null;
  startsOn?: string | null;
}

export interface CreateProductInput {
  description?: string | null;
  family?: string | null;
  gtin?: string | null;
  idempotencyKey?: string | null;
  listPrice?: MoneyInput | null;
  name: string;
  orderable?: boolean | null;
  partNumber: string;
}

export interface CreatePromotionInput {
  budget?: MoneyInput | null;
  description?: string | null;
  discountPercent?: string | null;
  endsOn: string;
  idempotencyKey?: string | null;
  name: string;
  products?: readonly (string)[] | null;
  startsOn: string;
}

export interface CreateSharingAgreementInput {
  addressedTo: string;
  idempotencyKey?: string | null;
  name: string;
  partnership: string;
  purpose?: string | null;
  requires?: string | null;
  restsOn?: string | null;
  terms: unknown;
  validFrom?: string | null;
  validUntil?: string | null;
}

export interface CreateTaskInput {
  assignee?: string | null;
  audience?: AudienceKind | null;
  audienceFirms?: readonly (string)[] | null;
  audienceTeam?: string | null;
  completedAt?: string | null;
  customer?: string | null;
  description?: string | null;
  dueOn?: string | null;
  idempotencyKey?: string | null;
  title: string;
}

export interface CustomerFilter {
  and?: readonly (CustomerFilter)[] | null;
  assignee?: IDFilter | null;
  city?: StringFilter | null;
  country?: StringFilter | null;
  customerNumber?: StringFilter | null;
  customerType?: CustomerTypeFilter | null;
  duns?: StringFilter | null;
  gln?: StringFilter | null;
  industry?: StringFilter | null;
  name?: StringFilter | null;
  not?: CustomerFilter | null;
  or?: readonly (CustomerFilter)[] | null;
  segment?: StringFilter | null;
  status?: CustomerStatusFilter | null;
  vatId?: StringFilter | null;
}

export interface CustomerOrder {
  direction?: OrderDirection;
  field: CustomerOrderField;
}

export type CustomerOrderField = "COUNTRY" | "CREATED_AT" | "NAME";

export type CustomerStatus = "ACTIVE" | "INACTIVE" | "PROSPECT" | "UNCONFIRMED";

export interface CustomerStatusFilter {
  eq?: CustomerStatus | null;
  in?: readonly (CustomerStatus)[] | null;
  isNull?: boolean | null;
  ne?: CustomerStatus | null;
}

export type CustomerType = "ORGANISATION" | "PERSON";

export interface CustomerTypeFilter {
  eq?: CustomerType | null;
  in?: readonly (CustomerType)[] | null;
  isNull?: boolean | null;
  ne?: CustomerType | null;
}

export interface DateFilter {
  eq?: string | null;
  gt?: string | null;
  gte?: string | null;
  in?: readonly (string)[] | null;
  isNull?: boolean | null;
  lt?: string | null;
  lte?: string | null;
  ne?: string | null;
}

export interface DateTimeFilter {
  eq?: string | null;
  gt?: string | null;
  gte?: string | null;
  in?: readonly (string)[] | null;
  isNull?: boolean | null;
  lt?: string | null;
  lte?: string | null;
  ne?: string | null;
}

export type DealDecisionAction = "APPROVE" | "EXPIRE" | "EXTEND" | "REJECT" | "REQUEST_ACTION";

export type DealRegistrationAction = "LOSE" | "SUBMIT" | "WIN" | "WITHDRAW";

export interface DealRegistrationFilter {
  and?: readonly (DealRegistrationFilter)[] | null;
  companyCountry?: StringFilter | null;
  companyName?: StringFilter | null;
  customer?: IDFilter | null;
  estimatedCloseOn?: DateFilter | null;
  name?: StringFilter | null;
  not?: DealRegistrationFilter | null;
  or?: readonly (DealRegistrationFilter)[] | null;
  state?: DealStateFilter | null;
}

export type DealState = "DRAFT" | "LOST" | "SUBMITTED" | "WITHDRAWN" | "WON";

export interface DealStateFilter {
  eq?: DealState | null;
  in?: readonly (DealState)[] | null;
  isNull?: boolean | null;
  ne?: DealState | null;
}

export interface DeleteContactInput {
  expectedVersion: number;
  id: string;
  idempotencyKey?: string | null;
}

export interface DeleteCustomerInput {
  expectedVersion: number;
  id: string;
  idempotencyKey?: string | null;
}

export interface DeleteProductInput {
  expectedVersion: number;
  id: string;
  idempotencyKey?: string | null;
}

export interface DeletePromotionInput {
  expectedVersion: number;
  id: string;
  idempotencyKey?: string | null;
}

export interface DeleteSharingAgreementInput {
  expectedVersion: number;
  id: string;
  idempotencyKey?: string | null;
}

export interface DeleteTaskInput {
  expectedVersion: number;
  id: string;
  idempotencyKey?: string | null;
}

export type Direction = "INBOUND" | "OUTBOUND";

export type DocumentStatus = "ACTIVE" | "CANCELED" | "DRAFT" | "EXPIRED";

export type DocumentType = "CONTRACT" | "NDA" | "OTHER" | "PRICE_LIST" | "PROOF" | "PROPOSAL" | "TECHNICAL";

export interface EndPartnershipInput {
  expectedVersion: number;
  id: string;
  idempotencyKey?: string | null;
}

export type ErrorCode = "CONFLICT" | "DENIED" | "INVALID" | "LIMIT" | "NOT_FOUND";

export type Flow = "RECEIVED" | "SENT";

export interface FlowFilter {
  eq?: Flow | null;
  in?: readonly (Flow)[] | null;
  isNull?: boolean | null;
  ne?: Flow | null;
}

export interface IDFilter {
  eq?: string | null;
  in?: readonly (string)[] | null;
  isNull?: boolean | null;
  ne?: string | null;
}

export type InteractionType = "CALL" | "EMAIL" | "MEETING" | "NOTE" | "RESALE";

export interface InterchangeFilter {
  acknowledgment?: IDFilter | null;
  and?: readonly (InterchangeFilter)[] | null;
  controlNumber?: StringFilter | null;
  exchangedAt?: DateTimeFilter | null;
  fileName?: StringFilter | null;
  flow?: FlowFilter | null;
  not?: InterchangeFilter | null;
  or?: readonly (InterchangeFilter)[] | null;
  receiver?: StringFilter | null;
  sender?: StringFilter | null;
  sha256?: StringFilter | null;
  standard?: StringFilter | null;
  state?: InterchangeStateFilter | null;
  test?: BooleanFilter | null;
}

export type InterchangeState = "DELIVERED" | "DUPLICATE" | "PARTLY" | "POSTED" | "QUARANTINED" | "QUEUED" | "RECEIVED" | "REJECTED";

export interface InterchangeStateFilter {
  eq?: InterchangeState | null;
  in?: readonly (InterchangeState)[] | null;
  isNull?: boolean | null;
  ne?: InterchangeState | null;
}

export interface LoseDealRegistrationInput {
  expectedVersion: number;
  id: string;
  idempotencyKey?: string | null;
}

export type MatchState = "AMBIGUOUS" | "MATCHED" | "UNMATCHED";

export interface MoneyInput {
  amount: string;
  currency: string;
}

export interface OfferSharingAgreementInput {
  expectedVersion: number;
  id: string;
  idempotencyKey?: string | null;
}

export type Operation = "CREATE" | "DELETE" | "UPDATE";

export type OrderDirection = "ASC" | "DESC";

export type PartnerType = "DISTRIBUTOR" | "MANAGED_SERVICE" | "MANUFACTURER" | "MARKETING_PARTNER" | "RESELLER" | "SERVICES_PARTNER" | "TRAINING_PARTNER";

export type PartnershipAction = "ACTIVATE" | "END" | "RESUME" | "SUSPEND";

export type PartnershipState = "ACTIVE" | "ENDED" | "INVITED" | "SUSPENDED";

export type RecordKind = "ACCEPTANCE" | "AGREEMENT" | "CLAIM_RESPONSE" | "CLAIM_RESPONSE_LINE" | "CONTACT" | "CUSTOMER" | "CUSTOMER_OVERLAY" | "DEAL_DECISION" | "DEAL_REGISTRATION" | "DOCUMENT" | "DOCUMENT_VERSION" | "FIRM" | "FOLDER" | "GOAL" | "GRANT" | "INTERACTION" | "INTERCHANGE" | "INVENTORY_REPORT" | "INVENTORY_REPORT_ITEM" | "MEMBERSHIP" | "PARTNER" | "PARTNERSHIP" | "PARTNER_PROFILE" | "PARTNER_PROFILE_SITE" | "PREFERENCE" | "PRICE_AUTHORIZATION" | "PRICE_AUTHORIZATION_LINE" | "PRICE_LIST" | "PRICE_LIST_ITEM" | "PRODUCT" | "PROMOTION" | "REBATE_CLAIM" | "REBATE_CLAIM_LINE" | "SALES_REPORT" | "SALES_REPORT_LINE" | "SHARING_AGREEMENT" | "TASK" | "TEAM" | "TRADE_DOCUMENT" | "TRADE_DOCUMENT_LINE" | "TRANSACTION_SET" | "USER";

export interface RejectDealDecisionInput {
  comments?: string | null;
  expectedVersion: number;
  id: string;
  idempotencyKey?: string | null;
}

export interface ReplacePolicyRulesInput {
  dryRun?: boolean | null;
  expectedVersion: string;
  idempotencyKey?: string | null;
  text: string;
}

export interface RequestActionDealDecisionInput {
  comments?: string | null;
  expectedVersion: number;
  id: string;
  idempotencyKey?: string | null;
}

export interface ResumePartnershipInput {
  expectedVersion: number;
  id: string;
  idempotencyKey?: string | null;
}

export interface ResumeSharingAgreementInput {
  expectedVersion: number;
  id: string;
  idempotencyKey?: string | null;
}

export type ReviewStatus = "ACTION_REQUIRED" | "APPROVED" | "EXPIRED" | "REJECTED" | "UNDER_REVIEW";

export interface RevokeSharingAgreementInput {
  expectedVersion: number;
  id: string;
  idempotencyKey?: string | null;
}

export type Role = "ADMINISTRATOR" | "AUDITOR" | "CHANNEL_MANAGER" | "FINANCE" | "MARKETING" | "READ_ONLY" | "SALES" | "SUPPORT";

export type RowScope = "FIRM" | "OWN" | "SUBTREE" | "TEAM";

export interface ShareRecordInput {
  idempotencyKey?: string | null;
  reason?: string | null;
  recordId: string;
  sharingAgreementId: string;
}

export type SharingAgreementAction = "OFFER" | "RESUME" | "REVOKE" | "SUSPEND";

export type SharingState = "DRAFT" | "OFFERED" | "REVOKED" | "SUSPENDED";

export interface StringFilter {
  contains?: string | null;
  eq?: string | null;
  in?: readonly (string)[] | null;
  isNull?: boolean | null;
  ne?: string | null;
  startsWith?: string | null;
}

export interface SubmitDealRegistrationInput {
  expectedVersion: number;
  id: string;
  idempotencyKey?: string | null;
}

export interface SuspendPartnershipInput {
  expectedVersion: number;
  id: string;
  idempotencyKey?: string | null;
}

export interface SuspendSharingAgreementInput {
  expectedVersion: number;
  id: string;
  idempotencyKey?: string | null;
}

export interface TaskFilter {
  and?: readonly (TaskFilter)[] | null;
  assignee?: IDFilter | null;
  customer?: IDFilter | null;
  dueOn?: DateFilter | null;
  not?: TaskFilter | null;
  or?: readonly (TaskFilter)[] | null;
  title?: StringFilter | null;
}

export interface UnshareRecordInput {
  idempotencyKey?: string | null;
  recordId: string;
  sharingAgreementId: string;
}

export interface UpdateContactInput {
  contactPreference?: string | null;
  email?: string | null;
  expectedVersion: number;
  id: string;
  idempotencyKey?: string | null;
  jobTitle?: string | null;
  mayContact?: boolean | null;
  mayShareInfo?: boolean | null;
  name?: string | null;
  phone?: string | null;
}

export interface UpdateCustomerInput {
  annualRevenue?: MoneyInput | null;
  assignee?: string | null;
  city?: string | null;
  country?: string | null;
  creditLimit?: MoneyInput | null;
  customerNumber?: string | null;
  customerType?: CustomerType | null;
  description?: string | null;
  duns?: string | null;
  email?: string | null;
  employees?: string | null;
  expectedVersion: number;
  gln?: string | null;
  id: string;
  idempotencyKey?: string | null;
  industry?: string | null;
  name?: string | null;
  phone?: string | null;
  postalCode?: string | null;
  region?: string | null;
  segment?: string | null;
  status?: CustomerStatus | null;
  street?: string | null;
  vatId?: string | null;
  website?: string | null;
}

export interface UpdateProductInput {
  description?: string | null;
  expectedVersion: number;
  family?: string | null;
  gtin?: string | null;
  id: string;
  idempotencyKey?: string | null;
  listPrice?: MoneyInput | null;
  name?: string | null;
  orderable?: boolean | null;
  partNumber?: string | null;
}

export interface UpdatePromotionInput {
  budget?: MoneyInput | null;
  description?: string | null;
  discountPercent?: string | null;
  endsOn?: string | null;
  expectedVersion: number;
  id: string;
  idempotencyKey?: string | null;
  name?: string | null;
  products?: readonly (string)[] | null;
  startsOn?: string | null;
}

export interface UpdateSharingAgreementInput {
  expectedVersion: number;
  id: string;
  idempotencyKey?: string | null;
  name?: string | null;
  purpose?: string | null;
  requires?: string | null;
  terms?: unknown | null;
  validFrom?: string | null;
  validUntil?: string | null;
}

export interface UpdateTaskInput {
  assignee?: string | null;
  audience?: AudienceKind | null;
  audienceFirms?: readonly (string)[] | null;
  audienceTeam?: string | null;
  completedAt?: string | null;
  description?: string | null;
  dueOn?: string | null;
  expectedVersion: number;
  id: string;
  idempotencyKey?: string | null;
  title?: string | null;
}

export type Verdict = "ACCEPTED" | "ACCEPTED_WITH_ERRORS" | "REJECTED";

export interface WinDealRegistrationInput {
  expectedVersion: number;
  id: string;
  idempotencyKey?: string | null;
}

export interface WithdrawDealRegistrationInput {
  expectedVersion: number;
  id: string;
  idempotencyKey?: string | null;
}
