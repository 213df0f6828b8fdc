-- The papers of trade: what is ordered, shipped, charged and paid, prices, stock, claims, and what firms state of themselves.
-- +goose Up
-- +goose StatementBegin
CREATE TABLE trade_documents (
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
  document_number text,
  sort_key text COLLATE "C" GENERATED ALWAYS AS (fondaco_key(document_number)) STORED,
  document_type text,
  flow text,
  purpose text,
  state text,
  issued_on date,
  delivery_on date,
  shipped_on date,
  due_on date,
  valid_until date,
  currency text,
  buyer_name text,
  buyer_number text,
  seller_name text,
  seller_number text,
  ship_to_name text,
  ship_to_number text,
  ship_to_city text,
  ship_to_country text,
  parties jsonb,
  order_number text,
  contract_number text,
  shipment_number text,
  invoice_number text,
  related_documents jsonb,
  payment_terms text,
  delivery_terms text,
  carrier text,
  tracking_number text,
  lines_total_amount numeric,
  lines_total_currency text,
  charges_total_amount numeric,
  charges_total_currency text,
  tax_total_amount numeric,
  tax_total_currency text,
  total_amount numeric,
  total_currency text,
  note text,
  customer uuid,
  transaction_set uuid,
  ordered_on date,
  PRIMARY KEY (holder_firm_id, id),
  CONSTRAINT trade_documents_addressed_to_required CHECK (holder_firm_id <> owner_firm_id OR addressed_to IS NOT NULL),
  CONSTRAINT trade_documents_addressed_to_refers FOREIGN KEY (addressed_to) REFERENCES records (id),
  CONSTRAINT trade_documents_document_number_required CHECK (holder_firm_id <> owner_firm_id OR document_number IS NOT NULL),
  CONSTRAINT trade_documents_document_number_max CHECK (char_length(document_number) <= 200),
  CONSTRAINT trade_documents_document_type_required CHECK (holder_firm_id <> owner_firm_id OR document_type IS NOT NULL),
  CONSTRAINT trade_documents_document_type_known CHECK (holder_firm_id <> owner_firm_id OR document_type IN ('ORDER', 'ORDER_CHANGE', 'ORDER_RESPONSE', 'SHIPMENT_NOTICE', 'RECEIVING_ADVICE', 'INVOICE', 'ADJUSTMENT', 'REMITTANCE_ADVICE', 'QUOTE_REQUEST', 'QUOTE', 'OTHER')),
  CONSTRAINT trade_documents_flow_required CHECK (holder_firm_id <> owner_firm_id OR flow IS NOT NULL),
  CONSTRAINT trade_documents_flow_known CHECK (holder_firm_id <> owner_firm_id OR flow IN ('RECEIVED', 'SENT')),
  CONSTRAINT trade_documents_purpose_known CHECK (holder_firm_id <> owner_firm_id OR purpose IN ('ORIGINAL', 'CHANGE', 'REPLACEMENT', 'CANCELLATION', 'CONFIRMATION', 'DUPLICATE')),
  CONSTRAINT trade_documents_state_required CHECK (holder_firm_id <> owner_firm_id OR state IS NOT NULL),
  CONSTRAINT trade_documents_state_known CHECK (holder_firm_id <> owner_firm_id OR state IN ('OPEN', 'ACCEPTED', 'AMENDED', 'REFUSED', 'SHIPPED', 'FULFILLED', 'DISPUTED', 'REPLACED', 'CANCELED')),
  CONSTRAINT trade_documents_issued_on_required CHECK (holder_firm_id <> owner_firm_id OR issued_on IS NOT NULL),
  CONSTRAINT trade_documents_currency_max CHECK (char_length(currency) <= 3),
  CONSTRAINT trade_documents_buyer_name_max CHECK (char_length(buyer_name) <= 200),
  CONSTRAINT trade_documents_buyer_number_max CHECK (char_length(buyer_number) <= 40),
  CONSTRAINT trade_documents_seller_name_max CHECK (char_length(seller_name) <= 200),
  CONSTRAINT trade_documents_seller_number_max CHECK (char_length(seller_number) <= 40),
  CONSTRAINT trade_documents_ship_to_name_max CHECK (char_length(ship_to_name) <= 200),
  CONSTRAINT trade_documents_ship_to_number_max CHECK (char_length(ship_to_number) <= 40),
  CONSTRAINT trade_documents_ship_to_city_max CHECK (char_length(ship_to_city) <= 100),
  CONSTRAINT trade_documents_ship_to_country_max CHECK (char_length(ship_to_country) <= 3),
  CONSTRAINT trade_documents_order_number_max CHECK (char_length(order_number) <= 60),
  CONSTRAINT trade_documents_contract_number_max CHECK (char_length(contract_number) <= 60),
  CONSTRAINT trade_documents_shipment_number_max CHECK (char_length(shipment_number) <= 60),
  CONSTRAINT trade_documents_invoice_number_max CHECK (char_length(invoice_number) <= 60),
  CONSTRAINT trade_documents_payment_terms_max CHECK (char_length(payment_terms) <= 500),
  CONSTRAINT trade_documents_delivery_terms_max CHECK (char_length(delivery_terms) <= 200),
  CONSTRAINT trade_documents_carrier_max CHECK (char_length(carrier) <= 200),
  CONSTRAINT trade_documents_tracking_number_max CHECK (char_length(tracking_number) <= 60),
  CONSTRAINT trade_documents_lines_total_whole CHECK ((lines_total_amount IS NULL) = (lines_total_currency IS NULL)),
  CONSTRAINT trade_documents_charges_total_whole CHECK ((charges_total_amount IS NULL) = (charges_total_currency IS NULL)),
  CONSTRAINT trade_documents_tax_total_whole CHECK ((tax_total_amount IS NULL) = (tax_total_currency IS NULL)),
  CONSTRAINT trade_documents_total_whole CHECK ((total_amount IS NULL) = (total_currency IS NULL)),
  CONSTRAINT trade_documents_note_max CHECK (char_length(note) <= 100000),
  CONSTRAINT trade_documents_customer_refers FOREIGN KEY (customer) REFERENCES records (id),
  CONSTRAINT trade_documents_transaction_set_refers FOREIGN KEY (transaction_set) REFERENCES records (id)
);
CREATE INDEX trade_documents_id ON trade_documents (id);
CREATE INDEX trade_documents_label ON trade_documents (holder_firm_id, sort_key, id);
CREATE INDEX trade_documents_addressed ON trade_documents (addressed_to, id);
CREATE INDEX trade_documents_document_type ON trade_documents (holder_firm_id, document_type);
CREATE INDEX trade_documents_state ON trade_documents (holder_firm_id, state);
CREATE INDEX trade_documents_issued_on ON trade_documents (holder_firm_id, issued_on, id);
CREATE INDEX trade_documents_order_number ON trade_documents (holder_firm_id, order_number);
CREATE INDEX trade_documents_customer ON trade_documents (holder_firm_id, customer);
CREATE INDEX trade_documents_transaction_set ON trade_documents (holder_firm_id, transaction_set);

