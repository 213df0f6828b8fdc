-- What sharing agreements rest on, and for whom they were accepted.
-- +goose Up
ALTER TABLE sharing_agreements
  ADD COLUMN rests_on uuid,
  ADD CONSTRAINT sharing_agreements_rests_on_refers FOREIGN KEY (rests_on) REFERENCES records (id);
CREATE INDEX sharing_agreements_rests_on ON sharing_agreements (holder_firm_id, rests_on);

ALTER TABLE acceptances
  ADD COLUMN teams uuid[];
