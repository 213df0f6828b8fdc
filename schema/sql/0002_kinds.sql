-- A table for each kind, keyed by holder and id. What is required of a record binds only rows that lie with their
-- owner: a copy may lack what was not shared.
-- +goose Up
-- +goose StatementBegin

CREATE TABLE acceptances (
  holder_firm_id uuid NOT NULL,
  id uuid NOT NULL REFERENCES records (id),
  owner_firm_id uuid NOT NULL,
  version bigint NOT NULL CHECK (version > 0),
  field_versions bigint[] NOT NULL,
  field_times timestamptz[] NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid,
  updated_at timestamptz NOT NULL,
  updated_by uuid,
  deleted_at timestamptz,
  provenance text NOT NULL,
  mask bigint NOT NULL DEFAULT -1,
  custom jsonb,
  unknown jsonb,
  addressed_to uuid,
  sent_at timestamptz,
  partnership uuid,
  sharing_agreement uuid,
  answer text,
  text_sha256 text,
  teams uuid[],
  PRIMARY KEY (holder_firm_id, id),
  CONSTRAINT acceptances_addressed_to_required CHECK (holder_firm_id <> owner_firm_id OR addressed_to IS NOT NULL),
  CONSTRAINT acceptances_addressed_to_refers FOREIGN KEY (addressed_to) REFERENCES records (id),
  CONSTRAINT acceptances_partnership_refers FOREIGN KEY (partnership) REFERENCES records (id),
  CONSTRAINT acceptances_sharing_agreement_refers FOREIGN KEY (sharing_agreement) REFERENCES records (id),
  CONSTRAINT acceptances_answer_required CHECK (holder_firm_id <> owner_firm_id OR answer IS NOT NULL),
  CONSTRAINT acceptances_answer_known CHECK (holder_firm_id <> owner_firm_id OR answer IN ('ACCEPTED', 'DECLINED', 'WITHDRAWN')),
  CONSTRAINT acceptances_text_sha256_required CHECK (holder_firm_id <> owner_firm_id OR text_sha256 IS NOT NULL),
  CONSTRAINT acceptances_text_sha256_max CHECK (char_length(text_sha256) <= 64)
);

CREATE TABLE agreements (
  holder_firm_id uuid NOT NULL,
  id uuid NOT NULL REFERENCES records (id),
  owner_firm_id uuid NOT NULL,
  version bigint NOT NULL CHECK (version > 0),
  field_versions bigint[] NOT NULL,
  field_times timestamptz[] NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid,
  updated_at timestamptz NOT NULL,
  updated_by uuid,
  deleted_at timestamptz,
  provenance text NOT NULL,
  mask bigint NOT NULL DEFAULT -1,
  custom jsonb,
  unknown jsonb,
  addressed_to uuid,
  sent_at timestamptz,
  name text,
  sort_key text COLLATE "C" GENERATED ALWAYS AS (fondaco_key(name)) STORED,
  agreement_type text,
  document uuid,
  effective_on date,
  expires_on date,
  signed_on date,
  terminated_on date,
  PRIMARY KEY (holder_firm_id, id),
  CONSTRAINT agreements_addressed_to_required CHECK (holder_firm_id <> owner_firm_id OR addressed_to IS NOT NULL),
  CONSTRAINT agreements_addressed_to_refers FOREIGN KEY (addressed_to) REFERENCES records (id),
  CONSTRAINT agreements_name_required CHECK (holder_firm_id <> owner_firm_id OR name IS NOT NULL),
  CONSTRAINT agreements_name_max CHECK (char_length(name) <= 200),
  CONSTRAINT agreements_agreement_type_required CHECK (holder_firm_id <> owner_firm_id OR agreement_type IS NOT NULL),
  CONSTRAINT agreements_agreement_type_known CHECK (holder_firm_id <> owner_firm_id OR agreement_type IN ('PARTNER', 'NDA', 'DPA', 'SPA')),
  CONSTRAINT agreements_document_refers FOREIGN KEY (document) REFERENCES records (id),
  CONSTRAINT agreements_effective_on_required CHECK (holder_firm_id <> owner_firm_id OR effective_on IS NOT NULL)
);

CREATE TABLE contacts (
  holder_firm_id uuid NOT NULL,
  id uuid NOT NULL REFERENCES records (id),
  owner_firm_id uuid NOT NULL,
  version bigint NOT NULL CHECK (version > 0),
  field_versions bigint[] NOT NULL,
  field_times timestamptz[] NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid,
  updated_at timestamptz NOT NULL,
  updated_by uuid,
  deleted_at timestamptz,
  provenance text NOT NULL,
  mask bigint NOT NULL DEFAULT -1,
  custom jsonb,
  unknown jsonb,
  customer uuid,
  name text,
  sort_key text COLLATE "C" GENERATED ALWAYS AS (fondaco_key(name)) STORED,
  job_title text,
  email text,
  phone text,
  contact_preference text,
  may_share_info boolean,
  may_contact boolean,
  PRIMARY KEY (holder_firm_id, id),
  CONSTRAINT contacts_customer_required CHECK (holder_firm_id <> owner_firm_id OR customer IS NOT NULL),
  CONSTRAINT contacts_customer_refers FOREIGN KEY (customer) REFERENCES records (id),
  CONSTRAINT contacts_name_required CHECK (holder_firm_id <> owner_firm_id OR name IS NOT NULL),
  CONSTRAINT contacts_name_max CHECK (char_length(name) <= 200),
  CONSTRAINT contacts_job_title_max CHECK (char_length(job_title) <= 100),
  CONSTRAINT contacts_email_max CHECK (char_length(email) <= 254),
  CONSTRAINT contacts_phone_max CHECK (char_length(phone) <= 40),
  CONSTRAINT contacts_contact_preference_max CHECK (char_length(contact_preference) <= 100),
  CONSTRAINT contacts_may_share_info_required CHECK (holder_firm_id <> owner_firm_id OR may_share_info IS NOT NULL),
  CONSTRAINT contacts_may_contact_required CHECK (holder_firm_id <> owner_firm_id OR may_contact IS NOT NULL)
);

CREATE TABLE customers (
  holder_firm_id uuid NOT NULL,
  id uuid NOT NULL REFERENCES records (id),
  owner_firm_id uuid NOT NULL,
  version bigint NOT NULL CHECK (version > 0),
  field_versions bigint[] NOT NULL,
  field_times timestamptz[] NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid,
  updated_at timestamptz NOT NULL,
  updated_by uuid,
  deleted_at timestamptz,
  provenance text NOT NULL,
  mask bigint NOT NULL DEFAULT -1,
  custom jsonb,
  unknown jsonb,
  name text,
  sort_key text COLLATE "C" GENERATED ALWAYS AS (fondaco_key(name)) STORED,
  customer_type text,
  status text,
  website text,
  industry text,
  segment text,
  street text,
  city text,
  postal_code text,
  region text,
  country text,
  email text,
  phone text,
  employees bigint,
  duns text,
  gln text,
  vat_id text,
  customer_number text,
  annual_revenue_amount numeric,
  annual_revenue_currency text,
  credit_limit_amount numeric,
  credit_limit_currency text,
  description text,
  assignee uuid,
  PRIMARY KEY (holder_firm_id, id),
  CONSTRAINT customers_name_required CHECK (holder_firm_id <> owner_firm_id OR name IS NOT NULL),
  CONSTRAINT customers_name_max CHECK (char_length(name) <= 200),
  CONSTRAINT customers_customer_type_required CHECK (holder_firm_id <> owner_firm_id OR customer_type IS NOT NULL),
  CONSTRAINT customers_customer_type_known CHECK (holder_firm_id <> owner_firm_id OR customer_type IN ('ORGANISATION', 'PERSON')),
  CONSTRAINT customers_status_required CHECK (holder_firm_id <> owner_firm_id OR status IS NOT NULL),
  CONSTRAINT customers_status_known CHECK (holder_firm_id <> owner_firm_id OR status IN ('UNCONFIRMED', 'PROSPECT', 'ACTIVE', 'INACTIVE')),
  CONSTRAINT customers_website_max CHECK (char_length(website) <= 200),
  CONSTRAINT customers_industry_max CHECK (char_length(industry) <= 100),
  CONSTRAINT customers_segment_max CHECK (char_length(segment) <= 60),
  CONSTRAINT customers_street_max CHECK (char_length(street) <= 200),
  CONSTRAINT customers_city_max CHECK (char_length(city) <= 100),
  CONSTRAINT customers_postal_code_max CHECK (char_length(postal_code) <= 20),
  CONSTRAINT customers_region_max CHECK (char_length(region) <= 100),
  CONSTRAINT customers_country_max CHECK (char_length(country) <= 2),
  CONSTRAINT customers_email_max CHECK (char_length(email) <= 254),
  CONSTRAINT customers_phone_max CHECK (char_length(phone) <= 40),
  CONSTRAINT customers_duns_max CHECK (char_length(duns) <= 9),
  CONSTRAINT customers_gln_max CHECK (char_length(gln) <= 13),
  CONSTRAINT customers_vat_id_max CHECK (char_length(vat_id) <= 20),
  CONSTRAINT customers_customer_number_max CHECK (char_length(customer_number) <= 40),
  CONSTRAINT customers_annual_revenue_whole CHECK ((annual_revenue_amount IS NULL) = (annual_revenue_currency IS NULL)),
  CONSTRAINT customers_credit_limit_whole CHECK ((credit_limit_amount IS NULL) = (credit_limit_currency IS NULL)),
  CONSTRAINT customers_description_max CHECK (char_length(description) <= 100000),
  CONSTRAINT customers_assignee_refers FOREIGN KEY (assignee) REFERENCES records (id)
);