CREATE TABLE trade_document_lines (
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
  trade_document uuid,
  line_number bigint,
  order_line_number text,
  order_number text,
  part_number text,
  buyer_part_number text,
  gtin text,
  product_description text,
  quantity numeric,
  unit_of_measure text,
  unit_price numeric,
  amount numeric,
  answer text,
  delivery_on date,
  package_number text,
  lot_number text,
  serial_numbers text[],
  paid_document_number text,
  product uuid,
  PRIMARY KEY (holder_firm_id, id),
  CONSTRAINT trade_document_lines_trade_document_required CHECK (holder_firm_id <> owner_firm_id OR trade_document IS NOT NULL),
  CONSTRAINT trade_document_lines_trade_document_refers FOREIGN KEY (trade_document) REFERENCES records (id),
  CONSTRAINT trade_document_lines_line_number_required CHECK (holder_firm_id <> owner_firm_id OR line_number IS NOT NULL),
  CONSTRAINT trade_document_lines_order_line_number_max CHECK (char_length(order_line_number) <= 20),
  CONSTRAINT trade_document_lines_order_number_max CHECK (char_length(order_number) <= 60),
  CONSTRAINT trade_document_lines_part_number_max CHECK (char_length(part_number) <= 60),
  CONSTRAINT trade_document_lines_buyer_part_number_max CHECK (char_length(buyer_part_number) <= 60),
  CONSTRAINT trade_document_lines_gtin_max CHECK (char_length(gtin) <= 14),
  CONSTRAINT trade_document_lines_product_description_max CHECK (char_length(product_description) <= 500),
  CONSTRAINT trade_document_lines_unit_of_measure_max CHECK (char_length(unit_of_measure) <= 3),
  CONSTRAINT trade_document_lines_answer_known CHECK (holder_firm_id <> owner_firm_id OR answer IN ('ACCEPTED', 'CHANGED', 'SUBSTITUTED', 'BACKORDERED', 'HELD', 'REJECTED', 'DELETED')),
  CONSTRAINT trade_document_lines_package_number_max CHECK (char_length(package_number) <= 60),
  CONSTRAINT trade_document_lines_lot_number_max CHECK (char_length(lot_number) <= 60),
  CONSTRAINT trade_document_lines_paid_document_number_max CHECK (char_length(paid_document_number) <= 60),
  CONSTRAINT trade_document_lines_product_refers FOREIGN KEY (product) REFERENCES records (id)
);
CREATE INDEX trade_document_lines_id ON trade_document_lines (id);
CREATE INDEX trade_document_lines_trade_document ON trade_document_lines (trade_document, id);
CREATE INDEX trade_document_lines_part_number ON trade_document_lines (holder_firm_id, part_number);

CREATE TABLE price_lists (
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
  flow text,
  state text,
  extent text,
  issued_on date,
  valid_from date,
  valid_until date,
  currency text,
  seller_name text,
  region text,
  description text,
  transaction_set uuid,
  PRIMARY KEY (holder_firm_id, id),
  CONSTRAINT price_lists_addressed_to_required CHECK (holder_firm_id <> owner_firm_id OR addressed_to IS NOT NULL),
  CONSTRAINT price_lists_addressed_to_refers FOREIGN KEY (addressed_to) REFERENCES records (id),
  CONSTRAINT price_lists_name_required CHECK (holder_firm_id <> owner_firm_id OR name IS NOT NULL),
  CONSTRAINT price_lists_name_max CHECK (char_length(name) <= 200),
  CONSTRAINT price_lists_flow_required CHECK (holder_firm_id <> owner_firm_id OR flow IS NOT NULL),
  CONSTRAINT price_lists_flow_known CHECK (holder_firm_id <> owner_firm_id OR flow IN ('RECEIVED', 'SENT')),
  CONSTRAINT price_lists_state_required CHECK (holder_firm_id <> owner_firm_id OR state IS NOT NULL),
  CONSTRAINT price_lists_state_known CHECK (holder_firm_id <> owner_firm_id OR state IN ('DRAFT', 'PUBLISHED', 'WITHDRAWN')),
  CONSTRAINT price_lists_extent_known CHECK (holder_firm_id <> owner_firm_id OR extent IN ('FULL', 'CHANGES')),
  CONSTRAINT price_lists_valid_from_required CHECK (holder_firm_id <> owner_firm_id OR valid_from IS NOT NULL),
  CONSTRAINT price_lists_currency_max CHECK (char_length(currency) <= 3),
  CONSTRAINT price_lists_seller_name_max CHECK (char_length(seller_name) <= 200),
  CONSTRAINT price_lists_region_max CHECK (char_length(region) <= 100),
  CONSTRAINT price_lists_description_max CHECK (char_length(description) <= 100000),
  CONSTRAINT price_lists_transaction_set_refers FOREIGN KEY (transaction_set) REFERENCES records (id)
);
CREATE INDEX price_lists_id ON price_lists (id);
CREATE INDEX price_lists_label ON price_lists (holder_firm_id, sort_key, id);
CREATE INDEX price_lists_addressed ON price_lists (addressed_to, id);
CREATE INDEX price_lists_state ON price_lists (holder_firm_id, state);
CREATE INDEX price_lists_valid_from ON price_lists (holder_firm_id, valid_from, id);
CREATE INDEX price_lists_transaction_set ON price_lists (holder_firm_id, transaction_set);

