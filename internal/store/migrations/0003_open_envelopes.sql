-- Whether envelopes without a token may change things. Until now there were none.
ALTER TABLE site_policy ADD COLUMN open_envelopes INTEGER NOT NULL DEFAULT 0 CHECK (open_envelopes IN (0, 1));