CREATE TABLE customer_overlays (
  holder_firm_id uuid NOT NULL,
  id uuid NOT NULL REFERENCES records (id),
  owner_firm_id uuid NOT NULL,
  version bigint NOT NULL CHECK (version > 0),
  field_versions bigint[] NOT NULL,
  field_times timestamptz[] NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid,
  updated_at timestamptz NOT NULL,
  updated_by uuid,
  deleted_at timestamptz,
  provenance text NOT NULL,
  mask bigint NOT NULL DEFAULT -1,
  custom jsonb,
  unknown jsonb,
  customer uuid,
  customer_number text,
  rating text,
  notes text,
  PRIMARY KEY (holder_firm_id, id),
  CONSTRAINT customer_overlays_customer_required CHECK (holder_firm_id <> owner_firm_id OR customer IS NOT NULL),
  CONSTRAINT customer_overlays_customer_refers FOREIGN KEY (customer) REFERENCES records (id),
  CONSTRAINT customer_overlays_customer_number_max CHECK (char_length(customer_number) <= 40),
  CONSTRAINT customer_overlays_rating_known CHECK (holder_firm_id <> owner_firm_id OR rating IN ('COLD', 'WARM', 'HOT')),
  CONSTRAINT customer_overlays_notes_max CHECK (char_length(notes) <= 100000)
);

CREATE TABLE deal_decisions (
  holder_firm_id uuid NOT NULL,
  id uuid NOT NULL REFERENCES records (id),
  owner_firm_id uuid NOT NULL,
  version bigint NOT NULL CHECK (version > 0),
  field_versions bigint[] NOT NULL,
  field_times timestamptz[] NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid,
  updated_at timestamptz NOT NULL,
  updated_by uuid,
  deleted_at timestamptz,
  provenance text NOT NULL,
  mask bigint NOT NULL DEFAULT -1,
  custom jsonb,
  unknown jsonb,
  addressed_to uuid,
  sent_at timestamptz,
  deal_registration uuid,
  review_status text,
  conflict boolean,
  comments text,
  protection_starts_at timestamptz,
  protection_ends_at timestamptz,
  received_at timestamptz,
  conflicting_registrations uuid[],
  matching_customers uuid[],
  conflict_report text,
  PRIMARY KEY (holder_firm_id, id),
  CONSTRAINT deal_decisions_addressed_to_required CHECK (holder_firm_id <> owner_firm_id OR addressed_to IS NOT NULL),
  CONSTRAINT deal_decisions_addressed_to_refers FOREIGN KEY (addressed_to) REFERENCES records (id),
  CONSTRAINT deal_decisions_deal_registration_required CHECK (holder_firm_id <> owner_firm_id OR deal_registration IS NOT NULL),
  CONSTRAINT deal_decisions_deal_registration_refers FOREIGN KEY (deal_registration) REFERENCES records (id),
  CONSTRAINT deal_decisions_review_status_required CHECK (holder_firm_id <> owner_firm_id OR review_status IS NOT NULL),
  CONSTRAINT deal_decisions_review_status_known CHECK (holder_firm_id <> owner_firm_id OR review_status IN ('UNDER_REVIEW', 'ACTION_REQUIRED', 'APPROVED', 'REJECTED', 'EXPIRED')),
  CONSTRAINT deal_decisions_conflict_required CHECK (holder_firm_id <> owner_firm_id OR conflict IS NOT NULL),
  CONSTRAINT deal_decisions_comments_max CHECK (char_length(comments) <= 100000),
  CONSTRAINT deal_decisions_received_at_required CHECK (holder_firm_id <> owner_firm_id OR received_at IS NOT NULL),
  CONSTRAINT deal_decisions_conflict_report_max CHECK (char_length(conflict_report) <= 100000)
);

CREATE TABLE deal_registrations (
  holder_firm_id uuid NOT NULL,
  id uuid NOT NULL REFERENCES records (id),
  owner_firm_id uuid NOT NULL,
  version bigint NOT NULL CHECK (version > 0),
  field_versions bigint[] NOT NULL,
  field_times timestamptz[] NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid,
  updated_at timestamptz NOT NULL,
  updated_by uuid,
  deleted_at timestamptz,
  provenance text NOT NULL,
  mask bigint NOT NULL DEFAULT -1,
  custom jsonb,
  unknown jsonb,
  addressed_to uuid,
  sent_at timestamptz,
  name text,
  sort_key text COLLATE "C" GENERATED ALWAYS AS (fondaco_key(name)) STORED,
  state text,
  customer uuid,
  company_name text,
  company_website text,
  company_vat_id text,
  company_duns text,
  company_city text,
  company_country text,
  products uuid[],
  estimated_deal_size_amount numeric,
  estimated_deal_size_currency text,
  estimated_close_on date,
  description text,
  internal_notes text,
  PRIMARY KEY (holder_firm_id, id),
  CONSTRAINT deal_registrations_addressed_to_required CHECK (holder_firm_id <> owner_firm_id OR addressed_to IS NOT NULL),
  CONSTRAINT deal_registrations_addressed_to_refers FOREIGN KEY (addressed_to) REFERENCES records (id),
  CONSTRAINT deal_registrations_name_required CHECK (holder_firm_id <> owner_firm_id OR name IS NOT NULL),
  CONSTRAINT deal_registrations_name_max CHECK (char_length(name) <= 200),
  CONSTRAINT deal_registrations_state_required CHECK (holder_firm_id <> owner_firm_id OR state IS NOT NULL),
  CONSTRAINT deal_registrations_state_known CHECK (holder_firm_id <> owner_firm_id OR state IN ('DRAFT', 'SUBMITTED', 'WITHDRAWN', 'WON', 'LOST')),
  CONSTRAINT deal_registrations_customer_refers FOREIGN KEY (customer) REFERENCES records (id),
  CONSTRAINT deal_registrations_company_name_required CHECK (holder_firm_id <> owner_firm_id OR company_name IS NOT NULL),
  CONSTRAINT deal_registrations_company_name_max CHECK (char_length(company_name) <= 200),
  CONSTRAINT deal_registrations_company_website_max CHECK (char_length(company_website) <= 200),
  CONSTRAINT deal_registrations_company_vat_id_max CHECK (char_length(company_vat_id) <= 20),
  CONSTRAINT deal_registrations_company_duns_max CHECK (char_length(company_duns) <= 9),
  CONSTRAINT deal_registrations_company_city_max CHECK (char_length(company_city) <= 100),
  CONSTRAINT deal_registrations_company_country_required CHECK (holder_firm_id <> owner_firm_id OR company_country IS NOT NULL),
  CONSTRAINT deal_registrations_company_country_max CHECK (char_length(company_country) <= 2),
  CONSTRAINT deal_registrations_estimated_deal_size_whole CHECK ((estimated_deal_size_amount IS NULL) = (estimated_deal_size_currency IS NULL)),
  CONSTRAINT deal_registrations_estimated_deal_size_required CHECK (holder_firm_id <> owner_firm_id OR estimated_deal_size_amount IS NOT NULL),
  CONSTRAINT deal_registrations_estimated_close_on_required CHECK (holder_firm_id <> owner_firm_id OR estimated_close_on IS NOT NULL),
  CONSTRAINT deal_registrations_description_max CHECK (char_length(description) <= 100000),
  CONSTRAINT deal_registrations_internal_notes_max CHECK (char_length(internal_notes) <= 100000)
);