CREATE TABLE price_list_items (
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
  price_list uuid,
  line_number bigint,
  part_number text,
  gtin text,
  product_description text,
  category text,
  change text,
  unit_of_measure text,
  unit_price numeric,
  suggested_price numeric,
  list_price numeric,
  discount_percent numeric,
  minimum_quantity numeric,
  valid_from date,
  valid_until date,
  product uuid,
  PRIMARY KEY (holder_firm_id, id),
  CONSTRAINT price_list_items_price_list_required CHECK (holder_firm_id <> owner_firm_id OR price_list IS NOT NULL),
  CONSTRAINT price_list_items_price_list_refers FOREIGN KEY (price_list) REFERENCES records (id),
  CONSTRAINT price_list_items_line_number_required CHECK (holder_firm_id <> owner_firm_id OR line_number IS NOT NULL),
  CONSTRAINT price_list_items_part_number_max CHECK (char_length(part_number) <= 60),
  CONSTRAINT price_list_items_gtin_max CHECK (char_length(gtin) <= 14),
  CONSTRAINT price_list_items_product_description_max CHECK (char_length(product_description) <= 500),
  CONSTRAINT price_list_items_category_max CHECK (char_length(category) <= 100),
  CONSTRAINT price_list_items_change_known CHECK (holder_firm_id <> owner_firm_id OR change IN ('ADDED', 'CHANGED', 'REMOVED', 'SAME')),
  CONSTRAINT price_list_items_unit_of_measure_max CHECK (char_length(unit_of_measure) <= 3),
  CONSTRAINT price_list_items_product_refers FOREIGN KEY (product) REFERENCES records (id)
);
CREATE INDEX price_list_items_id ON price_list_items (id);
CREATE INDEX price_list_items_price_list ON price_list_items (price_list, id);
CREATE INDEX price_list_items_part_number ON price_list_items (holder_firm_id, part_number);

CREATE TABLE inventory_reports (
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
  report_type text,
  flow text,
  reported_on date,
  period_starts_on date,
  period_ends_on date,
  reporter_name text,
  currency text,
  transaction_set uuid,
  PRIMARY KEY (holder_firm_id, id),
  CONSTRAINT inventory_reports_addressed_to_required CHECK (holder_firm_id <> owner_firm_id OR addressed_to IS NOT NULL),
  CONSTRAINT inventory_reports_addressed_to_refers FOREIGN KEY (addressed_to) REFERENCES records (id),
  CONSTRAINT inventory_reports_report_number_required CHECK (holder_firm_id <> owner_firm_id OR report_number IS NOT NULL),
  CONSTRAINT inventory_reports_report_number_max CHECK (char_length(report_number) <= 200),
  CONSTRAINT inventory_reports_report_type_required CHECK (holder_firm_id <> owner_firm_id OR report_type IS NOT NULL),
  CONSTRAINT inventory_reports_report_type_known CHECK (holder_firm_id <> owner_firm_id OR report_type IN ('STOCK', 'ACTIVITY')),
  CONSTRAINT inventory_reports_flow_required CHECK (holder_firm_id <> owner_firm_id OR flow IS NOT NULL),
  CONSTRAINT inventory_reports_flow_known CHECK (holder_firm_id <> owner_firm_id OR flow IN ('RECEIVED', 'SENT')),
  CONSTRAINT inventory_reports_reported_on_required CHECK (holder_firm_id <> owner_firm_id OR reported_on IS NOT NULL),
  CONSTRAINT inventory_reports_reporter_name_max CHECK (char_length(reporter_name) <= 200),
  CONSTRAINT inventory_reports_currency_max CHECK (char_length(currency) <= 3),
  CONSTRAINT inventory_reports_transaction_set_refers FOREIGN KEY (transaction_set) REFERENCES records (id)
);
CREATE INDEX inventory_reports_id ON inventory_reports (id);
CREATE INDEX inventory_reports_label ON inventory_reports (holder_firm_id, sort_key, id);
CREATE INDEX inventory_reports_addressed ON inventory_reports (addressed_to, id);
CREATE INDEX inventory_reports_reported_on ON inventory_reports (holder_firm_id, reported_on, id);
CREATE INDEX inventory_reports_transaction_set ON inventory_reports (holder_firm_id, transaction_set);

CREATE TABLE inventory_report_items (
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
  inventory_report uuid,
  line_number bigint,
  location_number text,
  location_name text,
  part_number text,
  distributor_part_number text,
  gtin text,
  product_description text,
  unit_of_measure text,
  on_hand numeric,
  available numeric,
  committed numeric,
  on_order numeric,
  in_transit numeric,
  sold numeric,
  returned numeric,
  received numeric,
  adjusted numeric,
  expected_on date,
  unit_price numeric,
  product uuid,
  PRIMARY KEY (holder_firm_id, id),
  CONSTRAINT inventory_report_items_inventory_report_required CHECK (holder_firm_id <> owner_firm_id OR inventory_report IS NOT NULL),
  CONSTRAINT inventory_report_items_inventory_report_refers FOREIGN KEY (inventory_report) REFERENCES records (id),
  CONSTRAINT inventory_report_items_line_number_required CHECK (holder_firm_id <> owner_firm_id OR line_number IS NOT NULL),
  CONSTRAINT inventory_report_items_location_number_max CHECK (char_length(location_number) <= 40),
  CONSTRAINT inventory_report_items_location_name_max CHECK (char_length(location_name) <= 200),
  CONSTRAINT inventory_report_items_part_number_max CHECK (char_length(part_number) <= 60),
  CONSTRAINT inventory_report_items_distributor_part_number_max CHECK (char_length(distributor_part_number) <= 60),
  CONSTRAINT inventory_report_items_gtin_max CHECK (char_length(gtin) <= 14),
  CONSTRAINT inventory_report_items_product_description_max CHECK (char_length(product_description) <= 500),
  CONSTRAINT inventory_report_items_unit_of_measure_max CHECK (char_length(unit_of_measure) <= 3),
  CONSTRAINT inventory_report_items_product_refers FOREIGN KEY (product) REFERENCES records (id)
);
CREATE INDEX inventory_report_items_id ON inventory_report_items (id);
CREATE INDEX inventory_report_items_inventory_report ON inventory_report_items (inventory_report, id);
CREATE INDEX inventory_report_items_location_number ON inventory_report_items (holder_firm_id, location_number);
CREATE INDEX inventory_report_items_part_number ON inventory_report_items (holder_firm_id, part_number);

