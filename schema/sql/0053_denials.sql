-- What was refused: commands, and records of other firms that were asked for by their ids.
-- +goose Up
-- +goose StatementBegin
-- One line for all that one person was refused of one sort within a minute; how many lines a firm can cause is bounded.
CREATE TABLE audit_denials (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  first_at timestamptz NOT NULL,
  at timestamptz NOT NULL, -- of the last
  owner_firm_id uuid NOT NULL, -- whose records, or else the firm of who was refused
  reader_firm_id uuid NOT NULL, -- the firm of who was refused
  actor uuid,
  actor_kind text NOT NULL,
  via text NOT NULL,
  cause text NOT NULL, -- of the last
  kind text NOT NULL, -- '' where many were summed up
  action text NOT NULL,
  code text NOT NULL,
  times bigint NOT NULL,
  ids uuid[] NOT NULL -- some of them
);
CREATE INDEX audit_denials_owner ON audit_denials (owner_firm_id, number);

ALTER TABLE audit_denials ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON audit_denials TO fondaco_app
  USING (owner_firm_id = ANY ((SELECT fondaco_fence())::uuid[]) OR (SELECT current_setting('fondaco.tail', true)) = 'on');
REVOKE UPDATE, DELETE, TRUNCATE ON audit_denials FROM fondaco_app;
-- +goose StatementEnd
