-- +goose Up
-- +goose StatementBegin
-- What the gateway itself remembers. Private to it: no record, never shared.

-- Requests that were carried out under an idempotency key, with what came of them, so that a repetition gets the
-- same answer. Written in the transaction of the request.
CREATE TABLE gateway_idempotency (
    firm_id      uuid        NOT NULL,
    key          text        NOT NULL,
    request_hash bytea       NOT NULL,
    kind         text        NOT NULL,
    record_id    uuid        NOT NULL,
    made_at      timestamptz NOT NULL,
    CONSTRAINT gateway_idempotency_pkey PRIMARY KEY (firm_id, key)
);

-- Bytes that were sent, and wait to become a version of a document.
CREATE TABLE gateway_uploads (
    id         uuid        NOT NULL,
    firm_id    uuid        NOT NULL,
    user_id    uuid        NOT NULL,
    document   uuid        NOT NULL,
    file_name  text        NOT NULL,
    sha256     text        NOT NULL,
    size       bigint      NOT NULL,
    media_type text        NOT NULL,
    made_at    timestamptz NOT NULL,
    CONSTRAINT gateway_uploads_pkey PRIMARY KEY (id)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON gateway_idempotency, gateway_uploads TO fondaco_app;
-- +goose StatementEnd