CREATE TABLE price_authorizations (
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
  authorization_number text,
  sort_key text COLLATE "C" GENERATED ALWAYS AS (fondaco_key(authorization_number)) STORED,
  flow text,
  state text,
  request_number text,
  revision_number text,
  issued_on date,
  valid_from date,
  valid_until date,
  currency text,
  distributor_name text,
  maker_name text,
  end_customer_name text,
  end_customer_number text,
  end_customer_city text,
  end_customer_country text,
  customer uuid,
  deal_registration uuid,
  contact_name text,
  contact_email text,
  contact_phone text,
  note text,
  transaction_set uuid,
  PRIMARY KEY (holder_firm_id, id),
  CONSTRAINT price_authorizations_addressed_to_required CHECK (holder_firm_id <> owner_firm_id OR addressed_to IS NOT NULL),
  CONSTRAINT price_authorizations_addressed_to_refers FOREIGN KEY (addressed_to) REFERENCES records (id),
  CONSTRAINT price_authorizations_authorization_number_required CHECK (holder_firm_id <> owner_firm_id OR authorization_number IS NOT NULL),
  CONSTRAINT price_authorizations_authorization_number_max CHECK (char_length(authorization_number) <= 200),
  CONSTRAINT price_authorizations_flow_required CHECK (holder_firm_id <> owner_firm_id OR flow IS NOT NULL),
  CONSTRAINT price_authorizations_flow_known CHECK (holder_firm_id <> owner_firm_id OR flow IN ('RECEIVED', 'SENT')),
  CONSTRAINT price_authorizations_state_required CHECK (holder_firm_id <> owner_firm_id OR state IS NOT NULL),
  CONSTRAINT price_authorizations_state_known CHECK (holder_firm_id <> owner_firm_id OR state IN ('REQUESTED', 'APPROVED', 'ACTIVE', 'EXHAUSTED', 'EXPIRED', 'REVOKED', 'DENIED')),
  CONSTRAINT price_authorizations_request_number_max CHECK (char_length(request_number) <= 60),
  CONSTRAINT price_authorizations_revision_number_max CHECK (char_length(revision_number) <= 20),
  CONSTRAINT price_authorizations_valid_from_required CHECK (holder_firm_id <> owner_firm_id OR valid_from IS NOT NULL),
  CONSTRAINT price_authorizations_currency_max CHECK (char_length(currency) <= 3),
  CONSTRAINT price_authorizations_distributor_name_max CHECK (char_length(distributor_name) <= 200),
  CONSTRAINT price_authorizations_maker_name_max CHECK (char_length(maker_name) <= 200),
  CONSTRAINT price_authorizations_end_customer_name_max CHECK (char_length(end_customer_name) <= 200),
  CONSTRAINT price_authorizations_end_customer_number_max CHECK (char_length(end_customer_number) <= 40),
  CONSTRAINT price_authorizations_end_customer_city_max CHECK (char_length(end_customer_city) <= 100),
  CONSTRAINT price_authorizations_end_customer_country_max CHECK (char_length(end_customer_country) <= 3),
  CONSTRAINT price_authorizations_customer_refers FOREIGN KEY (customer) REFERENCES records (id),
  CONSTRAINT price_authorizations_deal_registration_refers FOREIGN KEY (deal_registration) REFERENCES records (id),
  CONSTRAINT price_authorizations_contact_name_max CHECK (char_length(contact_name) <= 200),
  CONSTRAINT price_authorizations_contact_email_max CHECK (char_length(contact_email) <= 254),
  CONSTRAINT price_authorizations_contact_phone_max CHECK (char_length(contact_phone) <= 40),
  CONSTRAINT price_authorizations_note_max CHECK (char_length(note) <= 100000),
  CONSTRAINT price_authorizations_transaction_set_refers FOREIGN KEY (transaction_set) REFERENCES records (id)
);
CREATE INDEX price_authorizations_id ON price_authorizations (id);
CREATE INDEX price_authorizations_label ON price_authorizations (holder_firm_id, sort_key, id);
CREATE INDEX price_authorizations_addressed ON price_authorizations (addressed_to, id);
CREATE INDEX price_authorizations_state ON price_authorizations (holder_firm_id, state);
CREATE INDEX price_authorizations_valid_from ON price_authorizations (holder_firm_id, valid_from, id);
CREATE INDEX price_authorizations_valid_until ON price_authorizations (holder_firm_id, valid_until);
CREATE INDEX price_authorizations_customer ON price_authorizations (holder_firm_id, customer);
CREATE INDEX price_authorizations_deal_registration ON price_authorizations (holder_firm_id, deal_registration);
CREATE INDEX price_authorizations_transaction_set ON price_authorizations (holder_firm_id, transaction_set);

CREATE TABLE price_authorization_lines (
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
  price_authorization uuid,
  line_number bigint,
  part_number text,
  distributor_part_number text,
  gtin text,
  product_description text,
  product uuid,
  unit_of_measure text,
  authorized_price numeric,
  purchase_price numeric,
  resale_price numeric,
  discount_percent numeric,
  claim_per_unit numeric,
  minimum_quantity numeric,
  maximum_quantity numeric,
  claimed_quantity numeric,
  valid_from date,
  valid_until date,
  answer text,
  PRIMARY KEY (holder_firm_id, id),
  CONSTRAINT price_authorization_lines_price_authorization_required CHECK (holder_firm_id <> owner_firm_id OR price_authorization IS NOT NULL),
  CONSTRAINT price_authorization_lines_price_authorization_refers FOREIGN KEY (price_authorization) REFERENCES records (id),
  CONSTRAINT price_authorization_lines_line_number_required CHECK (holder_firm_id <> owner_firm_id OR line_number IS NOT NULL),
  CONSTRAINT price_authorization_lines_part_number_max CHECK (char_length(part_number) <= 60),
  CONSTRAINT price_authorization_lines_distributor_part_number_max CHECK (char_length(distributor_part_number) <= 60),
  CONSTRAINT price_authorization_lines_gtin_max CHECK (char_length(gtin) <= 14),
  CONSTRAINT price_authorization_lines_product_description_max CHECK (char_length(product_description) <= 500),
  CONSTRAINT price_authorization_lines_product_refers FOREIGN KEY (product) REFERENCES records (id),
  CONSTRAINT price_authorization_lines_unit_of_measure_max CHECK (char_length(unit_of_measure) <= 3),
  CONSTRAINT price_authorization_lines_answer_known CHECK (holder_firm_id <> owner_firm_id OR answer IN ('ACCEPTED', 'CHANGED', 'SUBSTITUTED', 'BACKORDERED', 'HELD', 'REJECTED', 'DELETED'))
);
CREATE INDEX price_authorization_lines_id ON price_authorization_lines (id);
CREATE INDEX price_authorization_lines_price_authorization ON price_authorization_lines (price_authorization, id);
CREATE INDEX price_authorization_lines_part_number ON price_authorization_lines (holder_firm_id, part_number);

