-- +goose Up
-- +goose StatementBegin
-- How people and programs prove who they are at this node. Private to the
-- gateway's door: no record, never shared, never federated. Secrets are kept
-- as hashes alone.

-- One line for each person who may sign in. Several firms may live on a node,
-- and people sign in by e-mail alone: an address belongs to one person.
CREATE TABLE auth_credentials (
    user_id       uuid        NOT NULL,
    firm_id       uuid        NOT NULL,
    email         text        NOT NULL,
    password_hash text,
    changed_at    timestamptz NOT NULL,
    CONSTRAINT auth_credentials_pkey PRIMARY KEY (user_id),
    CONSTRAINT auth_credentials_email_key UNIQUE (email),
    CONSTRAINT auth_credentials_email_lower CHECK (email = lower(email))
);

CREATE TABLE auth_sessions (
    id           uuid        NOT NULL,
    token_hash   bytea       NOT NULL,
    user_id      uuid        NOT NULL,
    created_at   timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    ends_at      timestamptz NOT NULL,
    address      text        NOT NULL,
    user_agent   text        NOT NULL,
    CONSTRAINT auth_sessions_pkey PRIMARY KEY (id),
    CONSTRAINT auth_sessions_token_hash_key UNIQUE (token_hash),
    CONSTRAINT auth_sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth_credentials ON DELETE CASCADE
);

CREATE TABLE auth_tokens (
    id           uuid        NOT NULL,
    prefix       text        NOT NULL,
    token_hash   bytea       NOT NULL,
    user_id      uuid        NOT NULL,
    name         text        NOT NULL,
    scopes       text[],
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz,
    last_used_at timestamptz,
    revoked_at   timestamptz,
    CONSTRAINT auth_tokens_pkey PRIMARY KEY (id),
    CONSTRAINT auth_tokens_token_hash_key UNIQUE (token_hash),
    CONSTRAINT auth_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth_credentials ON DELETE CASCADE
);

CREATE TABLE auth_links (
    token_hash bytea       NOT NULL,
    user_id    uuid        NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz,
    CONSTRAINT auth_links_pkey PRIMARY KEY (token_hash),
    CONSTRAINT auth_links_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth_credentials ON DELETE CASCADE
);

-- Of whom a proof was taken back lately: a session that ended, a token that
-- was revoked, an account that was removed. Whoever serves open streams reads
-- it, so that they end at once, whichever process took the proof back.
CREATE TABLE auth_endings (
    id       bigint      GENERATED ALWAYS AS IDENTITY,
    user_id  uuid        NOT NULL,
    ended_at timestamptz NOT NULL,
    CONSTRAINT auth_endings_pkey PRIMARY KEY (id)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON auth_credentials, auth_sessions, auth_tokens, auth_links, auth_endings TO fondaco_app;
-- +goose StatementEnd
