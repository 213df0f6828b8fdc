-- The fence around what is no record: words, values, points, bodies, rules and the ledger.
-- +goose Up
-- +goose StatementBegin
-- A point is seen where its record is, behind the fence of the firm that granted it: it can be counted without the
-- record, and must not tell more. The firm that is granted has every partner within its fence.
ALTER TABLE reach ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON reach TO fondaco_app
  USING (owner_firm_id = ANY ((SELECT fondaco_fence())::uuid[]))
  WITH CHECK (owner_firm_id = ANY ((SELECT fondaco_fence())::uuid[]));

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
  USING ((holder_firm_id = ANY ((SELECT fondaco_fence())::uuid[])) IS TRUE)
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

-- A partition is reached by the ledger alone, and so by its fence.
REVOKE ALL ON changes_default FROM fondaco_app;
-- +goose StatementEnd