CREATE TABLE rebate_claims (
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
  claim_number text,
  sort_key text COLLATE "C" GENERATED ALWAYS AS (fondaco_key(claim_number)) STORED,
  flow text,
  state text,
  claimed_on date,
  period_starts_on date,
  period_ends_on date,
  claimant_name text,
  currency text,
  claimed_total_amount numeric,
  claimed_total_currency text,
  authorization_number text,
  debit_memo_number text,
  contact_name text,
  contact_email text,
  contact_phone text,
  note text,
  received_at timestamptz,
  transaction_set uuid,
  PRIMARY KEY (holder_firm_id, id),
  CONSTRAINT rebate_claims_addressed_to_required CHECK (holder_firm_id <> owner_firm_id OR addressed_to IS NOT NULL),
  CONSTRAINT rebate_claims_addressed_to_refers FOREIGN KEY (addressed_to) REFERENCES records (id),
  CONSTRAINT rebate_claims_claim_number_required CHECK (holder_firm_id <> owner_firm_id OR claim_number IS NOT NULL),
  CONSTRAINT rebate_claims_claim_number_max CHECK (char_length(claim_number) <= 200),
  CONSTRAINT rebate_claims_flow_required CHECK (holder_firm_id <> owner_firm_id OR flow IS NOT NULL),
  CONSTRAINT rebate_claims_flow_known CHECK (holder_firm_id <> owner_firm_id OR flow IN ('RECEIVED', 'SENT')),
  CONSTRAINT rebate_claims_state_required CHECK (holder_firm_id <> owner_firm_id OR state IS NOT NULL),
  CONSTRAINT rebate_claims_state_known CHECK (holder_firm_id <> owner_firm_id OR state IN ('DRAFT', 'SUBMITTED', 'WITHDRAWN')),
  CONSTRAINT rebate_claims_claimed_on_required CHECK (holder_firm_id <> owner_firm_id OR claimed_on IS NOT NULL),
  CONSTRAINT rebate_claims_claimant_name_max CHECK (char_length(claimant_name) <= 200),
  CONSTRAINT rebate_claims_currency_max CHECK (char_length(currency) <= 3),
  CONSTRAINT rebate_claims_claimed_total_whole CHECK ((claimed_total_amount IS NULL) = (claimed_total_currency IS NULL)),
  CONSTRAINT rebate_claims_authorization_number_max CHECK (char_length(authorization_number) <= 60),
  CONSTRAINT rebate_claims_debit_memo_number_max CHECK (char_length(debit_memo_number) <= 60),
  CONSTRAINT rebate_claims_contact_name_max CHECK (char_length(contact_name) <= 200),
  CONSTRAINT rebate_claims_contact_email_max CHECK (char_length(contact_email) <= 254),
  CONSTRAINT rebate_claims_contact_phone_max CHECK (char_length(contact_phone) <= 40),
  CONSTRAINT rebate_claims_note_max CHECK (char_length(note) <= 100000),
  CONSTRAINT rebate_claims_transaction_set_refers FOREIGN KEY (transaction_set) REFERENCES records (id)
);
CREATE INDEX rebate_claims_id ON rebate_claims (id);
CREATE INDEX rebate_claims_label ON rebate_claims (holder_firm_id, sort_key, id);
CREATE INDEX rebate_claims_addressed ON rebate_claims (addressed_to, id);
CREATE INDEX rebate_claims_state ON rebate_claims (holder_firm_id, state);
CREATE INDEX rebate_claims_claimed_on ON rebate_claims (holder_firm_id, claimed_on, id);
CREATE INDEX rebate_claims_transaction_set ON rebate_claims (holder_firm_id, transaction_set);