CREATE TABLE documents (
  holder_firm_id uuid NOT NULL,
  id uuid NOT NULL REFERENCES records (id),
  owner_firm_id uuid NOT NULL,
  version bigint NOT NULL CHECK (version > 0),
  field_versions bigint[] NOT NULL,
  field_times timestamptz[] NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid,
  updated_at timestamptz NOT NULL,
  updated_by uuid,
  deleted_at timestamptz,
  provenance text NOT NULL,
  mask bigint NOT NULL DEFAULT -1,
  custom jsonb,
  unknown jsonb,
  audience text,
  audience_team uuid,
  audience_firms uuid[],
  customer uuid,
  title text,
  sort_key text COLLATE "C" GENERATED ALWAYS AS (fondaco_key(title)) STORED,
  document_type text,
  status text,
  folder uuid,
  published_on date,
  expires_on date,
  PRIMARY KEY (holder_firm_id, id),
  CONSTRAINT documents_audience_required CHECK (holder_firm_id <> owner_firm_id OR audience IS NOT NULL),
  CONSTRAINT documents_audience_known CHECK (holder_firm_id <> owner_firm_id OR audience IN ('TEAM', 'FIRM', 'FIRMS')),
  CONSTRAINT documents_audience_team_refers FOREIGN KEY (audience_team) REFERENCES records (id),
  CONSTRAINT documents_customer_refers FOREIGN KEY (customer) REFERENCES records (id),
  CONSTRAINT documents_title_required CHECK (holder_firm_id <> owner_firm_id OR title IS NOT NULL),
  CONSTRAINT documents_title_max CHECK (char_length(title) <= 200),
  CONSTRAINT documents_document_type_required CHECK (holder_firm_id <> owner_firm_id OR document_type IS NOT NULL),
  CONSTRAINT documents_document_type_known CHECK (holder_firm_id <> owner_firm_id OR document_type IN ('CONTRACT', 'NDA', 'PRICE_LIST', 'TECHNICAL', 'PROPOSAL', 'PROOF', 'OTHER')),
  CONSTRAINT documents_status_required CHECK (holder_firm_id <> owner_firm_id OR status IS NOT NULL),
  CONSTRAINT documents_status_known CHECK (holder_firm_id <> owner_firm_id OR status IN ('DRAFT', 'ACTIVE', 'CANCELED', 'EXPIRED')),
  CONSTRAINT documents_folder_refers FOREIGN KEY (folder) REFERENCES records (id)
);

CREATE TABLE document_versions (
  holder_firm_id uuid NOT NULL,
  id uuid NOT NULL REFERENCES records (id),
  owner_firm_id uuid NOT NULL,
  version bigint NOT NULL CHECK (version > 0),
  field_versions bigint[] NOT NULL,
  field_times timestamptz[] NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid,
  updated_at timestamptz NOT NULL,
  updated_by uuid,
  deleted_at timestamptz,
  provenance text NOT NULL,
  mask bigint NOT NULL DEFAULT -1,
  custom jsonb,
  unknown jsonb,
  document uuid,
  number bigint,
  file_name text,
  sort_key text COLLATE "C" GENERATED ALWAYS AS (fondaco_key(file_name)) STORED,
  sha256 text,
  media_type text,
  size bigint,
  change_log text,
  scanned_at timestamptz,
  PRIMARY KEY (holder_firm_id, id),
  CONSTRAINT document_versions_document_required CHECK (holder_firm_id <> owner_firm_id OR document IS NOT NULL),
  CONSTRAINT document_versions_document_refers FOREIGN KEY (document) REFERENCES records (id),
  CONSTRAINT document_versions_number_required CHECK (holder_firm_id <> owner_firm_id OR number IS NOT NULL),
  CONSTRAINT document_versions_file_name_required CHECK (holder_firm_id <> owner_firm_id OR file_name IS NOT NULL),
  CONSTRAINT document_versions_file_name_max CHECK (char_length(file_name) <= 200),
  CONSTRAINT document_versions_sha256_required CHECK (holder_firm_id <> owner_firm_id OR sha256 IS NOT NULL),
  CONSTRAINT document_versions_sha256_max CHECK (char_length(sha256) <= 64),
  CONSTRAINT document_versions_media_type_required CHECK (holder_firm_id <> owner_firm_id OR media_type IS NOT NULL),
  CONSTRAINT document_versions_media_type_max CHECK (char_length(media_type) <= 100),
  CONSTRAINT document_versions_size_required CHECK (holder_firm_id <> owner_firm_id OR size IS NOT NULL),
  CONSTRAINT document_versions_change_log_max CHECK (char_length(change_log) <= 2000)
);

CREATE TABLE firms (
  holder_firm_id uuid NOT NULL,
  id uuid NOT NULL REFERENCES records (id),
  owner_firm_id uuid NOT NULL,
  version bigint NOT NULL CHECK (version > 0),
  field_versions bigint[] NOT NULL,
  field_times timestamptz[] NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid,
  updated_at timestamptz NOT NULL,
  updated_by uuid,
  deleted_at timestamptz,
  provenance text NOT NULL,
  mask bigint NOT NULL DEFAULT -1,
  custom jsonb,
  unknown jsonb,
  legal_name text,
  sort_key text COLLATE "C" GENERATED ALWAYS AS (fondaco_key(legal_name)) STORED,
  trade_name text,
  domains text[],
  duns text,
  gln text,
  vat_id text,
  country text,
  partner_types text[],
  time_zone text,
  signing_key text,
  PRIMARY KEY (holder_firm_id, id),
  CONSTRAINT firms_legal_name_required CHECK (holder_firm_id <> owner_firm_id OR legal_name IS NOT NULL),
  CONSTRAINT firms_legal_name_max CHECK (char_length(legal_name) <= 200),
  CONSTRAINT firms_trade_name_max CHECK (char_length(trade_name) <= 200),
  CONSTRAINT firms_duns_max CHECK (char_length(duns) <= 9),
  CONSTRAINT firms_gln_max CHECK (char_length(gln) <= 13),
  CONSTRAINT firms_vat_id_max CHECK (char_length(vat_id) <= 20),
  CONSTRAINT firms_country_max CHECK (char_length(country) <= 2),
  CONSTRAINT firms_time_zone_max CHECK (char_length(time_zone) <= 60),
  CONSTRAINT firms_signing_key_max CHECK (char_length(signing_key) <= 100)
);

CREATE TABLE folders (
  holder_firm_id uuid NOT NULL,
  id uuid NOT NULL REFERENCES records (id),
  owner_firm_id uuid NOT NULL,
  version bigint NOT NULL CHECK (version > 0),
  field_versions bigint[] NOT NULL,
  field_times timestamptz[] NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid,
  updated_at timestamptz NOT NULL,
  updated_by uuid,
  deleted_at timestamptz,
  provenance text NOT NULL,
  mask bigint NOT NULL DEFAULT -1,
  custom jsonb,
  unknown jsonb,
  name text,
  sort_key text COLLATE "C" GENERATED ALWAYS AS (fondaco_key(name)) STORED,
  within uuid,
  PRIMARY KEY (holder_firm_id, id),
  CONSTRAINT folders_name_required CHECK (holder_firm_id <> owner_firm_id OR name IS NOT NULL),
  CONSTRAINT folders_name_max CHECK (char_length(name) <= 200),
  CONSTRAINT folders_within_refers FOREIGN KEY (within) REFERENCES records (id)
);

