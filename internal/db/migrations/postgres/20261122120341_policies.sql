-- Modify "accounts" table
ALTER TABLE "accounts" ADD COLUMN "two_factor_reminded_at" timestamptz NULL, ADD COLUMN "policies_version" bigint NOT NULL DEFAULT 1;
-- Create index "account_two_factor_to_come" to table: "accounts"
CREATE INDEX "account_two_factor_to_come" ON "accounts" ("two_factor_from") WHERE ((two_factor_from IS NOT NULL) AND (two_factor_reminded_at IS NULL));
