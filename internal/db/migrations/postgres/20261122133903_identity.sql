-- Create index "invitation_invited_by_id" to table: "invitations"
CREATE INDEX "invitation_invited_by_id" ON "invitations" ("invited_by_id");
-- Create index "ownershiptransfer_from_user_id" to table: "ownership_transfers"
CREATE INDEX "ownershiptransfer_from_user_id" ON "ownership_transfers" ("from_user_id");
-- Modify "accounts" table
ALTER TABLE "accounts" ADD COLUMN "two_factor_from" timestamptz NULL, ADD COLUMN "two_factor_reminded_at" timestamptz NULL, ADD COLUMN "allowed_domains" jsonb NULL, ADD COLUMN "policies_version" bigint NOT NULL DEFAULT 1;
-- Create index "account_two_factor_to_come" to table: "accounts"
CREATE INDEX "account_two_factor_to_come" ON "accounts" ("two_factor_from") WHERE ((two_factor_from IS NOT NULL) AND (two_factor_reminded_at IS NULL));
-- Modify "users" table
ALTER TABLE "users" ADD COLUMN "two_factor_at" timestamptz NULL, ADD COLUMN "deleted_at" timestamptz NULL, ADD COLUMN "former_id" character varying NULL COLLATE "C";
-- Create index "user_former_id" to table: "users"
CREATE UNIQUE INDEX "user_former_id" ON "users" ("former_id") WHERE (former_id IS NOT NULL);
-- Create "ceremonies" table
CREATE TABLE "ceremonies" (
  "id" character varying NOT NULL COLLATE "C",
  "created_at" timestamptz NOT NULL,
  "kind" character varying NOT NULL COLLATE "C",
  "user_id" character varying NOT NULL DEFAULT '' COLLATE "C",
  "session_id" character varying NOT NULL DEFAULT '' COLLATE "C",
  "data" bytea NOT NULL,
  "expires_at" timestamptz NOT NULL,
  PRIMARY KEY ("id")
);
-- Create index "ceremony_expires_at" to table: "ceremonies"
CREATE INDEX "ceremony_expires_at" ON "ceremonies" ("expires_at");
-- Create index "ceremony_user_id" to table: "ceremonies"
CREATE INDEX "ceremony_user_id" ON "ceremonies" ("user_id");
-- Create "authenticators" table
CREATE TABLE "authenticators" (
  "id" character varying NOT NULL COLLATE "C",
  "created_at" timestamptz NOT NULL,
  "secret" bytea NOT NULL,
  "confirmed_at" timestamptz NULL,
  "last_step" bigint NOT NULL DEFAULT 0,
  "user_id" character varying NOT NULL COLLATE "C",
  PRIMARY KEY ("id"),
  CONSTRAINT "authenticators_users_user" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON UPDATE NO ACTION ON DELETE CASCADE
);
-- Create index "authenticator_user_id" to table: "authenticators"
CREATE UNIQUE INDEX "authenticator_user_id" ON "authenticators" ("user_id");
-- Create "devices" table
CREATE TABLE "devices" (
  "id" character varying NOT NULL COLLATE "C",
  "created_at" timestamptz NOT NULL,
  "token_hash" character varying NOT NULL COLLATE "C",
  "user_agent" character varying NOT NULL DEFAULT '' COLLATE "C",
  "last_seen_at" timestamptz NOT NULL,
  "user_id" character varying NOT NULL COLLATE "C",
  PRIMARY KEY ("id"),
  CONSTRAINT "devices_users_user" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON UPDATE NO ACTION ON DELETE CASCADE
);
-- Create index "device_last_seen_at" to table: "devices"
CREATE INDEX "device_last_seen_at" ON "devices" ("last_seen_at");
-- Create index "device_token_hash" to table: "devices"
CREATE UNIQUE INDEX "device_token_hash" ON "devices" ("token_hash");
-- Create index "device_user_id_last_seen_at" to table: "devices"
CREATE INDEX "device_user_id_last_seen_at" ON "devices" ("user_id", "last_seen_at");
-- Create "email_changes" table
CREATE TABLE "email_changes" (
  "id" character varying NOT NULL COLLATE "C",
  "created_at" timestamptz NOT NULL,
  "email" character varying NOT NULL COLLATE "C",
  "email_key" character varying NOT NULL COLLATE "C",
  "former_email" character varying NOT NULL COLLATE "C",
  "former_email_key" character varying NOT NULL COLLATE "C",
  "expires_at" timestamptz NOT NULL,
  "confirmed_at" timestamptz NULL,
  "ended_at" timestamptz NULL,
  "user_id" character varying NOT NULL COLLATE "C",
  PRIMARY KEY ("id"),
  CONSTRAINT "email_changes_users_user" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON UPDATE NO ACTION ON DELETE CASCADE
);
-- Create index "emailchange_expires_at" to table: "email_changes"
CREATE INDEX "emailchange_expires_at" ON "email_changes" ("expires_at");
-- Create index "emailchange_one_waiting" to table: "email_changes"
CREATE UNIQUE INDEX "emailchange_one_waiting" ON "email_changes" ("user_id") WHERE (confirmed_at IS NULL);
-- Create index "emailchange_user_id_id" to table: "email_changes"
CREATE INDEX "emailchange_user_id_id" ON "email_changes" ("user_id", "id");
-- Create "identities" table
CREATE TABLE "identities" (
  "id" character varying NOT NULL COLLATE "C",
  "created_at" timestamptz NOT NULL,
  "issuer" character varying NOT NULL COLLATE "C",
  "subject" character varying NOT NULL COLLATE "C",
  "email" character varying NOT NULL DEFAULT '' COLLATE "C",
  "last_used_at" timestamptz NULL,
  "user_id" character varying NOT NULL COLLATE "C",
  PRIMARY KEY ("id"),
  CONSTRAINT "identities_users_user" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON UPDATE NO ACTION ON DELETE CASCADE
);
-- Create index "identity_issuer_subject" to table: "identities"
CREATE UNIQUE INDEX "identity_issuer_subject" ON "identities" ("issuer", "subject");
-- Create index "identity_user_id_id" to table: "identities"
CREATE INDEX "identity_user_id_id" ON "identities" ("user_id", "id");
-- Create "passkeys" table
CREATE TABLE "passkeys" (
  "id" character varying NOT NULL COLLATE "C",
  "created_at" timestamptz NOT NULL,
  "name" character varying NOT NULL COLLATE "C",
  "credential_id" character varying NOT NULL COLLATE "C",
  "credential" bytea NOT NULL,
  "last_used_at" timestamptz NULL,
  "user_id" character varying NOT NULL COLLATE "C",
  PRIMARY KEY ("id"),
  CONSTRAINT "passkeys_users_user" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON UPDATE NO ACTION ON DELETE CASCADE
);
-- Create index "passkey_credential_id" to table: "passkeys"
CREATE UNIQUE INDEX "passkey_credential_id" ON "passkeys" ("credential_id");
-- Create index "passkey_user_id_id" to table: "passkeys"
CREATE INDEX "passkey_user_id_id" ON "passkeys" ("user_id", "id");
-- Create "recovery_codes" table
CREATE TABLE "recovery_codes" (
  "id" character varying NOT NULL COLLATE "C",
  "created_at" timestamptz NOT NULL,
  "code_hash" character varying NOT NULL COLLATE "C",
  "used_at" timestamptz NULL,
  "user_id" character varying NOT NULL COLLATE "C",
  PRIMARY KEY ("id"),
  CONSTRAINT "recovery_codes_users_user" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON UPDATE NO ACTION ON DELETE CASCADE
);
-- Create index "recoverycode_user_id_code_hash" to table: "recovery_codes"
CREATE UNIQUE INDEX "recoverycode_user_id_code_hash" ON "recovery_codes" ("user_id", "code_hash");
-- Modify "sessions" table
ALTER TABLE "sessions" ADD COLUMN "pending" boolean NOT NULL DEFAULT false, ADD COLUMN "device_id" character varying NULL COLLATE "C", ADD COLUMN "token_expires_at" timestamptz NULL;
-- Create "refresh_tokens" table
CREATE TABLE "refresh_tokens" (
  "id" character varying NOT NULL COLLATE "C",
  "created_at" timestamptz NOT NULL,
  "token_hash" character varying NOT NULL COLLATE "C",
  "used_at" timestamptz NULL,
  "session_id" character varying NOT NULL COLLATE "C",
  PRIMARY KEY ("id"),
  CONSTRAINT "refresh_tokens_sessions_session" FOREIGN KEY ("session_id") REFERENCES "sessions" ("id") ON UPDATE NO ACTION ON DELETE CASCADE
);
-- Create index "refreshtoken_session_id_id" to table: "refresh_tokens"
CREATE INDEX "refreshtoken_session_id_id" ON "refresh_tokens" ("session_id", "id");
-- Create index "refreshtoken_token_hash" to table: "refresh_tokens"
CREATE UNIQUE INDEX "refreshtoken_token_hash" ON "refresh_tokens" ("token_hash");