CREATE TABLE goals (
  holder_firm_id uuid NOT NULL,
  id uuid NOT NULL REFERENCES records (id),
  owner_firm_id uuid NOT NULL,
  version bigint NOT NULL CHECK (version > 0),
  field_versions bigint[] NOT NULL,
  field_times timestamptz[] NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid,
  updated_at timestamptz NOT NULL,
  updated_by uuid,
  deleted_at timestamptz,
  provenance text NOT NULL,
  mask bigint NOT NULL DEFAULT -1,
  custom jsonb,
  unknown jsonb,
  audience text,
  audience_team uuid,
  audience_firms uuid[],
  customer uuid,
  title text,
  sort_key text COLLATE "C" GENERATED ALWAYS AS (fondaco_key(title)) STORED,
  target text,
  due_on date,
  reached boolean,
  PRIMARY KEY (holder_firm_id, id),
  CONSTRAINT goals_audience_required CHECK (holder_firm_id <> owner_firm_id OR audience IS NOT NULL),
  CONSTRAINT goals_audience_known CHECK (holder_firm_id <> owner_firm_id OR audience IN ('TEAM', 'FIRM', 'FIRMS')),
  CONSTRAINT goals_audience_team_refers FOREIGN KEY (audience_team) REFERENCES records (id),
  CONSTRAINT goals_customer_required CHECK (holder_firm_id <> owner_firm_id OR customer IS NOT NULL),
  CONSTRAINT goals_customer_refers FOREIGN KEY (customer) REFERENCES records (id),
  CONSTRAINT goals_title_required CHECK (holder_firm_id <> owner_firm_id OR title IS NOT NULL),
  CONSTRAINT goals_title_max CHECK (char_length(title) <= 200),
  CONSTRAINT goals_target_max CHECK (char_length(target) <= 500),
  CONSTRAINT goals_reached_required CHECK (holder_firm_id <> owner_firm_id OR reached IS NOT NULL)
);

CREATE TABLE grants (
  holder_firm_id uuid NOT NULL,
  id uuid NOT NULL REFERENCES records (id),
  owner_firm_id uuid NOT NULL,
  version bigint NOT NULL CHECK (version > 0),
  field_versions bigint[] NOT NULL,
  field_times timestamptz[] NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid,
  updated_at timestamptz NOT NULL,
  updated_by uuid,
  deleted_at timestamptz,
  provenance text NOT NULL,
  mask bigint NOT NULL DEFAULT -1,
  custom jsonb,
  unknown jsonb,
  addressed_to uuid,
  sent_at timestamptz,
  sharing_agreement uuid,
  record_kind text,
  record_id text,
  reason text,
  PRIMARY KEY (holder_firm_id, id),
  CONSTRAINT grants_addressed_to_required CHECK (holder_firm_id <> owner_firm_id OR addressed_to IS NOT NULL),
  CONSTRAINT grants_addressed_to_refers FOREIGN KEY (addressed_to) REFERENCES records (id),
  CONSTRAINT grants_sharing_agreement_required CHECK (holder_firm_id <> owner_firm_id OR sharing_agreement IS NOT NULL),
  CONSTRAINT grants_sharing_agreement_refers FOREIGN KEY (sharing_agreement) REFERENCES records (id),
  CONSTRAINT grants_record_kind_required CHECK (holder_firm_id <> owner_firm_id OR record_kind IS NOT NULL),
  CONSTRAINT grants_record_kind_max CHECK (char_length(record_kind) <= 60),
  CONSTRAINT grants_record_id_required CHECK (holder_firm_id <> owner_firm_id OR record_id IS NOT NULL),
  CONSTRAINT grants_record_id_max CHECK (char_length(record_id) <= 36),
  CONSTRAINT grants_reason_max CHECK (char_length(reason) <= 500)
);

CREATE TABLE interactions (
  holder_firm_id uuid NOT NULL,
  id uuid NOT NULL REFERENCES records (id),
  owner_firm_id uuid NOT NULL,
  version bigint NOT NULL CHECK (version > 0),
  field_versions bigint[] NOT NULL,
  field_times timestamptz[] NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid,
  updated_at timestamptz NOT NULL,
  updated_by uuid,
  deleted_at timestamptz,
  provenance text NOT NULL,
  mask bigint NOT NULL DEFAULT -1,
  custom jsonb,
  unknown jsonb,
  audience text,
  audience_team uuid,
  audience_firms uuid[],
  customer uuid,
  interaction_type text,
  occurred_at timestamptz,
  direction text,
  subject text,
  sort_key text COLLATE "C" GENERATED ALWAYS AS (fondaco_key(subject)) STORED,
  body text,
  participants text[],
  reply_to uuid,
  PRIMARY KEY (holder_firm_id, id),
  CONSTRAINT interactions_audience_required CHECK (holder_firm_id <> owner_firm_id OR audience IS NOT NULL),
  CONSTRAINT interactions_audience_known CHECK (holder_firm_id <> owner_firm_id OR audience IN ('TEAM', 'FIRM', 'FIRMS')),
  CONSTRAINT interactions_audience_team_refers FOREIGN KEY (audience_team) REFERENCES records (id),
  CONSTRAINT interactions_customer_required CHECK (holder_firm_id <> owner_firm_id OR customer IS NOT NULL),
  CONSTRAINT interactions_customer_refers FOREIGN KEY (customer) REFERENCES records (id),
  CONSTRAINT interactions_interaction_type_required CHECK (holder_firm_id <> owner_firm_id OR interaction_type IS NOT NULL),
  CONSTRAINT interactions_interaction_type_known CHECK (holder_firm_id <> owner_firm_id OR interaction_type IN ('CALL', 'EMAIL', 'MEETING', 'NOTE', 'RESALE')),
  CONSTRAINT interactions_occurred_at_required CHECK (holder_firm_id <> owner_firm_id OR occurred_at IS NOT NULL),
  CONSTRAINT interactions_direction_known CHECK (holder_firm_id <> owner_firm_id OR direction IN ('INBOUND', 'OUTBOUND')),
  CONSTRAINT interactions_subject_required CHECK (holder_firm_id <> owner_firm_id OR subject IS NOT NULL),
  CONSTRAINT interactions_subject_max CHECK (char_length(subject) <= 200),
  CONSTRAINT interactions_body_max CHECK (char_length(body) <= 100000),
  CONSTRAINT interactions_reply_to_refers FOREIGN KEY (reply_to) REFERENCES records (id)
);

CREATE TABLE interchanges (
  holder_firm_id uuid NOT NULL,
  id uuid NOT NULL REFERENCES records (id),
  owner_firm_id uuid NOT NULL,
  version bigint NOT NULL CHECK (version > 0),
  field_versions bigint[] NOT NULL,
  field_times timestamptz[] NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid,
  updated_at timestamptz NOT NULL,
  updated_by uuid,
  deleted_at timestamptz,
  provenance text NOT NULL,
  mask bigint NOT NULL DEFAULT -1,
  custom jsonb,
  unknown jsonb,
  addressed_to uuid,
  sent_at timestamptz,
  file_name text,
  sort_key text COLLATE "C" GENERATED ALWAYS AS (fondaco_key(file_name)) STORED,
  flow text,
  standard text,
  control_number text,
  sender text,
  receiver text,
  exchanged_at timestamptz,
  state text,
  test boolean,
  sha256 text,
  size bigint,
  findings jsonb,
  acknowledgment uuid,
  PRIMARY KEY (holder_firm_id, id),
  CONSTRAINT interchanges_addressed_to_required CHECK (holder_firm_id <> owner_firm_id OR addressed_to IS NOT NULL),
  CONSTRAINT interchanges_addressed_to_refers FOREIGN KEY (addressed_to) REFERENCES records (id),
  CONSTRAINT interchanges_file_name_required CHECK (holder_firm_id <> owner_firm_id OR file_name IS NOT NULL),
  CONSTRAINT interchanges_file_name_max CHECK (char_length(file_name) <= 200),
  CONSTRAINT interchanges_flow_required CHECK (holder_firm_id <> owner_firm_id OR flow IS NOT NULL),
  CONSTRAINT interchanges_flow_known CHECK (holder_firm_id <> owner_firm_id OR flow IN ('RECEIVED', 'SENT')),
  CONSTRAINT interchanges_standard_max CHECK (char_length(standard) <= 20),
  CONSTRAINT interchanges_control_number_max CHECK (char_length(control_number) <= 20),
  CONSTRAINT interchanges_sender_max CHECK (char_length(sender) <= 60),
  CONSTRAINT interchanges_receiver_max CHECK (char_length(receiver) <= 60),
  CONSTRAINT interchanges_exchanged_at_required CHECK (holder_firm_id <> owner_firm_id OR exchanged_at IS NOT NULL),
  CONSTRAINT interchanges_state_required CHECK (holder_firm_id <> owner_firm_id OR state IS NOT NULL),
  CONSTRAINT interchanges_state_known CHECK (holder_firm_id <> owner_firm_id OR state IN ('RECEIVED', 'POSTED', 'PARTLY', 'REJECTED', 'QUARANTINED', 'DUPLICATE', 'QUEUED', 'DELIVERED')),
  CONSTRAINT interchanges_test_required CHECK (holder_firm_id <> owner_firm_id OR test IS NOT NULL),
  CONSTRAINT interchanges_sha256_required CHECK (holder_firm_id <> owner_firm_id OR sha256 IS NOT NULL),
  CONSTRAINT interchanges_sha256_max CHECK (char_length(sha256) <= 64),
  CONSTRAINT interchanges_size_required CHECK (holder_firm_id <> owner_firm_id OR size IS NOT NULL),
  CONSTRAINT interchanges_acknowledgment_refers FOREIGN KEY (acknowledgment) REFERENCES records (id)
);

