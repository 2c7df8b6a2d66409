-- Create "former_addresses" table
CREATE TABLE "former_addresses" (
  "id" character varying NOT NULL COLLATE "C",
  "created_at" timestamptz NOT NULL,
  "email_key" character varying NOT NULL COLLATE "C",
  "unsubscribed" jsonb NULL,
  "suppressed_at" timestamptz NULL,
  "suppressed_reason" character varying NOT NULL DEFAULT '' COLLATE "C",
  "account_id" character varying NOT NULL COLLATE "C",
  PRIMARY KEY ("id"),
  CONSTRAINT "former_addresses_accounts_account" FOREIGN KEY ("account_id") REFERENCES "accounts" ("id") ON UPDATE NO ACTION ON DELETE CASCADE
);
-- Create index "formeraddress_account_id_email_key" to table: "former_addresses"
CREATE UNIQUE INDEX "formeraddress_account_id_email_key" ON "former_addresses" ("account_id", "email_key");
-- Create index "formeraddress_email_key" to table: "former_addresses"
CREATE INDEX "formeraddress_email_key" ON "former_addresses" ("email_key");
