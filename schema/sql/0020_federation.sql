-- What the links to other firms' nodes remember. Private to federation's door: no record, and never shared.
-- +goose Up
-- +goose StatementBegin

-- A pairing of a firm on this node with a firm on another one, in both directions.
CREATE TABLE federation_links (
    firm_id       uuid        NOT NULL,
    peer_id       uuid        NOT NULL,
    peer_name     text        NOT NULL,
    peer_key      bytea       NOT NULL, -- Ed25519, pinned at pairing
    peer_transport text       NOT NULL, -- nkey by which the peer connects here; used only if we are the hub
    hub           text        NOT NULL, -- where the mailboxes are: '' for our own server, or host:port of the peer's
    pin           text        NOT NULL, -- SHA-256 of that server's public key
    paired_at     timestamptz NOT NULL,
    broken        text        NOT NULL DEFAULT '', -- why nothing is taken from the peer any more
    alarm         text        NOT NULL DEFAULT '', -- what a person should look at
    alarm_at      timestamptz,
    heard_at      timestamptz, -- the peer's last report
    -- The sending side: a state machine, and whether the ids to look at are still being collected.
    sender        jsonb       NOT NULL,
    steps         bigint      NOT NULL DEFAULT 0, -- how many steps of it were stored; each is stored over the one before it alone
    filling       boolean     NOT NULL DEFAULT false,
    rescan        boolean     NOT NULL DEFAULT false,
    confirmed     boolean     NOT NULL DEFAULT false, -- a person lets a fenced link go on
    until         timestamptz, -- when an agreement begins or ends by its days
    -- The receiving side: the place after the last batch applied.
    epoch         bigint      NOT NULL DEFAULT 0,
    number        bigint      NOT NULL DEFAULT 0,
    token         bytea       NOT NULL DEFAULT '\x00000000000000000000000000000000',
    withdrawn     bigint      NOT NULL DEFAULT 0,
    CONSTRAINT federation_links_pkey PRIMARY KEY (firm_id, peer_id),
    CONSTRAINT federation_links_peer_key CHECK (length(peer_key) = 32),
    CONSTRAINT federation_links_token CHECK (length(token) = 16)
);

-- How far this node has read its ledger, for all links.
CREATE TABLE federation_tail (
    single        boolean     NOT NULL DEFAULT true CHECK (single),
    cursor        text        NOT NULL,
    CONSTRAINT federation_tail_pkey PRIMARY KEY (single)
);

-- Records to look at for a link. What is sent of them is made up at the time of sending.
CREATE SEQUENCE federation_pending_seq;
CREATE TABLE federation_pending (
    firm_id       uuid        NOT NULL,
    peer_id       uuid        NOT NULL,
    kind          text        NOT NULL,
    id            uuid        NOT NULL,
    lane          smallint    NOT NULL, -- 0 live, 2 snapshot or repetition, 1 both
    fields        bigint      NOT NULL DEFAULT 0, -- what was changed in it, by bit numbers; bit 63: who may see it
    since         bigint,               -- the first line of the ledger that says so
    seq           bigint      NOT NULL DEFAULT nextval('federation_pending_seq'),
    CONSTRAINT federation_pending_pkey PRIMARY KEY (firm_id, peer_id, id)
);

-- Which records a batch carried, never what of them.
CREATE TABLE federation_batches (
    firm_id       uuid        NOT NULL,
    peer_id       uuid        NOT NULL,
    number        bigint      NOT NULL,
    epoch         bigint      NOT NULL,
    token         bytea       NOT NULL,
    kinds         text[]      NOT NULL,
    ids           uuid[]      NOT NULL,
    withdraws     boolean     NOT NULL,
    built_at      timestamptz NOT NULL,
    confirmed_at  timestamptz,
    CONSTRAINT federation_batches_pkey PRIMARY KEY (firm_id, peer_id, number)
);

-- Who ever received which fields of which record, and whether it was taken back.
CREATE TABLE federation_exposures (
    firm_id       uuid        NOT NULL,
    peer_id       uuid        NOT NULL,
    kind          text        NOT NULL,
    id            uuid        NOT NULL,
    mask          bigint      NOT NULL, -- fields sent at any time
    shown         bigint      NOT NULL, -- fields sent last; 0 when the record was taken back
    version       bigint      NOT NULL, -- sent last
    fingerprint   bytea,                -- of what was sent last; NULL while it is not known what the peer holds
    first_sent    timestamptz NOT NULL,
    last_sent     timestamptz NOT NULL,
    last_number   bigint      NOT NULL, -- the batch that carried it last
    redacted_at   timestamptz,          -- the peer has confirmed that it holds no copy
    receipt       bigint,
    CONSTRAINT federation_exposures_pkey PRIMARY KEY (firm_id, peer_id, id)
);

-- Signed reports of peers that confirm that something was taken back.
CREATE TABLE federation_receipts (
    receipt       bigint      GENERATED ALWAYS AS IDENTITY,
    firm_id       uuid        NOT NULL,
    peer_id       uuid        NOT NULL,
    message       bytea       NOT NULL, -- as it was signed
    received_at   timestamptz NOT NULL,
    CONSTRAINT federation_receipts_pkey PRIMARY KEY (receipt)
);

-- The copies that this node holds of a peer's records, with the epoch that mentioned each last.
CREATE TABLE federation_copies (
    firm_id       uuid        NOT NULL,
    peer_id       uuid        NOT NULL,
    kind          text        NOT NULL,
    id            uuid        NOT NULL,
    epoch         bigint      NOT NULL,
    CONSTRAINT federation_copies_pkey PRIMARY KEY (firm_id, peer_id, id)
);

-- Records that could not be taken, or not be sent; a person or an upgrade resolves them.
CREATE TABLE federation_quarantine (
    firm_id       uuid        NOT NULL,
    peer_id       uuid        NOT NULL,
    flow          text        NOT NULL CHECK (flow IN ('IN', 'OUT')),
    kind          text        NOT NULL,
    id            uuid        NOT NULL,
    record        jsonb,
    reason        text        NOT NULL,
    schema        integer     NOT NULL, -- of this node when it was put here
    at            timestamptz NOT NULL,
    CONSTRAINT federation_quarantine_pkey PRIMARY KEY (firm_id, peer_id, flow, id)
);

-- Invitations given out and not answered yet; the secret is kept as a hash.
CREATE TABLE federation_invitations (
    secret_hash   bytea       NOT NULL,
    firm_id       uuid        NOT NULL,
    expires_at    timestamptz NOT NULL,
    CONSTRAINT federation_invitations_pkey PRIMARY KEY (secret_hash)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON federation_links, federation_tail, federation_pending, federation_batches,
    federation_exposures, federation_receipts, federation_copies, federation_quarantine, federation_invitations TO fondaco_app;
GRANT USAGE, SELECT ON SEQUENCE federation_pending_seq TO fondaco_app;
-- +goose StatementEnd