CREATE TABLE memberships (
  holder_firm_id uuid NOT NULL,
  id uuid NOT NULL REFERENCES records (id),
  owner_firm_id uuid NOT NULL,
  version bigint NOT NULL CHECK (version > 0),
  field_versions bigint[] NOT NULL,
  field_times timestamptz[] NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid,
  updated_at timestamptz NOT NULL,
  updated_by uuid,
  deleted_at timestamptz,
  provenance text NOT NULL,
  mask bigint NOT NULL DEFAULT -1,
  custom jsonb,
  unknown jsonb,
  member uuid,
  team uuid,
  roles text[],
  PRIMARY KEY (holder_firm_id, id),
  CONSTRAINT memberships_member_required CHECK (holder_firm_id <> owner_firm_id OR member IS NOT NULL),
  CONSTRAINT memberships_member_refers FOREIGN KEY (member) REFERENCES records (id),
  CONSTRAINT memberships_team_refers FOREIGN KEY (team) REFERENCES records (id)
);

CREATE TABLE partners (
  holder_firm_id uuid NOT NULL,
  id uuid NOT NULL REFERENCES records (id),
  owner_firm_id uuid NOT NULL,
  version bigint NOT NULL CHECK (version > 0),
  field_versions bigint[] NOT NULL,
  field_times timestamptz[] NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid,
  updated_at timestamptz NOT NULL,
  updated_by uuid,
  deleted_at timestamptz,
  provenance text NOT NULL,
  mask bigint NOT NULL DEFAULT -1,
  custom jsonb,
  unknown jsonb,
  name text,
  sort_key text COLLATE "C" GENERATED ALWAYS AS (fondaco_key(name)) STORED,
  firm uuid,
  partner_types text[],
  duns text,
  country text,
  partner_number text,
  description text,
  PRIMARY KEY (holder_firm_id, id),
  CONSTRAINT partners_name_required CHECK (holder_firm_id <> owner_firm_id OR name IS NOT NULL),
  CONSTRAINT partners_name_max CHECK (char_length(name) <= 200),
  CONSTRAINT partners_firm_refers FOREIGN KEY (firm) REFERENCES records (id),
  CONSTRAINT partners_duns_max CHECK (char_length(duns) <= 9),
  CONSTRAINT partners_country_max CHECK (char_length(country) <= 2),
  CONSTRAINT partners_partner_number_max CHECK (char_length(partner_number) <= 40),
  CONSTRAINT partners_description_max CHECK (char_length(description) <= 100000)
);

CREATE TABLE partnerships (
  holder_firm_id uuid NOT NULL,
  id uuid NOT NULL REFERENCES records (id),
  owner_firm_id uuid NOT NULL,
  version bigint NOT NULL CHECK (version > 0),
  field_versions bigint[] NOT NULL,
  field_times timestamptz[] NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid,
  updated_at timestamptz NOT NULL,
  updated_by uuid,
  deleted_at timestamptz,
  provenance text NOT NULL,
  mask bigint NOT NULL DEFAULT -1,
  custom jsonb,
  unknown jsonb,
  addressed_to uuid,
  sent_at timestamptz,
  name text,
  sort_key text COLLATE "C" GENERATED ALWAYS AS (fondaco_key(name)) STORED,
  state text,
  scope text,
  starts_on date,
  ends_on date,
  PRIMARY KEY (holder_firm_id, id),
  CONSTRAINT partnerships_addressed_to_required CHECK (holder_firm_id <> owner_firm_id OR addressed_to IS NOT NULL),
  CONSTRAINT partnerships_addressed_to_refers FOREIGN KEY (addressed_to) REFERENCES records (id),
  CONSTRAINT partnerships_name_required CHECK (holder_firm_id <> owner_firm_id OR name IS NOT NULL),
  CONSTRAINT partnerships_name_max CHECK (char_length(name) <= 200),
  CONSTRAINT partnerships_state_required CHECK (holder_firm_id <> owner_firm_id OR state IS NOT NULL),
  CONSTRAINT partnerships_state_known CHECK (holder_firm_id <> owner_firm_id OR state IN ('INVITED', 'ACTIVE', 'SUSPENDED', 'ENDED')),
  CONSTRAINT partnerships_scope_max CHECK (char_length(scope) <= 100000)
);

CREATE TABLE preferences (
  holder_firm_id uuid NOT NULL,
  id uuid NOT NULL REFERENCES records (id),
  owner_firm_id uuid NOT NULL,
  version bigint NOT NULL CHECK (version > 0),
  field_versions bigint[] NOT NULL,
  field_times timestamptz[] NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid,
  updated_at timestamptz NOT NULL,
  updated_by uuid,
  deleted_at timestamptz,
  provenance text NOT NULL,
  mask bigint NOT NULL DEFAULT -1,
  custom jsonb,
  unknown jsonb,
  audience text,
  audience_team uuid,
  audience_firms uuid[],
  customer uuid,
  topic text,
  sort_key text COLLATE "C" GENERATED ALWAYS AS (fondaco_key(topic)) STORED,
  value text,
  PRIMARY KEY (holder_firm_id, id),
  CONSTRAINT preferences_audience_required CHECK (holder_firm_id <> owner_firm_id OR audience IS NOT NULL),
  CONSTRAINT preferences_audience_known CHECK (holder_firm_id <> owner_firm_id OR audience IN ('TEAM', 'FIRM', 'FIRMS')),
  CONSTRAINT preferences_audience_team_refers FOREIGN KEY (audience_team) REFERENCES records (id),
  CONSTRAINT preferences_customer_required CHECK (holder_firm_id <> owner_firm_id OR customer IS NOT NULL),
  CONSTRAINT preferences_customer_refers FOREIGN KEY (customer) REFERENCES records (id),
  CONSTRAINT preferences_topic_required CHECK (holder_firm_id <> owner_firm_id OR topic IS NOT NULL),
  CONSTRAINT preferences_topic_max CHECK (char_length(topic) <= 200),
  CONSTRAINT preferences_value_required CHECK (holder_firm_id <> owner_firm_id OR value IS NOT NULL),
  CONSTRAINT preferences_value_max CHECK (char_length(value) <= 1000)
);