CREATE TABLE rebate_claim_lines (
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
  rebate_claim uuid,
  line_number bigint,
  authorization_number text,
  invoice_number text,
  sold_on date,
  part_number text,
  distributor_part_number text,
  gtin text,
  product_description text,
  quantity numeric,
  unit_of_measure text,
  purchase_price numeric,
  authorized_price numeric,
  resale_price numeric,
  claim_per_unit numeric,
  claimed_amount numeric,
  serial_numbers text[],
  end_customer_name text,
  end_customer_number text,
  end_customer_city text,
  end_customer_country text,
  check_state text,
  exception_code text,
  price_authorization_line uuid,
  sales_report_line uuid,
  product uuid,
  customer uuid,
  PRIMARY KEY (holder_firm_id, id),
  CONSTRAINT rebate_claim_lines_rebate_claim_required CHECK (holder_firm_id <> owner_firm_id OR rebate_claim IS NOT NULL),
  CONSTRAINT rebate_claim_lines_rebate_claim_refers FOREIGN KEY (rebate_claim) REFERENCES records (id),
  CONSTRAINT rebate_claim_lines_line_number_required CHECK (holder_firm_id <> owner_firm_id OR line_number IS NOT NULL),
  CONSTRAINT rebate_claim_lines_authorization_number_max CHECK (char_length(authorization_number) <= 60),
  CONSTRAINT rebate_claim_lines_invoice_number_max CHECK (char_length(invoice_number) <= 60),
  CONSTRAINT rebate_claim_lines_part_number_max CHECK (char_length(part_number) <= 60),
  CONSTRAINT rebate_claim_lines_distributor_part_number_max CHECK (char_length(distributor_part_number) <= 60),
  CONSTRAINT rebate_claim_lines_gtin_max CHECK (char_length(gtin) <= 14),
  CONSTRAINT rebate_claim_lines_product_description_max CHECK (char_length(product_description) <= 500),
  CONSTRAINT rebate_claim_lines_quantity_required CHECK (holder_firm_id <> owner_firm_id OR quantity IS NOT NULL),
  CONSTRAINT rebate_claim_lines_unit_of_measure_max CHECK (char_length(unit_of_measure) <= 3),
  CONSTRAINT rebate_claim_lines_end_customer_name_max CHECK (char_length(end_customer_name) <= 200),
  CONSTRAINT rebate_claim_lines_end_customer_number_max CHECK (char_length(end_customer_number) <= 40),
  CONSTRAINT rebate_claim_lines_end_customer_city_max CHECK (char_length(end_customer_city) <= 100),
  CONSTRAINT rebate_claim_lines_end_customer_country_max CHECK (char_length(end_customer_country) <= 3),
  CONSTRAINT rebate_claim_lines_check_state_required CHECK (holder_firm_id <> owner_firm_id OR check_state IS NOT NULL),
  CONSTRAINT rebate_claim_lines_check_state_known CHECK (holder_firm_id <> owner_firm_id OR check_state IN ('RECEIVED', 'MATCHED', 'EXCEPTION', 'APPROVED', 'ADJUSTED', 'REJECTED', 'ANSWERED', 'CREDITED')),
  CONSTRAINT rebate_claim_lines_exception_code_max CHECK (char_length(exception_code) <= 40),
  CONSTRAINT rebate_claim_lines_price_authorization_line_refers FOREIGN KEY (price_authorization_line) REFERENCES records (id),
  CONSTRAINT rebate_claim_lines_sales_report_line_refers FOREIGN KEY (sales_report_line) REFERENCES records (id),
  CONSTRAINT rebate_claim_lines_product_refers FOREIGN KEY (product) REFERENCES records (id),
  CONSTRAINT rebate_claim_lines_customer_refers FOREIGN KEY (customer) REFERENCES records (id)
);
CREATE INDEX rebate_claim_lines_id ON rebate_claim_lines (id);
CREATE INDEX rebate_claim_lines_rebate_claim ON rebate_claim_lines (rebate_claim, id);
CREATE INDEX rebate_claim_lines_authorization_number ON rebate_claim_lines (holder_firm_id, authorization_number);
CREATE INDEX rebate_claim_lines_invoice_number ON rebate_claim_lines (holder_firm_id, invoice_number);
CREATE INDEX rebate_claim_lines_part_number ON rebate_claim_lines (holder_firm_id, part_number);
CREATE INDEX rebate_claim_lines_check_state ON rebate_claim_lines (holder_firm_id, check_state);
CREATE INDEX rebate_claim_lines_price_authorization_line ON rebate_claim_lines (holder_firm_id, price_authorization_line);
CREATE INDEX rebate_claim_lines_sales_report_line ON rebate_claim_lines (holder_firm_id, sales_report_line);

CREATE TABLE claim_responses (
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
  response_number text,
  sort_key text COLLATE "C" GENERATED ALWAYS AS (fondaco_key(response_number)) STORED,
  rebate_claim uuid,
  claim_number text,
  flow text,
  state text,
  responded_on date,
  currency text,
  claimed_total_amount numeric,
  claimed_total_currency text,
  approved_total_amount numeric,
  approved_total_currency text,
  credit_memo_number text,
  credited_on date,
  claimant_name text,
  responder_name text,
  reason_code text,
  reason text,
  transaction_set uuid,
  PRIMARY KEY (holder_firm_id, id),
  CONSTRAINT claim_responses_addressed_to_required CHECK (holder_firm_id <> owner_firm_id OR addressed_to IS NOT NULL),
  CONSTRAINT claim_responses_addressed_to_refers FOREIGN KEY (addressed_to) REFERENCES records (id),
  CONSTRAINT claim_responses_response_number_required CHECK (holder_firm_id <> owner_firm_id OR response_number IS NOT NULL),
  CONSTRAINT claim_responses_response_number_max CHECK (char_length(response_number) <= 200),
  CONSTRAINT claim_responses_rebate_claim_refers FOREIGN KEY (rebate_claim) REFERENCES records (id),
  CONSTRAINT claim_responses_claim_number_max CHECK (char_length(claim_number) <= 60),
  CONSTRAINT claim_responses_flow_required CHECK (holder_firm_id <> owner_firm_id OR flow IS NOT NULL),
  CONSTRAINT claim_responses_flow_known CHECK (holder_firm_id <> owner_firm_id OR flow IN ('RECEIVED', 'SENT')),
  CONSTRAINT claim_responses_state_required CHECK (holder_firm_id <> owner_firm_id OR state IS NOT NULL),
  CONSTRAINT claim_responses_state_known CHECK (holder_firm_id <> owner_firm_id OR state IN ('UNDER_REVIEW', 'APPROVED', 'PARTLY_APPROVED', 'REJECTED', 'CREDITED')),
  CONSTRAINT claim_responses_responded_on_required CHECK (holder_firm_id <> owner_firm_id OR responded_on IS NOT NULL),
  CONSTRAINT claim_responses_currency_max CHECK (char_length(currency) <= 3),
  CONSTRAINT claim_responses_claimed_total_whole CHECK ((claimed_total_amount IS NULL) = (claimed_total_currency IS NULL)),
  CONSTRAINT claim_responses_approved_total_whole CHECK ((approved_total_amount IS NULL) = (approved_total_currency IS NULL)),
  CONSTRAINT claim_responses_credit_memo_number_max CHECK (char_length(credit_memo_number) <= 60),
  CONSTRAINT claim_responses_claimant_name_max CHECK (char_length(claimant_name) <= 200),
  CONSTRAINT claim_responses_responder_name_max CHECK (char_length(responder_name) <= 200),
  CONSTRAINT claim_responses_reason_code_max CHECK (char_length(reason_code) <= 10),
  CONSTRAINT claim_responses_reason_max CHECK (char_length(reason) <= 100000),
  CONSTRAINT claim_responses_transaction_set_refers FOREIGN KEY (transaction_set) REFERENCES records (id)
);
CREATE INDEX claim_responses_id ON claim_responses (id);
CREATE INDEX claim_responses_label ON claim_responses (holder_firm_id, sort_key, id);
CREATE INDEX claim_responses_addressed ON claim_responses (addressed_to, id);
CREATE INDEX claim_responses_rebate_claim ON claim_responses (holder_firm_id, rebate_claim);
CREATE INDEX claim_responses_claim_number ON claim_responses (holder_firm_id, claim_number);
CREATE INDEX claim_responses_state ON claim_responses (holder_firm_id, state);
CREATE INDEX claim_responses_responded_on ON claim_responses (holder_firm_id, responded_on, id);
CREATE INDEX claim_responses_transaction_set ON claim_responses (holder_firm_id, transaction_set);

