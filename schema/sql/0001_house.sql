-- What all kinds rest on: the roles, the registry of ids, the ledger and the fence.
-- +goose Up
-- +goose StatementBegin
DO $$
BEGIN
  -- Roles belong to the cluster, not to the database: another database may have made this one, even just now.
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'fondaco_app') THEN
    CREATE ROLE fondaco_app NOLOGIN;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
  NULL;
END
$$;

-- The migrating role serves as fondaco_app, which owns nothing and stands under row-level security.
DO $$
BEGIN
  IF NOT pg_has_role(current_user, 'fondaco_app', 'MEMBER') THEN
    EXECUTE format('GRANT fondaco_app TO %I', current_user);
  END IF;
EXCEPTION WHEN unique_violation THEN
  NULL;
END
$$;

CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;

-- The form in which texts are compared, sorted and searched. unaccent is only STABLE because its dictionary can be
-- changed; we name the dictionary, and never change it.
CREATE FUNCTION fondaco_key(text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN lower(unaccent('unaccent'::regdictionary, lower($1))) COLLATE "C";

-- The part of a company's name that tells it from others: legal forms are left out, umlauts are written out, since
-- "Müller Maschinenbau GmbH" and "Mueller Maschinenbau" are one.
CREATE FUNCTION fondaco_company(text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN btrim(regexp_replace(
  regexp_replace(
    fondaco_key(replace(replace(replace(replace(replace(replace(replace($1,
      'ä', 'ae'), 'ö', 'oe'), 'ü', 'ue'), 'ß', 'ss'), 'Ä', 'ae'), 'Ö', 'oe'), 'Ü', 'ue')),
    '[^[:alnum:]]+', ' ', 'g'),
  '\m(sp z o o|spolka z ograniczona odpowiedzialnoscia|spolka akcyjna|s a r l|sarl|s l u|slu|s l|sl|s a s|sas|s a|sa|lda|limitada|unipessoal|gmbh|co kg|kg|ag|ohg|ltd|limited|inc|llc|corp|plc|bv|nv|srl|s r l|spa|s p a|oy|ab|as|aps)\M',
  ' ', 'g'));

-- The host of a web address, without "www.".
CREATE FUNCTION fondaco_domain(text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN nullif(regexp_replace(split_part(regexp_replace(lower(btrim($1)), '^[a-z]+://', ''), '/', 1), '^www\.', ''), '');

-- The firms whose rows the running transaction may touch; none unless it was said.
CREATE FUNCTION fondaco_fence() RETURNS uuid[]
LANGUAGE sql STABLE PARALLEL SAFE
RETURN string_to_array(nullif(current_setting('fondaco.fence', true), ''), ',')::uuid[];

-- Every id that this node has heard of. References point here and not to rows, which may be absent or withdrawn.
CREATE TABLE records (
  id uuid PRIMARY KEY,
  kind text NOT NULL,
  owner_firm_id uuid, -- NULL while the id is known from a reference alone
  deleted_at timestamptz
);

-- The ledger: one line a change, and never a value.
CREATE SEQUENCE changes_seq;
CREATE TABLE changes (
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  seq bigint NOT NULL DEFAULT nextval('changes_seq'),
  at timestamptz NOT NULL,
  holder_firm_id uuid NOT NULL,
  owner_firm_id uuid NOT NULL,
  kind text NOT NULL,
  id uuid NOT NULL,
  version bigint NOT NULL,
  op text NOT NULL CHECK (op IN ('CREATE', 'UPDATE', 'DELETE', 'REDACT')),
  fields bigint NOT NULL,
  actor uuid,
  actor_firm_id uuid NOT NULL,
  via text NOT NULL,
  cause text NOT NULL,
  hashes bytea NOT NULL, -- 32 bytes a changed field, in the order of the bits
  PRIMARY KEY (at, seq)
) PARTITION BY RANGE (at);
CREATE INDEX changes_tail ON changes (xid, seq);
CREATE INDEX changes_record ON changes (id, seq);
-- A missing month must not fail a write.
CREATE TABLE changes_default PARTITION OF changes DEFAULT;

-- The values before and after, apart from the ledger so that erasure can delete them; the ledger keeps their hash,
-- salted so that it tells nothing once the salt is gone.
CREATE TABLE change_values (
  seq bigint NOT NULL,
  field smallint NOT NULL,
  holder_firm_id uuid NOT NULL,
  before jsonb,
  after jsonb,
  salt bytea NOT NULL,
  PRIMARY KEY (seq, field)
);

-- A restored database is another history: its cursors are worth nothing elsewhere.
CREATE TABLE ledger_epoch (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  epoch uuid NOT NULL DEFAULT gen_random_uuid()
);
INSERT INTO ledger_epoch DEFAULT VALUES;

-- Raised in the transaction of every write that changes who may do what, for each firm concerned.
CREATE TABLE policy_epochs (
  firm_id uuid PRIMARY KEY,
  epoch bigint NOT NULL
);

-- A firm's own lines of policy, beside the shipped ones.
CREATE TABLE policy_overrides (
  firm_id uuid PRIMARY KEY,
  lines text NOT NULL
);

-- The records granted one by one, with the key by which lists are sorted.
CREATE TABLE reach (
  agreement_id uuid NOT NULL,
  record_id uuid NOT NULL,
  kind text NOT NULL,
  firm_id uuid NOT NULL, -- the firm that is granted
  owner_firm_id uuid NOT NULL, -- may take it back when that firm is no partner any more
  grant_id uuid NOT NULL,
  sort_key text COLLATE "C",
  PRIMARY KEY (agreement_id, record_id)
);

-- The words by which records are found. The index only proposes: what a reader may not see must not match.
CREATE TABLE search_texts (
  holder_firm_id uuid NOT NULL,
  kind text NOT NULL,
  id uuid NOT NULL,
  text text NOT NULL,
  PRIMARY KEY (holder_firm_id, id)
);

-- Document bodies, by the firm that holds them and their SHA-256; counted by the rows that name them.
CREATE TABLE bodies (
  holder_firm_id uuid NOT NULL,
  sha256 text NOT NULL,
  size bigint NOT NULL,
  media_type text NOT NULL,
  stored_at timestamptz NOT NULL,
  uses integer NOT NULL DEFAULT 0 CHECK (uses >= 0),
  PRIMARY KEY (holder_firm_id, sha256)
);

-- The firms that live on this node.
CREATE TABLE hosted_firms (
  firm_id uuid PRIMARY KEY,
  hosted_at timestamptz NOT NULL
);
-- +goose StatementEnd