CREATE TABLE products (
  holder_firm_id uuid NOT NULL,
  id uuid NOT NULL REFERENCES records (id),
  owner_firm_id uuid NOT NULL,
  version bigint NOT NULL CHECK (version > 0),
  field_versions bigint[] NOT NULL,
  field_times timestamptz[] NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid,
  updated_at timestamptz NOT NULL,
  updated_by uuid,
  deleted_at timestamptz,
  provenance text NOT NULL,
  mask bigint NOT NULL DEFAULT -1,
  custom jsonb,
  unknown jsonb,
  name text,
  sort_key text COLLATE "C" GENERATED ALWAYS AS (fondaco_key(name)) STORED,
  part_number text,
  gtin text,
  family text,
  list_price_amount numeric,
  list_price_currency text,
  orderable boolean,
  description text,
  PRIMARY KEY (holder_firm_id, id),
  CONSTRAINT products_name_required CHECK (holder_firm_id <> owner_firm_id OR name IS NOT NULL),
  CONSTRAINT products_name_max CHECK (char_length(name) <= 200),
  CONSTRAINT products_part_number_required CHECK (holder_firm_id <> owner_firm_id OR part_number IS NOT NULL),
  CONSTRAINT products_part_number_max CHECK (char_length(part_number) <= 60),
  CONSTRAINT products_gtin_max CHECK (char_length(gtin) <= 14),
  CONSTRAINT products_family_max CHECK (char_length(family) <= 60),
  CONSTRAINT products_list_price_whole CHECK ((list_price_amount IS NULL) = (list_price_currency IS NULL)),
  CONSTRAINT products_orderable_required CHECK (holder_firm_id <> owner_firm_id OR orderable IS NOT NULL),
  CONSTRAINT products_description_max CHECK (char_length(description) <= 100000)
);

CREATE TABLE promotions (
  holder_firm_id uuid NOT NULL,
  id uuid NOT NULL REFERENCES records (id),
  owner_firm_id uuid NOT NULL,
  version bigint NOT NULL CHECK (version > 0),
  field_versions bigint[] NOT NULL,
  field_times timestamptz[] NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid,
  updated_at timestamptz NOT NULL,
  updated_by uuid,
  deleted_at timestamptz,
  provenance text NOT NULL,
  mask bigint NOT NULL DEFAULT -1,
  custom jsonb,
  unknown jsonb,
  name text,
  sort_key text COLLATE "C" GENERATED ALWAYS AS (fondaco_key(name)) STORED,
  starts_on date,
  ends_on date,
  products uuid[],
  discount_percent numeric,
  description text,
  budget_amount numeric,
  budget_currency text,
  PRIMARY KEY (holder_firm_id, id),
  CONSTRAINT promotions_name_required CHECK (holder_firm_id <> owner_firm_id OR name IS NOT NULL),
  CONSTRAINT promotions_name_max CHECK (char_length(name) <= 200),
  CONSTRAINT promotions_starts_on_required CHECK (holder_firm_id <> owner_firm_id OR starts_on IS NOT NULL),
  CONSTRAINT promotions_ends_on_required CHECK (holder_firm_id <> owner_firm_id OR ends_on IS NOT NULL),
  CONSTRAINT promotions_description_max CHECK (char_length(description) <= 100000),
  CONSTRAINT promotions_budget_whole CHECK ((budget_amount IS NULL) = (budget_currency IS NULL))
);

CREATE TABLE sales_reports (
  holder_firm_id uuid NOT NULL,
  id uuid NOT NULL REFERENCES records (id),
  owner_firm_id uuid NOT NULL,
  version bigint NOT NULL CHECK (version > 0),
  field_versions bigint[] NOT NULL,
  field_times timestamptz[] NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid,
  updated_at timestamptz NOT NULL,
  updated_by uuid,
  deleted_at timestamptz,
  provenance text NOT NULL,
  mask bigint NOT NULL DEFAULT -1,
  custom jsonb,
  unknown jsonb,
  addressed_to uuid,
  sent_at timestamptz,
  report_number text,
  sort_key text COLLATE "C" GENERATED ALWAYS AS (fondaco_key(report_number)) STORED,
  distributor_name text,
  reported_on date,
  period_starts_on date,
  period_ends_on date,
  currency text,
  transaction_set uuid,
  PRIMARY KEY (holder_firm_id, id),
  CONSTRAINT sales_reports_addressed_to_required CHECK (holder_firm_id <> owner_firm_id OR addressed_to IS NOT NULL),
  CONSTRAINT sales_reports_addressed_to_refers FOREIGN KEY (addressed_to) REFERENCES records (id),
  CONSTRAINT sales_reports_report_number_required CHECK (holder_firm_id <> owner_firm_id OR report_number IS NOT NULL),
  CONSTRAINT sales_reports_report_number_max CHECK (char_length(report_number) <= 200),
  CONSTRAINT sales_reports_distributor_name_max CHECK (char_length(distributor_name) <= 200),
  CONSTRAINT sales_reports_reported_on_required CHECK (holder_firm_id <> owner_firm_id OR reported_on IS NOT NULL),
  CONSTRAINT sales_reports_currency_max CHECK (char_length(currency) <= 3),
  CONSTRAINT sales_reports_transaction_set_refers FOREIGN KEY (transaction_set) REFERENCES records (id)
);

CREATE TABLE sales_report_lines (
  holder_firm_id uuid NOT NULL,
  id uuid NOT NULL REFERENCES records (id),
  owner_firm_id uuid NOT NULL,
  version bigint NOT NULL CHECK (version > 0),
  field_versions bigint[] NOT NULL,
  field_times timestamptz[] NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid,
  updated_at timestamptz NOT NULL,
  updated_by uuid,
  deleted_at timestamptz,
  provenance text NOT NULL,
  mask bigint NOT NULL DEFAULT -1,
  custom jsonb,
  unknown jsonb,
  sales_report uuid,
  line_number bigint,
  invoice_number text,
  sort_key text COLLATE "C" GENERATED ALWAYS AS (fondaco_key(invoice_number)) STORED,
  sold_on date,
  part_number text,
  distributor_part_number text,
  product_description text,
  quantity numeric,
  unit_of_measure text,
  unit_price numeric,
  serial_numbers text[],
  end_customer_name text,
  end_customer_city text,
  end_customer_country text,
  authorization_number text,
  registration_number text,
  customer uuid,
  product uuid,
  match_state text,
  PRIMARY KEY (holder_firm_id, id),
  CONSTRAINT sales_report_lines_sales_report_required CHECK (holder_firm_id <> owner_firm_id OR sales_report IS NOT NULL),
  CONSTRAINT sales_report_lines_sales_report_refers FOREIGN KEY (sales_report) REFERENCES records (id),
  CONSTRAINT sales_report_lines_line_number_required CHECK (holder_firm_id <> owner_firm_id OR line_number IS NOT NULL),
  CONSTRAINT sales_report_lines_invoice_number_required CHECK (holder_firm_id <> owner_firm_id OR invoice_number IS NOT NULL),
  CONSTRAINT sales_report_lines_invoice_number_max CHECK (char_length(invoice_number) <= 60),
  CONSTRAINT sales_report_lines_part_number_max CHECK (char_length(part_number) <= 60),
  CONSTRAINT sales_report_lines_distributor_part_number_max CHECK (char_length(distributor_part_number) <= 60),
  CONSTRAINT sales_report_lines_product_description_max CHECK (char_length(product_description) <= 500),
  CONSTRAINT sales_report_lines_quantity_required CHECK (holder_firm_id <> owner_firm_id OR quantity IS NOT NULL),
  CONSTRAINT sales_report_lines_unit_of_measure_max CHECK (char_length(unit_of_measure) <= 3),
  CONSTRAINT sales_report_lines_end_customer_name_max CHECK (char_length(end_customer_name) <= 200),
  CONSTRAINT sales_report_lines_end_customer_city_max CHECK (char_length(end_customer_city) <= 100),
  CONSTRAINT sales_report_lines_end_customer_country_max CHECK (char_length(end_customer_country) <= 3),
  CONSTRAINT sales_report_lines_authorization_number_max CHECK (char_length(authorization_number) <= 60),
  CONSTRAINT sales_report_lines_registration_number_max CHECK (char_length(registration_number) <= 60),
  CONSTRAINT sales_report_lines_customer_refers FOREIGN KEY (customer) REFERENCES records (id),
  CONSTRAINT sales_report_lines_product_refers FOREIGN KEY (product) REFERENCES records (id),
  CONSTRAINT sales_report_lines_match_state_required CHECK (holder_firm_id <> owner_firm_id OR match_state IS NOT NULL),
  CONSTRAINT sales_report_lines_match_state_known CHECK (holder_firm_id <> owner_firm_id OR match_state IN ('MATCHED', 'AMBIGUOUS', 'UNMATCHED'))
);