CREATE TABLE claim_response_lines (
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
  claim_response uuid,
  line_number bigint,
  rebate_claim_line uuid,
  answer text,
  reason_code text,
  follow_up_code text,
  reason text,
  authorization_number text,
  invoice_number text,
  part_number text,
  distributor_part_number text,
  gtin text,
  quantity numeric,
  unit_of_measure text,
  authorized_price numeric,
  claimed_amount numeric,
  approved_amount numeric,
  PRIMARY KEY (holder_firm_id, id),
  CONSTRAINT claim_response_lines_claim_response_required CHECK (holder_firm_id <> owner_firm_id OR claim_response IS NOT NULL),
  CONSTRAINT claim_response_lines_claim_response_refers FOREIGN KEY (claim_response) REFERENCES records (id),
  CONSTRAINT claim_response_lines_line_number_required CHECK (holder_firm_id <> owner_firm_id OR line_number IS NOT NULL),
  CONSTRAINT claim_response_lines_rebate_claim_line_refers FOREIGN KEY (rebate_claim_line) REFERENCES records (id),
  CONSTRAINT claim_response_lines_answer_known CHECK (holder_firm_id <> owner_firm_id OR answer IN ('ACCEPTED', 'CHANGED', 'SUBSTITUTED', 'BACKORDERED', 'HELD', 'REJECTED', 'DELETED')),
  CONSTRAINT claim_response_lines_reason_code_max CHECK (char_length(reason_code) <= 10),
  CONSTRAINT claim_response_lines_follow_up_code_max CHECK (char_length(follow_up_code) <= 10),
  CONSTRAINT claim_response_lines_reason_max CHECK (char_length(reason) <= 500),
  CONSTRAINT claim_response_lines_authorization_number_max CHECK (char_length(authorization_number) <= 60),
  CONSTRAINT claim_response_lines_invoice_number_max CHECK (char_length(invoice_number) <= 60),
  CONSTRAINT claim_response_lines_part_number_max CHECK (char_length(part_number) <= 60),
  CONSTRAINT claim_response_lines_distributor_part_number_max CHECK (char_length(distributor_part_number) <= 60),
  CONSTRAINT claim_response_lines_gtin_max CHECK (char_length(gtin) <= 14),
  CONSTRAINT claim_response_lines_unit_of_measure_max CHECK (char_length(unit_of_measure) <= 3)
);
CREATE INDEX claim_response_lines_id ON claim_response_lines (id);
CREATE INDEX claim_response_lines_claim_response ON claim_response_lines (claim_response, id);
CREATE INDEX claim_response_lines_rebate_claim_line ON claim_response_lines (holder_firm_id, rebate_claim_line);

CREATE TABLE partner_profiles (
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
  profile_number text,
  flow text,
  purpose text,
  issued_on date,
  valid_from date,
  partner_number text,
  duns text,
  gln text,
  vat_id text,
  currency text,
  note text,
  partner uuid,
  transaction_set uuid,
  PRIMARY KEY (holder_firm_id, id),
  CONSTRAINT partner_profiles_addressed_to_required CHECK (holder_firm_id <> owner_firm_id OR addressed_to IS NOT NULL),
  CONSTRAINT partner_profiles_addressed_to_refers FOREIGN KEY (addressed_to) REFERENCES records (id),
  CONSTRAINT partner_profiles_name_required CHECK (holder_firm_id <> owner_firm_id OR name IS NOT NULL),
  CONSTRAINT partner_profiles_name_max CHECK (char_length(name) <= 200),
  CONSTRAINT partner_profiles_profile_number_max CHECK (char_length(profile_number) <= 60),
  CONSTRAINT partner_profiles_flow_required CHECK (holder_firm_id <> owner_firm_id OR flow IS NOT NULL),
  CONSTRAINT partner_profiles_flow_known CHECK (holder_firm_id <> owner_firm_id OR flow IN ('RECEIVED', 'SENT')),
  CONSTRAINT partner_profiles_purpose_known CHECK (holder_firm_id <> owner_firm_id OR purpose IN ('ORIGINAL', 'CHANGE', 'REPLACEMENT', 'CANCELLATION', 'CONFIRMATION', 'DUPLICATE')),
  CONSTRAINT partner_profiles_issued_on_required CHECK (holder_firm_id <> owner_firm_id OR issued_on IS NOT NULL),
  CONSTRAINT partner_profiles_partner_number_max CHECK (char_length(partner_number) <= 40),
  CONSTRAINT partner_profiles_duns_max CHECK (char_length(duns) <= 9),
  CONSTRAINT partner_profiles_gln_max CHECK (char_length(gln) <= 13),
  CONSTRAINT partner_profiles_vat_id_max CHECK (char_length(vat_id) <= 20),
  CONSTRAINT partner_profiles_currency_max CHECK (char_length(currency) <= 3),
  CONSTRAINT partner_profiles_note_max CHECK (char_length(note) <= 100000),
  CONSTRAINT partner_profiles_partner_refers FOREIGN KEY (partner) REFERENCES records (id),
  CONSTRAINT partner_profiles_transaction_set_refers FOREIGN KEY (transaction_set) REFERENCES records (id)
);
CREATE INDEX partner_profiles_id ON partner_profiles (id);
CREATE INDEX partner_profiles_label ON partner_profiles (holder_firm_id, sort_key, id);
CREATE INDEX partner_profiles_addressed ON partner_profiles (addressed_to, id);
CREATE INDEX partner_profiles_issued_on ON partner_profiles (holder_firm_id, issued_on, id);
CREATE INDEX partner_profiles_partner ON partner_profiles (holder_firm_id, partner);
CREATE INDEX partner_profiles_transaction_set ON partner_profiles (holder_firm_id, transaction_set);

