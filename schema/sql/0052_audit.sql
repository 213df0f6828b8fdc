-- What was read across firms, and the seal over each firm's lines.
-- +goose Up
-- +goose StatementBegin
-- Each statement by which a reader of another firm was given records: which, and which fields of them. Written in
-- batches, apart from the reads.
CREATE TABLE audit_reads (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL,
  owner_firm_id uuid NOT NULL, -- whose records
  reader_firm_id uuid NOT NULL,
  actor uuid,
  actor_kind text NOT NULL,
  via text NOT NULL,
  cause text NOT NULL,
  kind text NOT NULL,
  action text NOT NULL,
  fields bigint NOT NULL, -- shown of at least one of them
  agreements uuid[] NOT NULL, -- by which the reader reaches records of the kind
  epoch bigint NOT NULL, -- of the reader's rules
  ids uuid[] NOT NULL
);

-- The Merkle tree over each firm's lines: for each line the hashes of the subtrees that it completes, the smallest
-- first. source 0 is a line of the ledger, 1 one of audit_reads.
CREATE TABLE audit_leaves (
  firm_id uuid NOT NULL,
  number bigint NOT NULL, -- from 0, without a gap
  source smallint NOT NULL,
  line bigint NOT NULL,
  at timestamptz NOT NULL,
  hashes bytea NOT NULL,
  PRIMARY KEY (firm_id, number)
);
CREATE UNIQUE INDEX audit_leaves_line ON audit_leaves (line, source);

-- How far the ledger is sealed. Whoever seals holds the line's lock.
CREATE TABLE audit_tail (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  cursor text NOT NULL
);
INSERT INTO audit_tail (cursor) VALUES ('');

ALTER TABLE audit_reads ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON audit_reads TO fondaco_app
  USING (owner_firm_id = ANY ((SELECT fondaco_fence())::uuid[]) OR (SELECT current_setting('fondaco.tail', true)) = 'on');
ALTER TABLE audit_leaves ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON audit_leaves TO fondaco_app
  USING (firm_id = ANY ((SELECT fondaco_fence())::uuid[]) OR (SELECT current_setting('fondaco.tail', true)) = 'on');
REVOKE UPDATE, DELETE, TRUNCATE ON audit_reads, audit_leaves FROM fondaco_app;
REVOKE INSERT, DELETE, TRUNCATE ON audit_tail FROM fondaco_app;
-- +goose StatementEnd
