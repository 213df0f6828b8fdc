-- The fence around what is no record: words, values, points, bodies, rules and the ledger.
-- +goose Up
-- +goose StatementBegin
-- The owner may take a grant back when the firm that it was granted to is no partner any more.
ALTER TABLE reach ADD COLUMN owner_firm_id uuid;
UPDATE reach r SET owner_firm_id = x.owner_firm_id FROM records x WHERE x.id = r.record_id;
ALTER TABLE reach ALTER COLUMN owner_firm_id SET NOT NULL,
  ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON reach TO fondaco_app
  USING (owner_firm_id = ANY ((SELECT fondaco_fence())::uuid[]))
  WITH CHECK (owner_firm_id = ANY ((SELECT fondaco_fence())::uuid[]));
CREATE POLICY granted ON reach FOR SELECT TO fondaco_app
  USING (firm_id = ANY ((SELECT fondaco_fence())::uuid[]));

-- All that a firm was granted is one list, in the order in which it is shown, under whatever agreements.
DROP INDEX reach_list;
CREATE INDEX reach_list ON reach (firm_id, kind, sort_key, record_id) INCLUDE (agreement_id, owner_firm_id);

-- Customers are what firms share by a filter: what one column chooses is walked in the order of the list.
DO $$
DECLARE
  filtered text;
BEGIN
  FOREACH filtered IN ARRAY '{customer_type,status,industry,segment,city,country,duns,gln,vat_id,customer_number,assignee}'::text[] LOOP
    EXECUTE format('DROP INDEX customers_%1$s; CREATE INDEX customers_%1$s ON customers (holder_firm_id, %1$s, sort_key, id)', filtered);
  END LOOP;
END
$$;

ALTER TABLE change_values ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON change_values TO fondaco_app
  USING (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]))
  WITH CHECK (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]));

ALTER TABLE bodies ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON bodies TO fondaco_app
  USING (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]))
  WITH CHECK (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]));

ALTER TABLE policy_overrides ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON policy_overrides TO fondaco_app
  USING (firm_id = ANY ((SELECT fondaco_fence())::uuid[]))
  WITH CHECK (firm_id = ANY ((SELECT fondaco_fence())::uuid[]));

-- The ledger is read as a whole by the node's own tail, which says so.
ALTER TABLE changes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON changes TO fondaco_app
  USING (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]) OR (SELECT current_setting('fondaco.tail', true)) = 'on')
  WITH CHECK (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]));

-- The owner stands outside this fence, for fondaco_found: PostgreSQL would hold every row against the fence before
-- its words, because LIKE might leak, and so could use no index of words.
ALTER TABLE search_texts ENABLE ROW LEVEL SECURITY;
CREATE POLICY fence ON search_texts TO fondaco_app
  USING (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]))
  WITH CHECK (holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[]));

-- The rows of the fenced firms in whose words all patterns are found, at most so many. It proposes: whoever asks
-- still holds what it sees of each row against the words.
CREATE FUNCTION fondaco_found(of_kind text, patterns text[], most integer) RETURNS TABLE (holder uuid, id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path FROM CURRENT
AS $$
BEGIN
  RETURN QUERY EXECUTE
    'SELECT s.holder_firm_id, s.id FROM search_texts s WHERE s.holder_firm_id = ANY ($1) AND s.kind = $2'
    || coalesce((SELECT string_agg(format(' AND s.text LIKE fondaco_key(%L)', p), '') FROM unnest(patterns) p), '')
    || ' LIMIT $3'
  USING fondaco_fence(), of_kind, most;
END
$$;
REVOKE EXECUTE ON FUNCTION fondaco_found FROM PUBLIC;
GRANT EXECUTE ON FUNCTION fondaco_found TO fondaco_app;

-- What was not sent yet is nobody's but its author's, whoever it is addressed to.
DO $$
DECLARE
  addressed regclass;
BEGIN
  FOR addressed IN SELECT p.polrelid::regclass FROM pg_policy p WHERE p.polname = 'addressed' LOOP
    EXECUTE format('ALTER POLICY addressed ON %s USING (addressed_to = ANY ((SELECT fondaco_fence())::uuid[]) AND sent_at IS NOT NULL)', addressed);
  END LOOP;
END
$$;

-- A partition is reached by the ledger alone, and so by its fence.
DO $$
DECLARE
  part regclass;
BEGIN
  FOR part IN SELECT i.inhrelid::regclass FROM pg_inherits i WHERE i.inhparent = 'changes'::regclass LOOP
    EXECUTE format('REVOKE ALL ON %s FROM fondaco_app', part);
  END LOOP;
END
$$;
-- +goose StatementEnd