CREATE TABLE sharing_agreements (
  holder_firm_id uuid NOT NULL,
  id uuid NOT NULL REFERENCES records (id),
  owner_firm_id uuid NOT NULL,
  version bigint NOT NULL CHECK (version > 0),
  field_versions bigint[] NOT NULL,
  field_times timestamptz[] NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid,
  updated_at timestamptz NOT NULL,
  updated_by uuid,
  deleted_at timestamptz,
  provenance text NOT NULL,
  mask bigint NOT NULL DEFAULT -1,
  custom jsonb,
  unknown jsonb,
  addressed_to uuid,
  sent_at timestamptz,
  name text,
  sort_key text COLLATE "C" GENERATED ALWAYS AS (fondaco_key(name)) STORED,
  state text,
  partnership uuid,
  purpose text,
  terms jsonb,
  valid_from date,
  valid_until date,
  requires uuid,
  rests_on uuid,
  PRIMARY KEY (holder_firm_id, id),
  CONSTRAINT sharing_agreements_addressed_to_required CHECK (holder_firm_id <> owner_firm_id OR addressed_to IS NOT NULL),
  CONSTRAINT sharing_agreements_addressed_to_refers FOREIGN KEY (addressed_to) REFERENCES records (id),
  CONSTRAINT sharing_agreements_name_required CHECK (holder_firm_id <> owner_firm_id OR name IS NOT NULL),
  CONSTRAINT sharing_agreements_name_max CHECK (char_length(name) <= 200),
  CONSTRAINT sharing_agreements_state_required CHECK (holder_firm_id <> owner_firm_id OR state IS NOT NULL),
  CONSTRAINT sharing_agreements_state_known CHECK (holder_firm_id <> owner_firm_id OR state IN ('DRAFT', 'OFFERED', 'SUSPENDED', 'REVOKED')),
  CONSTRAINT sharing_agreements_partnership_required CHECK (holder_firm_id <> owner_firm_id OR partnership IS NOT NULL),
  CONSTRAINT sharing_agreements_partnership_refers FOREIGN KEY (partnership) REFERENCES records (id),
  CONSTRAINT sharing_agreements_purpose_max CHECK (char_length(purpose) <= 100000),
  CONSTRAINT sharing_agreements_terms_required CHECK (holder_firm_id <> owner_firm_id OR terms IS NOT NULL),
  CONSTRAINT sharing_agreements_requires_refers FOREIGN KEY (requires) REFERENCES records (id),
  CONSTRAINT sharing_agreements_rests_on_refers FOREIGN KEY (rests_on) REFERENCES records (id)
);

CREATE TABLE tasks (
  holder_firm_id uuid NOT NULL,
  id uuid NOT NULL REFERENCES records (id),
  owner_firm_id uuid NOT NULL,
  version bigint NOT NULL CHECK (version > 0),
  field_versions bigint[] NOT NULL,
  field_times timestamptz[] NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid,
  updated_at timestamptz NOT NULL,
  updated_by uuid,
  deleted_at timestamptz,
  provenance text NOT NULL,
  mask bigint NOT NULL DEFAULT -1,
  custom jsonb,
  unknown jsonb,
  audience text,
  audience_team uuid,
  audience_firms uuid[],
  customer uuid,
  title text,
  sort_key text COLLATE "C" GENERATED ALWAYS AS (fondaco_key(title)) STORED,
  description text,
  assignee uuid,
  due_on date,
  completed_at timestamptz,
  PRIMARY KEY (holder_firm_id, id),
  CONSTRAINT tasks_audience_required CHECK (holder_firm_id <> owner_firm_id OR audience IS NOT NULL),
  CONSTRAINT tasks_audience_known CHECK (holder_firm_id <> owner_firm_id OR audience IN ('TEAM', 'FIRM', 'FIRMS')),
  CONSTRAINT tasks_audience_team_refers FOREIGN KEY (audience_team) REFERENCES records (id),
  CONSTRAINT tasks_customer_refers FOREIGN KEY (customer) REFERENCES records (id),
  CONSTRAINT tasks_title_required CHECK (holder_firm_id <> owner_firm_id OR title IS NOT NULL),
  CONSTRAINT tasks_title_max CHECK (char_length(title) <= 200),
  CONSTRAINT tasks_description_max CHECK (char_length(description) <= 100000),
  CONSTRAINT tasks_assignee_refers FOREIGN KEY (assignee) REFERENCES records (id)
);

CREATE TABLE teams (
  holder_firm_id uuid NOT NULL,
  id uuid NOT NULL REFERENCES records (id),
  owner_firm_id uuid NOT NULL,
  version bigint NOT NULL CHECK (version > 0),
  field_versions bigint[] NOT NULL,
  field_times timestamptz[] NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid,
  updated_at timestamptz NOT NULL,
  updated_by uuid,
  deleted_at timestamptz,
  provenance text NOT NULL,
  mask bigint NOT NULL DEFAULT -1,
  custom jsonb,
  unknown jsonb,
  name text,
  sort_key text COLLATE "C" GENERATED ALWAYS AS (fondaco_key(name)) STORED,
  description text,
  parent uuid,
  PRIMARY KEY (holder_firm_id, id),
  CONSTRAINT teams_name_required CHECK (holder_firm_id <> owner_firm_id OR name IS NOT NULL),
  CONSTRAINT teams_name_max CHECK (char_length(name) <= 200),
  CONSTRAINT teams_description_max CHECK (char_length(description) <= 100000),
  CONSTRAINT teams_parent_refers FOREIGN KEY (parent) REFERENCES records (id)
);

CREATE TABLE transaction_sets (
  holder_firm_id uuid NOT NULL,
  id uuid NOT NULL REFERENCES records (id),
  owner_firm_id uuid NOT NULL,
  version bigint NOT NULL CHECK (version > 0),
  field_versions bigint[] NOT NULL,
  field_times timestamptz[] NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid,
  updated_at timestamptz NOT NULL,
  updated_by uuid,
  deleted_at timestamptz,
  provenance text NOT NULL,
  mask bigint NOT NULL DEFAULT -1,
  custom jsonb,
  unknown jsonb,
  interchange uuid,
  place bigint,
  set_id text,
  sort_key text COLLATE "C" GENERATED ALWAYS AS (fondaco_key(set_id)) STORED,
  standard_version text,
  group_control_number text,
  control_number text,
  verdict text,
  findings jsonb,
  record_count bigint,
  PRIMARY KEY (holder_firm_id, id),
  CONSTRAINT transaction_sets_interchange_required CHECK (holder_firm_id <> owner_firm_id OR interchange IS NOT NULL),
  CONSTRAINT transaction_sets_interchange_refers FOREIGN KEY (interchange) REFERENCES records (id),
  CONSTRAINT transaction_sets_place_required CHECK (holder_firm_id <> owner_firm_id OR place IS NOT NULL),
  CONSTRAINT transaction_sets_set_id_required CHECK (holder_firm_id <> owner_firm_id OR set_id IS NOT NULL),
  CONSTRAINT transaction_sets_set_id_max CHECK (char_length(set_id) <= 10),
  CONSTRAINT transaction_sets_standard_version_max CHECK (char_length(standard_version) <= 12),
  CONSTRAINT transaction_sets_group_control_number_max CHECK (char_length(group_control_number) <= 20),
  CONSTRAINT transaction_sets_control_number_max CHECK (char_length(control_number) <= 20),
  CONSTRAINT transaction_sets_verdict_required CHECK (holder_firm_id <> owner_firm_id OR verdict IS NOT NULL),
  CONSTRAINT transaction_sets_verdict_known CHECK (holder_firm_id <> owner_firm_id OR verdict IN ('ACCEPTED', 'ACCEPTED_WITH_ERRORS', 'REJECTED'))
);