CREATE TABLE partner_profile_sites (
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
  partner_profile uuid,
  line_number bigint,
  belongs_to bigint,
  role_code text,
  change text,
  name text,
  site_number text,
  duns text,
  gln text,
  street text,
  city text,
  postal_code text,
  region text,
  country text,
  contact_name text,
  contact_role text,
  contact_email text,
  contact_phone text,
  valid_from date,
  valid_until date,
  PRIMARY KEY (holder_firm_id, id),
  CONSTRAINT partner_profile_sites_partner_profile_required CHECK (holder_firm_id <> owner_firm_id OR partner_profile IS NOT NULL),
  CONSTRAINT partner_profile_sites_partner_profile_refers FOREIGN KEY (partner_profile) REFERENCES records (id),
  CONSTRAINT partner_profile_sites_line_number_required CHECK (holder_firm_id <> owner_firm_id OR line_number IS NOT NULL),
  CONSTRAINT partner_profile_sites_role_code_max CHECK (char_length(role_code) <= 10),
  CONSTRAINT partner_profile_sites_change_known CHECK (holder_firm_id <> owner_firm_id OR change IN ('ADDED', 'CHANGED', 'REMOVED', 'SAME')),
  CONSTRAINT partner_profile_sites_name_max CHECK (char_length(name) <= 200),
  CONSTRAINT partner_profile_sites_site_number_max CHECK (char_length(site_number) <= 40),
  CONSTRAINT partner_profile_sites_duns_max CHECK (char_length(duns) <= 13),
  CONSTRAINT partner_profile_sites_gln_max CHECK (char_length(gln) <= 13),
  CONSTRAINT partner_profile_sites_street_max CHECK (char_length(street) <= 200),
  CONSTRAINT partner_profile_sites_city_max CHECK (char_length(city) <= 100),
  CONSTRAINT partner_profile_sites_postal_code_max CHECK (char_length(postal_code) <= 20),
  CONSTRAINT partner_profile_sites_region_max CHECK (char_length(region) <= 100),
  CONSTRAINT partner_profile_sites_country_max CHECK (char_length(country) <= 3),
  CONSTRAINT partner_profile_sites_contact_name_max CHECK (char_length(contact_name) <= 200),
  CONSTRAINT partner_profile_sites_contact_role_max CHECK (char_length(contact_role) <= 10),
  CONSTRAINT partner_profile_sites_contact_email_max CHECK (char_length(contact_email) <= 254),
  CONSTRAINT partner_profile_sites_contact_phone_max CHECK (char_length(contact_phone) <= 40)
);
CREATE INDEX partner_profile_sites_id ON partner_profile_sites (id);
CREATE INDEX partner_profile_sites_partner_profile ON partner_profile_sites (partner_profile, id);

-- The fence, as for the other kinds.
ALTER TABLE trade_documents ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON trade_documents TO fondaco_app
  USING (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]))
  WITH CHECK (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]));
CREATE POLICY addressed ON trade_documents FOR SELECT TO fondaco_app
  USING (addressed_to = ANY ((SELECT fondaco_fence())::uuid[]) AND sent_at IS NOT NULL);
ALTER TABLE trade_document_lines ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON trade_document_lines TO fondaco_app
  USING (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]))
  WITH CHECK (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]));
ALTER TABLE price_lists ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON price_lists TO fondaco_app
  USING (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]))
  WITH CHECK (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]));
CREATE POLICY addressed ON price_lists FOR SELECT TO fondaco_app
  USING (addressed_to = ANY ((SELECT fondaco_fence())::uuid[]) AND sent_at IS NOT NULL);
ALTER TABLE price_list_items ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON price_list_items TO fondaco_app
  USING (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]))
  WITH CHECK (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]));
ALTER TABLE inventory_reports ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON inventory_reports TO fondaco_app
  USING (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]))
  WITH CHECK (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]));
CREATE POLICY addressed ON inventory_reports FOR SELECT TO fondaco_app
  USING (addressed_to = ANY ((SELECT fondaco_fence())::uuid[]) AND sent_at IS NOT NULL);
ALTER TABLE inventory_report_items ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON inventory_report_items TO fondaco_app
  USING (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]))
  WITH CHECK (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]));
ALTER TABLE price_authorizations ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON price_authorizations TO fondaco_app
  USING (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]))
  WITH CHECK (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]));
CREATE POLICY addressed ON price_authorizations FOR SELECT TO fondaco_app
  USING (addressed_to = ANY ((SELECT fondaco_fence())::uuid[]) AND sent_at IS NOT NULL);
ALTER TABLE price_authorization_lines ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON price_authorization_lines TO fondaco_app
  USING (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]))
  WITH CHECK (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]));
ALTER TABLE rebate_claims ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON rebate_claims TO fondaco_app
  USING (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]))
  WITH CHECK (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]));
CREATE POLICY addressed ON rebate_claims FOR SELECT TO fondaco_app
  USING (addressed_to = ANY ((SELECT fondaco_fence())::uuid[]) AND sent_at IS NOT NULL);
ALTER TABLE rebate_claim_lines ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON rebate_claim_lines TO fondaco_app
  USING (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]))
  WITH CHECK (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]));
ALTER TABLE claim_responses ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON claim_responses TO fondaco_app
  USING (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]))
  WITH CHECK (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]));
CREATE POLICY addressed ON claim_responses FOR SELECT TO fondaco_app
  USING (addressed_to = ANY ((SELECT fondaco_fence())::uuid[]) AND sent_at IS NOT NULL);
ALTER TABLE claim_response_lines ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON claim_response_lines TO fondaco_app
  USING (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]))
  WITH CHECK (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]));
ALTER TABLE partner_profiles ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON partner_profiles TO fondaco_app
  USING (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]))
  WITH CHECK (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]));
CREATE POLICY addressed ON partner_profiles FOR SELECT TO fondaco_app
  USING (addressed_to = ANY ((SELECT fondaco_fence())::uuid[]) AND sent_at IS NOT NULL);
ALTER TABLE partner_profile_sites ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON partner_profile_sites TO fondaco_app
  USING (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]))
  WITH CHECK (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]));
-- +goose StatementEnd
