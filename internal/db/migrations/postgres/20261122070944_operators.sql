-- Modify "accounts" table
ALTER TABLE "accounts" ADD COLUMN "members_version" bigint NOT NULL DEFAULT 0;
-- Create index "invitation_waiting" to table: "invitations"
CREATE INDEX "invitation_waiting" ON "invitations" ("account_id", "id") WHERE ((state)::text = 'PENDING'::text);
-- Modify "ownership_transfers" table
ALTER TABLE "ownership_transfers" ALTER COLUMN "expires_at" DROP NOT NULL, ADD COLUMN "operator" character varying NOT NULL DEFAULT '' COLLATE "C", ADD COLUMN "operator_token_id" character varying NOT NULL DEFAULT '' COLLATE "C", ADD COLUMN "effective_at" timestamptz NULL, ADD COLUMN "notices" bigint NOT NULL DEFAULT 0, ADD COLUMN "noticed_at" timestamptz NULL, ADD COLUMN "objected" boolean NOT NULL DEFAULT false;
-- Create index "transfer_to_take_effect" to table: "ownership_transfers"
CREATE INDEX "transfer_to_take_effect" ON "ownership_transfers" ("effective_at") WHERE (((state)::text = 'PENDING'::text) AND (effective_at IS NOT NULL));
-- Create "operator_tokens" table
CREATE TABLE "operator_tokens" (
  "id" character varying NOT NULL COLLATE "C",
  "created_at" timestamptz NOT NULL,
  "name" character varying NOT NULL COLLATE "C",
  "token_hash" character varying NOT NULL COLLATE "C",
  "powers" jsonb NOT NULL,
  "expires_at" timestamptz NULL,
  "last_used_at" timestamptz NULL,
  PRIMARY KEY ("id")
);
-- Create index "operator_tokens_name_key" to table: "operator_tokens"
CREATE UNIQUE INDEX "operator_tokens_name_key" ON "operator_tokens" ("name");
-- Create index "operator_tokens_token_hash_key" to table: "operator_tokens"
CREATE UNIQUE INDEX "operator_tokens_token_hash_key" ON "operator_tokens" ("token_hash");
-- Create "provisions" table
CREATE TABLE "provisions" (
  "id" character varying NOT NULL COLLATE "C",
  "created_at" timestamptz NOT NULL,
  "email" character varying NOT NULL COLLATE "C",
  "email_key" character varying NOT NULL COLLATE "C",
  "name" character varying NOT NULL COLLATE "C",
  "company" character varying NOT NULL DEFAULT '' COLLATE "C",
  "external_id" character varying NOT NULL COLLATE "C",
  "operator" character varying NOT NULL COLLATE "C",
  "operator_token_id" character varying NOT NULL DEFAULT '' COLLATE "C",
  "expires_at" timestamptz NOT NULL,
  PRIMARY KEY ("id")
);
-- Create index "provision_email_key" to table: "provisions"
CREATE INDEX "provision_email_key" ON "provisions" ("email_key");
-- Create index "provision_expires_at" to table: "provisions"
CREATE INDEX "provision_expires_at" ON "provisions" ("expires_at");
-- Create index "provisions_external_id_key" to table: "provisions"
CREATE UNIQUE INDEX "provisions_external_id_key" ON "provisions" ("external_id");
