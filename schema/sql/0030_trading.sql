-- What the exchange of EDI files remembers. Private to trading's door: no record, and never shared.
-- +goose Up
-- +goose StatementBegin

-- An agreed way between a firm that sends files and a firm on this node that receives them.
CREATE TABLE trading_partners (
    id                 uuid        NOT NULL,
    receiver_firm_id   uuid        NOT NULL,
    sender_firm_id     uuid        NOT NULL,
    mailbox            text        NOT NULL, -- name of its folder
    -- How the two are named in the envelopes: ISA05 to ISA08, GS02 and GS03.
    sender_qualifier   text        NOT NULL,
    sender_id          text        NOT NULL,
    receiver_qualifier text        NOT NULL,
    receiver_id        text        NOT NULL,
    sender_group       text        NOT NULL,
    receiver_group     text        NOT NULL,
    test_allowed       boolean     NOT NULL,
    ta1                text        NOT NULL,
    errors_only        boolean     NOT NULL, -- accepted documents are left out of the 997
    answer_form        text        NOT NULL DEFAULT '997',
    accept_errors      boolean     NOT NULL DEFAULT false, -- a document with errors is taken as far as it can be: E, not R
    reject_damaged     boolean     NOT NULL DEFAULT false, -- an interchange whose envelope is wrong is refused as a whole
    only_asked         boolean     NOT NULL DEFAULT false, -- a CONTRL is sent only if it is asked for, or something is wrong
    receipt_only       boolean     NOT NULL DEFAULT false, -- EDIFACT is answered with its receipt alone
    answer_advice      boolean     NOT NULL DEFAULT false, -- an 824 or APERAK is answered too
    -- What is sent to the partner: by which way, and in how many seconds it is to be acknowledged; 0 for never.
    transport          text        NOT NULL DEFAULT 'folder',
    acknowledge_within bigint      NOT NULL DEFAULT 0,
    reused             text        NOT NULL, -- what becomes of other content under a control number that was used
    token_hash         bytea,                -- SHA-256 of the token that opens the mailbox over HTTPS
    added_at           timestamptz NOT NULL,
    CONSTRAINT trading_partners_pkey PRIMARY KEY (id),
    CONSTRAINT trading_partners_mailbox UNIQUE (mailbox),
    CONSTRAINT trading_partners_envelope UNIQUE (sender_qualifier, sender_id, receiver_qualifier, receiver_id),
    CONSTRAINT trading_partners_token UNIQUE (token_hash),
    CONSTRAINT trading_partners_ta1 CHECK (ta1 IN ('ASKED', 'ALWAYS', 'NEVER')),
    CONSTRAINT trading_partners_reused CHECK (reused IN ('REJECT', 'HOLD')),
    CONSTRAINT trading_partners_form CHECK (answer_form IN ('997', '999')),
    CONSTRAINT trading_partners_transport CHECK (transport IN ('folder', 'https')),
    CONSTRAINT trading_partners_within CHECK (acknowledge_within >= 0)
);

-- Every file that was taken. Its bytes were durable before its row was, and its sender was told after that.
CREATE TABLE trading_receipts (
    id            uuid        NOT NULL,
    partner_id    uuid,                 -- whose mailbox it came by; NULL when a person dropped it
    firm_id       uuid        NOT NULL, -- who delivered it
    transport     text        NOT NULL,
    transport_key text        NOT NULL, -- equal for a repetition of the same delivery
    name          text        NOT NULL,
    sha256        text        NOT NULL,
    size          bigint      NOT NULL,
    path          text        NOT NULL,
    received_at   timestamptz NOT NULL,
    state         text        NOT NULL DEFAULT 'RECEIVED',
    attempts      integer     NOT NULL DEFAULT 0,
    next_try      timestamptz NOT NULL DEFAULT '-infinity',
    error         text        NOT NULL DEFAULT '', -- why the last try failed
    CONSTRAINT trading_receipts_pkey PRIMARY KEY (id),
    CONSTRAINT trading_receipts_once UNIQUE (transport, transport_key),
    CONSTRAINT trading_receipts_partner FOREIGN KEY (partner_id) REFERENCES trading_partners (id),
    -- HELD waits for a trading partner that is not known yet, FAILED for a person.
    CONSTRAINT trading_receipts_state CHECK (state IN ('RECEIVED', 'PROCESSED', 'HELD', 'FAILED'))
);