CREATE TABLE users (
  holder_firm_id uuid NOT NULL,
  id uuid NOT NULL REFERENCES records (id),
  owner_firm_id uuid NOT NULL,
  version bigint NOT NULL CHECK (version > 0),
  field_versions bigint[] NOT NULL,
  field_times timestamptz[] NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid,
  updated_at timestamptz NOT NULL,
  updated_by uuid,
  deleted_at timestamptz,
  provenance text NOT NULL,
  mask bigint NOT NULL DEFAULT -1,
  custom jsonb,
  unknown jsonb,
  name text,
  sort_key text COLLATE "C" GENERATED ALWAYS AS (fondaco_key(name)) STORED,
  email text,
  locale text,
  time_zone text,
  active boolean,
  PRIMARY KEY (holder_firm_id, id),
  CONSTRAINT users_name_required CHECK (holder_firm_id <> owner_firm_id OR name IS NOT NULL),
  CONSTRAINT users_name_max CHECK (char_length(name) <= 200),
  CONSTRAINT users_email_required CHECK (holder_firm_id <> owner_firm_id OR email IS NOT NULL),
  CONSTRAINT users_email_max CHECK (char_length(email) <= 254),
  CONSTRAINT users_locale_max CHECK (char_length(locale) <= 10),
  CONSTRAINT users_time_zone_max CHECK (char_length(time_zone) <= 60),
  CONSTRAINT users_active_required CHECK (holder_firm_id <> owner_firm_id OR active IS NOT NULL)
);

-- The fence: a defence for the case that a statement forgot the visible view. The subselect makes PostgreSQL ask
-- once a statement and not once a row; IS TRUE keeps it from being a search of an index, which would begin anew for
-- each firm behind the fence whenever a list goes on to the rows of the next one.
ALTER TABLE acceptances ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON acceptances TO fondaco_app
  USING ((holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[])) IS TRUE)
  WITH CHECK (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]));
CREATE POLICY addressed ON acceptances FOR SELECT TO fondaco_app
  USING (addressed_to = ANY ((SELECT fondaco_fence())::uuid[]) AND sent_at IS NOT NULL);
ALTER TABLE agreements ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON agreements TO fondaco_app
  USING ((holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[])) IS TRUE)
  WITH CHECK (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]));
CREATE POLICY addressed ON agreements FOR SELECT TO fondaco_app
  USING (addressed_to = ANY ((SELECT fondaco_fence())::uuid[]) AND sent_at IS NOT NULL);
ALTER TABLE contacts ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON contacts TO fondaco_app
  USING ((holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[])) IS TRUE)
  WITH CHECK (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]));
ALTER TABLE customers ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON customers TO fondaco_app
  USING ((holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[])) IS TRUE)
  WITH CHECK (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]));
ALTER TABLE customer_overlays ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON customer_overlays TO fondaco_app
  USING ((holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[])) IS TRUE)
  WITH CHECK (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]));
ALTER TABLE deal_decisions ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON deal_decisions TO fondaco_app
  USING ((holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[])) IS TRUE)
  WITH CHECK (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]));
CREATE POLICY addressed ON deal_decisions FOR SELECT TO fondaco_app
  USING (addressed_to = ANY ((SELECT fondaco_fence())::uuid[]) AND sent_at IS NOT NULL);
ALTER TABLE deal_registrations ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON deal_registrations TO fondaco_app
  USING ((holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[])) IS TRUE)
  WITH CHECK (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]));
CREATE POLICY addressed ON deal_registrations FOR SELECT TO fondaco_app
  USING (addressed_to = ANY ((SELECT fondaco_fence())::uuid[]) AND sent_at IS NOT NULL);
ALTER TABLE documents ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON documents TO fondaco_app
  USING ((holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[])) IS TRUE)
  WITH CHECK (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]));
ALTER TABLE document_versions ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON document_versions TO fondaco_app
  USING ((holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[])) IS TRUE)
  WITH CHECK (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]));
ALTER TABLE firms ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON firms TO fondaco_app
  USING ((holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[])) IS TRUE)
  WITH CHECK (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]));
ALTER TABLE folders ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON folders TO fondaco_app
  USING ((holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[])) IS TRUE)
  WITH CHECK (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]));
ALTER TABLE goals ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON goals TO fondaco_app
  USING ((holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[])) IS TRUE)
  WITH CHECK (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]));
ALTER TABLE grants ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON grants TO fondaco_app
  USING ((holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[])) IS TRUE)
  WITH CHECK (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]));
CREATE POLICY addressed ON grants FOR SELECT TO fondaco_app
  USING (addressed_to = ANY ((SELECT fondaco_fence())::uuid[]) AND sent_at IS NOT NULL);
ALTER TABLE interactions ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON interactions TO fondaco_app
  USING ((holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[])) IS TRUE)
  WITH CHECK (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]));
ALTER TABLE interchanges ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON interchanges TO fondaco_app
  USING ((holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[])) IS TRUE)
  WITH CHECK (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]));
CREATE POLICY addressed ON interchanges FOR SELECT TO fondaco_app
  USING (addressed_to = ANY ((SELECT fondaco_fence())::uuid[]) AND sent_at IS NOT NULL);
ALTER TABLE memberships ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON memberships TO fondaco_app
  USING ((holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[])) IS TRUE)
  WITH CHECK (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]));
ALTER TABLE partners ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON partners TO fondaco_app
  USING ((holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[])) IS TRUE)
  WITH CHECK (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]));
ALTER TABLE partnerships ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON partnerships TO fondaco_app
  USING ((holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[])) IS TRUE)
  WITH CHECK (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]));
CREATE POLICY addressed ON partnerships FOR SELECT TO fondaco_app
  USING (addressed_to = ANY ((SELECT fondaco_fence())::uuid[]) AND sent_at IS NOT NULL);
ALTER TABLE preferences ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON preferences TO fondaco_app
  USING ((holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[])) IS TRUE)
  WITH CHECK (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]));
ALTER TABLE products ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON products TO fondaco_app
  USING ((holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[])) IS TRUE)
  WITH CHECK (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]));
ALTER TABLE promotions ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON promotions TO fondaco_app
  USING ((holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[])) IS TRUE)
  WITH CHECK (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]));
ALTER TABLE sales_reports ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON sales_reports TO fondaco_app
  USING ((holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[])) IS TRUE)
  WITH CHECK (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]));
CREATE POLICY addressed ON sales_reports FOR SELECT TO fondaco_app
  USING (addressed_to = ANY ((SELECT fondaco_fence())::uuid[]) AND sent_at IS NOT NULL);
ALTER TABLE sales_report_lines ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON sales_report_lines TO fondaco_app
  USING ((holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[])) IS TRUE)
  WITH CHECK (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]));
ALTER TABLE sharing_agreements ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON sharing_agreements TO fondaco_app
  USING ((holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[])) IS TRUE)
  WITH CHECK (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]));
CREATE POLICY addressed ON sharing_agreements FOR SELECT TO fondaco_app
  USING (addressed_to = ANY ((SELECT fondaco_fence())::uuid[]) AND sent_at IS NOT NULL);
ALTER TABLE tasks ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON tasks TO fondaco_app
  USING ((holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[])) IS TRUE)
  WITH CHECK (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]));
ALTER TABLE teams ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON teams TO fondaco_app
  USING ((holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[])) IS TRUE)
  WITH CHECK (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]));
ALTER TABLE transaction_sets ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON transaction_sets TO fondaco_app
  USING ((holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[])) IS TRUE)
  WITH CHECK (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]));
ALTER TABLE users ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON users TO fondaco_app
  USING ((holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[])) IS TRUE)
  WITH CHECK (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]));

GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO fondaco_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO fondaco_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO fondaco_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO fondaco_app;
-- The ledger is append-only; only erasure, which runs as the owner, deletes values.
-- A partition is reached past its parent too: it needs the same.
REVOKE UPDATE, DELETE ON changes, changes_default, change_values, ledger_epoch FROM fondaco_app;
-- Which migrations ran is for the role that runs them.
REVOKE INSERT, UPDATE, DELETE ON goose_db_version FROM fondaco_app;
-- +goose StatementEnd