-- What became of each interchange in a file. Written with its records, so that none takes effect twice.
CREATE TABLE trading_processed (
    interchange_id   uuid        NOT NULL,
    receipt_id       uuid        NOT NULL,
    place            integer     NOT NULL, -- in the file, from 1
    receiver_firm_id uuid        NOT NULL, -- in whose books it stands
    sender_firm_id   uuid        NOT NULL,
    standard         text        NOT NULL,
    sender           text        NOT NULL, -- with its qualifier: ZZ:LUSODIST
    receiver         text        NOT NULL,
    control_number   text        NOT NULL,
    sha256           text        NOT NULL, -- of the interchange alone
    start            bigint      NOT NULL, -- its first byte in the file
    size             bigint      NOT NULL,
    state            text        NOT NULL,
    effect           boolean     NOT NULL, -- records arose from it
    original_id      uuid,                 -- of a duplicate: the interchange that it repeats
    redo             boolean     NOT NULL DEFAULT false,
    processed_at     timestamptz NOT NULL,
    CONSTRAINT trading_processed_pkey PRIMARY KEY (interchange_id),
    CONSTRAINT trading_processed_place UNIQUE (receipt_id, place),
    CONSTRAINT trading_processed_receipt FOREIGN KEY (receipt_id) REFERENCES trading_receipts (id)
);
CREATE UNIQUE INDEX trading_processed_once ON trading_processed (receiver_firm_id, sender, receiver, control_number) WHERE effect;

-- The control numbers given to what is sent.
CREATE TABLE trading_controls (
    firm_id       uuid        NOT NULL,
    standard      text        NOT NULL,
    sender        text        NOT NULL,
    receiver      text        NOT NULL,
    type          text        NOT NULL,
    last          bigint      NOT NULL,
    CONSTRAINT trading_controls_pkey PRIMARY KEY (firm_id, standard, sender, receiver, type)
);

-- What waits for a trading partner, and what it has fetched: documents, acknowledgments, and reports on files with errors.
CREATE TABLE trading_outbound (
    id            uuid        NOT NULL, -- of a document or an acknowledgment: the interchange
    partner_id    uuid        NOT NULL,
    firm_id       uuid        NOT NULL, -- who sends
    sort          text        NOT NULL,
    transport     text        NOT NULL, -- it goes back by the way that the file came
    answers       uuid        NOT NULL, -- the interchange that it is about; a document is about itself
    name          text        NOT NULL,
    bytes         bytea       NOT NULL,
    sha256        text        NOT NULL,
    made_at       timestamptz NOT NULL,
    delivered_at  timestamptz,
    CONSTRAINT trading_outbound_pkey PRIMARY KEY (id),
    CONSTRAINT trading_outbound_partner FOREIGN KEY (partner_id) REFERENCES trading_partners (id),
    CONSTRAINT trading_outbound_sort CHECK (sort IN ('DOCUMENT', 'ACKNOWLEDGMENT', 'REPORT'))
);

-- The documents that were sent, and what was said of them. Numbers are without leading zeros, which the two sides may
-- write differently.
CREATE TABLE trading_sent (
    interchange_id   uuid        NOT NULL,
    place            integer     NOT NULL, -- in the interchange, from 1
    partner_id       uuid        NOT NULL,
    firm_id          uuid        NOT NULL, -- who sent it
    standard         text        NOT NULL,
    sender           text        NOT NULL, -- as named in the envelope
    receiver         text        NOT NULL,
    interchange      text        NOT NULL, -- control numbers
    functional_id    text        NOT NULL,
    group_number     text        NOT NULL,
    set_id           text        NOT NULL,
    number           text        NOT NULL,
    document         text        NOT NULL, -- its own number, such as that of an order
    -- Statuses as acknowledgments write them: A, E, P, R, and 8 for one that has arrived; empty while nothing was said.
    envelope_status  text        NOT NULL DEFAULT '', -- of the TA1 or UCI
    syntax_status    text        NOT NULL DEFAULT '', -- of the 997, 999 or CONTRL
    content_status   text        NOT NULL DEFAULT '', -- of the 824 or APERAK
    said             text        NOT NULL DEFAULT '', -- why it was refused, in words
    answered_by      uuid,                 -- the interchange that said it last
    answered_at      timestamptz,
    due_at           timestamptz,          -- when its syntax is to be acknowledged; NULL while it was not delivered, or for never
    overdue_at       timestamptz,          -- when it was found that nothing had come
    CONSTRAINT trading_sent_pkey PRIMARY KEY (interchange_id, place),
    CONSTRAINT trading_sent_partner FOREIGN KEY (partner_id) REFERENCES trading_partners (id)
);

-- Which customer a sender means by a number of its own.
CREATE TABLE trading_customers (
    receiver_firm_id uuid     NOT NULL,
    sender_firm_id   uuid     NOT NULL,
    number           text     NOT NULL,
    customer_id      uuid     NOT NULL,
    CONSTRAINT trading_customers_pkey PRIMARY KEY (receiver_firm_id, sender_firm_id, number)
);

-- The one process that reads folders and works files off.
CREATE TABLE trading_lease (
    single        boolean     NOT NULL DEFAULT true,
    holder        text        NOT NULL,
    until         timestamptz NOT NULL,
    CONSTRAINT trading_lease_pkey PRIMARY KEY (single),
    CONSTRAINT trading_lease_single CHECK (single)
);
INSERT INTO trading_lease (holder, until) VALUES ('', '-infinity');

GRANT SELECT, INSERT, UPDATE, DELETE
    ON trading_partners, trading_receipts, trading_processed, trading_controls, trading_outbound, trading_sent, trading_customers, trading_lease
    TO fondaco_app;
-- +goose StatementEnd
