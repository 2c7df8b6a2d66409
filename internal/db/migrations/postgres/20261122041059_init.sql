-- Create "events" table
CREATE TABLE "events" (
  "id" character varying NOT NULL COLLATE "C",
  "created_at" timestamptz NOT NULL,
  "stream" character varying NOT NULL COLLATE "C",
  "account_id" character varying NULL COLLATE "C",
  "actor_kind" character varying NOT NULL COLLATE "C",
  "actor_id" character varying NOT NULL DEFAULT '' COLLATE "C",
  "actor_name" character varying NOT NULL DEFAULT '' COLLATE "C",
  "action" character varying NOT NULL COLLATE "C",
  "target_id" character varying NOT NULL DEFAULT '' COLLATE "C",
  "target_name" character varying NOT NULL DEFAULT '' COLLATE "C",
  "before" character varying NOT NULL DEFAULT '' COLLATE "C",
  "after" character varying NOT NULL DEFAULT '' COLLATE "C",
  "address" character varying NOT NULL DEFAULT '' COLLATE "C",
  "seq" bigint NULL,
  "hash" character varying NOT NULL DEFAULT '' COLLATE "C",
  "handled" boolean NOT NULL DEFAULT false,
  PRIMARY KEY ("id")
);
-- Create index "event_account_id_id" to table: "events"
CREATE INDEX "event_account_id_id" ON "events" ("account_id", "id");
-- Create index "event_handled_id" to table: "events"
CREATE INDEX "event_handled_id" ON "events" ("handled", "id");
-- Create index "event_stream_seq" to table: "events"
CREATE UNIQUE INDEX "event_stream_seq" ON "events" ("stream", "seq");
-- Create index "event_unsealed" to table: "events"
CREATE INDEX "event_unsealed" ON "events" ("seq", "id") WHERE (seq IS NULL);
-- Create "idempotency_keys" table
CREATE TABLE "idempotency_keys" (
  "id" character varying NOT NULL COLLATE "C",
  "payload_hash" character varying NOT NULL COLLATE "C",
  "result" text NOT NULL DEFAULT '' COLLATE "C",
  "created_at" timestamptz NOT NULL,
  PRIMARY KEY ("id")
);
-- Create index "idempotencykey_created_at" to table: "idempotency_keys"
CREATE INDEX "idempotencykey_created_at" ON "idempotency_keys" ("created_at");
-- Create "budgets" table
CREATE TABLE "budgets" (
  "id" character varying NOT NULL COLLATE "C",
  "full_at" bigint NOT NULL,
  PRIMARY KEY ("id")
);
-- Create index "budget_full_at" to table: "budgets"
CREATE INDEX "budget_full_at" ON "budgets" ("full_at");
-- Create "chains" table
CREATE TABLE "chains" (
  "id" character varying NOT NULL COLLATE "C",
  "seq" bigint NOT NULL,
  "hash" character varying NOT NULL COLLATE "C",
  PRIMARY KEY ("id")
);
-- Create "verifications" table
CREATE TABLE "verifications" (
  "id" character varying NOT NULL COLLATE "C",
  "created_at" timestamptz NOT NULL,
  "purpose" character varying NOT NULL COLLATE "C",
  "email" character varying NOT NULL COLLATE "C",
  "email_key" character varying NOT NULL COLLATE "C",
  "name" character varying NOT NULL DEFAULT '' COLLATE "C",
  "locale" character varying NOT NULL DEFAULT 'en' COLLATE "C",
  "generation" bigint NOT NULL DEFAULT 0,
  "expires_at" timestamptz NOT NULL,
  PRIMARY KEY ("id")
);
-- Create index "verification_expires_at" to table: "verifications"
CREATE INDEX "verification_expires_at" ON "verifications" ("expires_at");
-- Create index "verification_purpose_email_key" to table: "verifications"
CREATE UNIQUE INDEX "verification_purpose_email_key" ON "verifications" ("purpose", "email_key");
-- Create "deliveries" table
CREATE TABLE "deliveries" (
  "id" character varying NOT NULL COLLATE "C",
  "created_at" timestamptz NOT NULL,
  "event_id" character varying NOT NULL COLLATE "C",
  "account_id" character varying NULL COLLATE "C",
  "kind" character varying NOT NULL COLLATE "C",
  "subject_id" character varying NOT NULL COLLATE "C",
  "to" character varying NOT NULL COLLATE "C",
  "to_key" character varying NOT NULL COLLATE "C",
  "to_name" character varying NOT NULL DEFAULT '' COLLATE "C",
  "locale" character varying NOT NULL DEFAULT 'en' COLLATE "C",
  "data" jsonb NOT NULL,
  "state" character varying NOT NULL DEFAULT 'QUEUED' COLLATE "C",
  "attempts" bigint NOT NULL DEFAULT 0,
  "next_attempt_at" timestamptz NOT NULL,
  "sent_at" timestamptz NULL,
  "last_error" character varying NOT NULL DEFAULT '' COLLATE "C",
  PRIMARY KEY ("id")
);
-- Create index "delivery_account_id_id" to table: "deliveries"
CREATE INDEX "delivery_account_id_id" ON "deliveries" ("account_id", "id");
-- Create index "delivery_event_id_kind_to_key" to table: "deliveries"
CREATE UNIQUE INDEX "delivery_event_id_kind_to_key" ON "deliveries" ("event_id", "kind", "to_key");
-- Create index "delivery_state_next_attempt_at" to table: "deliveries"
CREATE INDEX "delivery_state_next_attempt_at" ON "deliveries" ("state", "next_attempt_at");
-- Create "blocks" table
CREATE TABLE "blocks" (
  "id" character varying NOT NULL COLLATE "C",
  "created_at" timestamptz NOT NULL,
  "account_id" character varying NOT NULL COLLATE "C",
  "email_key" character varying NOT NULL COLLATE "C",
  PRIMARY KEY ("id")
);
-- Create index "block_account_id_email_key" to table: "blocks"
CREATE UNIQUE INDEX "block_account_id_email_key" ON "blocks" ("account_id", "email_key");
-- Create "users" table
CREATE TABLE "users" (
  "id" character varying NOT NULL COLLATE "C",
  "created_at" timestamptz NOT NULL,
  "email" character varying NOT NULL COLLATE "C",
  "email_key" character varying NOT NULL COLLATE "C",
  "name" character varying NOT NULL COLLATE "C",
  "search" character varying NOT NULL COLLATE "C",
  "locale" character varying NOT NULL DEFAULT 'en' COLLATE "C",
  "password_hash" character varying NULL COLLATE "C",
  "password_changed_at" timestamptz NOT NULL,
  "default_account_id" character varying NULL COLLATE "C",
  "external_id" character varying NULL COLLATE "C",
  "disabled_at" timestamptz NULL,
  PRIMARY KEY ("id")
);
-- Create index "user_email_key" to table: "users"
CREATE UNIQUE INDEX "user_email_key" ON "users" ("email_key");
-- Create index "users_external_id_key" to table: "users"
CREATE UNIQUE INDEX "users_external_id_key" ON "users" ("external_id");
-- Create "accounts" table
CREATE TABLE "accounts" (
  "id" character varying NOT NULL COLLATE "C",
  "created_at" timestamptz NOT NULL,
  "name" character varying NOT NULL COLLATE "C",
  "search" character varying NOT NULL COLLATE "C",
  "state" character varying NOT NULL DEFAULT 'ACTIVE' COLLATE "C",
  "suspended_reason" character varying NOT NULL DEFAULT '' COLLATE "C",
  "closed_at" timestamptz NULL,
  "external_id" character varying NULL COLLATE "C",
  "company" character varying NOT NULL DEFAULT '' COLLATE "C",
  "billing_email" character varying NOT NULL DEFAULT '' COLLATE "C",
  "phone" character varying NOT NULL DEFAULT '' COLLATE "C",
  "tax_id" character varying NOT NULL DEFAULT '' COLLATE "C",
  "address_line1" character varying NOT NULL DEFAULT '' COLLATE "C",
  "address_line2" character varying NOT NULL DEFAULT '' COLLATE "C",
  "city" character varying NOT NULL DEFAULT '' COLLATE "C",
  "region" character varying NOT NULL DEFAULT '' COLLATE "C",
  "postal_code" character varying NOT NULL DEFAULT '' COLLATE "C",
  "country" character varying NOT NULL DEFAULT '' COLLATE "C",
  "owner_fallback" boolean NOT NULL DEFAULT true,
  "version" bigint NOT NULL DEFAULT 1,
  "roles_version" bigint NOT NULL DEFAULT 0,
  "owner_user_id" character varying NOT NULL COLLATE "C",
  "parent_id" character varying NULL COLLATE "C",
  PRIMARY KEY ("id"),
  CONSTRAINT "accounts_accounts_parent" FOREIGN KEY ("parent_id") REFERENCES "accounts" ("id") ON UPDATE NO ACTION ON DELETE SET NULL,
  CONSTRAINT "accounts_users_owner" FOREIGN KEY ("owner_user_id") REFERENCES "users" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION
);
-- Create index "account_owner_user_id" to table: "accounts"
CREATE INDEX "account_owner_user_id" ON "accounts" ("owner_user_id");
-- Create index "account_parent_id_id" to table: "accounts"
CREATE INDEX "account_parent_id_id" ON "accounts" ("parent_id", "id");
-- Create index "accounts_external_id_key" to table: "accounts"
CREATE UNIQUE INDEX "accounts_external_id_key" ON "accounts" ("external_id");
-- Create "memberships" table
CREATE TABLE "memberships" (
  "id" character varying NOT NULL COLLATE "C",
  "created_at" timestamptz NOT NULL,
  "state" character varying NOT NULL DEFAULT 'ACTIVE' COLLATE "C",
  "deactivated_at" timestamptz NULL,
  "role_ids" jsonb NOT NULL,
  "permissions" jsonb NOT NULL,
  "sub_account_access" character varying NOT NULL DEFAULT 'NONE' COLLATE "C",
  "sub_account_ids" jsonb NOT NULL,
  "version" bigint NOT NULL DEFAULT 1,
  "last_access_at" timestamptz NULL,
  "invitation_id" character varying NULL COLLATE "C",
  "account_id" character varying NOT NULL COLLATE "C",
  "user_id" character varying NOT NULL COLLATE "C",
  PRIMARY KEY ("id"),
  CONSTRAINT "memberships_accounts_account" FOREIGN KEY ("account_id") REFERENCES "accounts" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION,
  CONSTRAINT "memberships_users_user" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION
);
-- Create index "membership_account_id_id" to table: "memberships"
CREATE INDEX "membership_account_id_id" ON "memberships" ("account_id", "id");
-- Create index "membership_account_id_user_id" to table: "memberships"
CREATE UNIQUE INDEX "membership_account_id_user_id" ON "memberships" ("account_id", "user_id");
-- Create index "membership_user_id_id" to table: "memberships"
CREATE INDEX "membership_user_id_id" ON "memberships" ("user_id", "id");
-- Create "contacts" table
CREATE TABLE "contacts" (
  "id" character varying NOT NULL COLLATE "C",
  "created_at" timestamptz NOT NULL,
  "email" character varying NOT NULL COLLATE "C",
  "email_key" character varying NOT NULL COLLATE "C",
  "search" character varying NOT NULL COLLATE "C",
  "first_name" character varying NOT NULL DEFAULT '' COLLATE "C",
  "last_name" character varying NOT NULL DEFAULT '' COLLATE "C",
  "company" character varying NOT NULL DEFAULT '' COLLATE "C",
  "phone" character varying NOT NULL DEFAULT '' COLLATE "C",
  "address_line1" character varying NOT NULL DEFAULT '' COLLATE "C",
  "address_line2" character varying NOT NULL DEFAULT '' COLLATE "C",
  "city" character varying NOT NULL DEFAULT '' COLLATE "C",
  "region" character varying NOT NULL DEFAULT '' COLLATE "C",
  "postal_code" character varying NOT NULL DEFAULT '' COLLATE "C",
  "country" character varying NOT NULL DEFAULT '' COLLATE "C",
  "locale" character varying NOT NULL DEFAULT 'en' COLLATE "C",
  "type" character varying NOT NULL DEFAULT 'OTHER' COLLATE "C",
  "notes" character varying NOT NULL DEFAULT '' COLLATE "C",
  "external_id" character varying NULL COLLATE "C",
  "preferences" jsonb NOT NULL,
  "sub_account_access" character varying NOT NULL DEFAULT 'NONE' COLLATE "C",
  "sub_account_ids" jsonb NOT NULL,
  "suppressed_at" timestamptz NULL,
  "version" bigint NOT NULL DEFAULT 1,
  "updated_at" timestamptz NOT NULL,
  "account_id" character varying NOT NULL COLLATE "C",
  "membership_id" character varying NULL COLLATE "C",
  PRIMARY KEY ("id"),
  CONSTRAINT "contacts_accounts_account" FOREIGN KEY ("account_id") REFERENCES "accounts" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION,
  CONSTRAINT "contacts_memberships_membership" FOREIGN KEY ("membership_id") REFERENCES "memberships" ("id") ON UPDATE NO ACTION ON DELETE SET NULL
);
-- Create index "contact_account_id_email_key" to table: "contacts"
CREATE UNIQUE INDEX "contact_account_id_email_key" ON "contacts" ("account_id", "email_key");
-- Create index "contact_account_id_external_id" to table: "contacts"
CREATE UNIQUE INDEX "contact_account_id_external_id" ON "contacts" ("account_id", "external_id");
-- Create index "contact_account_id_id" to table: "contacts"
CREATE INDEX "contact_account_id_id" ON "contacts" ("account_id", "id");
-- Create index "contact_membership_id" to table: "contacts"
CREATE INDEX "contact_membership_id" ON "contacts" ("membership_id");
-- Create "invitations" table
CREATE TABLE "invitations" (
  "id" character varying NOT NULL COLLATE "C",
  "created_at" timestamptz NOT NULL,
  "email" character varying NOT NULL COLLATE "C",
  "email_key" character varying NOT NULL COLLATE "C",
  "name" character varying NOT NULL DEFAULT '' COLLATE "C",
  "search" character varying NOT NULL COLLATE "C",
  "state" character varying NOT NULL DEFAULT 'PENDING' COLLATE "C",
  "ended_reason" character varying NOT NULL DEFAULT '' COLLATE "C",
  "ended_at" timestamptz NULL,
  "role_ids" jsonb NOT NULL,
  "permissions" jsonb NOT NULL,
  "sub_account_access" character varying NOT NULL DEFAULT 'NONE' COLLATE "C",
  "sub_account_ids" jsonb NOT NULL,
  "message" character varying NOT NULL DEFAULT '' COLLATE "C",
  "locale" character varying NOT NULL DEFAULT 'en' COLLATE "C",
  "generation" bigint NOT NULL DEFAULT 1,
  "mailed" boolean NOT NULL DEFAULT true,
  "sends" bigint NOT NULL DEFAULT 1,
  "sent_at" timestamptz NOT NULL,
  "expires_at" timestamptz NOT NULL,
  "reminded_at" timestamptz NULL,
  "granted_by_id" character varying NOT NULL COLLATE "C",
  "accepted_by_id" character varying NULL COLLATE "C",
  "account_id" character varying NOT NULL COLLATE "C",
  "invited_by_id" character varying NOT NULL COLLATE "C",
  "contact_id" character varying NULL COLLATE "C",
  PRIMARY KEY ("id"),
  CONSTRAINT "invitations_accounts_account" FOREIGN KEY ("account_id") REFERENCES "accounts" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION,
  CONSTRAINT "invitations_contacts_contact" FOREIGN KEY ("contact_id") REFERENCES "contacts" ("id") ON UPDATE NO ACTION ON DELETE SET NULL,
  CONSTRAINT "invitations_users_invited_by" FOREIGN KEY ("invited_by_id") REFERENCES "users" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION
);
-- Create index "invitation_account_id_id" to table: "invitations"
CREATE INDEX "invitation_account_id_id" ON "invitations" ("account_id", "id");
-- Create index "invitation_contact_id" to table: "invitations"
CREATE INDEX "invitation_contact_id" ON "invitations" ("contact_id");
-- Create index "invitation_email_key" to table: "invitations"
CREATE INDEX "invitation_email_key" ON "invitations" ("email_key");
-- Create index "invitation_one_pending" to table: "invitations"
CREATE UNIQUE INDEX "invitation_one_pending" ON "invitations" ("account_id", "email_key") WHERE ((state)::text = 'PENDING'::text);
-- Create "ownership_transfers" table
CREATE TABLE "ownership_transfers" (
  "id" character varying NOT NULL COLLATE "C",
  "created_at" timestamptz NOT NULL,
  "state" character varying NOT NULL DEFAULT 'PENDING' COLLATE "C",
  "expires_at" timestamptz NOT NULL,
  "ended_at" timestamptz NULL,
  "account_id" character varying NOT NULL COLLATE "C",
  "from_user_id" character varying NOT NULL COLLATE "C",
  "to_user_id" character varying NOT NULL COLLATE "C",
  PRIMARY KEY ("id"),
  CONSTRAINT "ownership_transfers_accounts_account" FOREIGN KEY ("account_id") REFERENCES "accounts" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION,
  CONSTRAINT "ownership_transfers_users_from" FOREIGN KEY ("from_user_id") REFERENCES "users" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION,
  CONSTRAINT "ownership_transfers_users_to" FOREIGN KEY ("to_user_id") REFERENCES "users" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION
);
-- Create index "ownershiptransfer_to_user_id" to table: "ownership_transfers"
CREATE INDEX "ownershiptransfer_to_user_id" ON "ownership_transfers" ("to_user_id");
-- Create index "transfer_one_pending" to table: "ownership_transfers"
CREATE UNIQUE INDEX "transfer_one_pending" ON "ownership_transfers" ("account_id") WHERE ((state)::text = 'PENDING'::text);
-- Create "roles" table
CREATE TABLE "roles" (
  "id" character varying NOT NULL COLLATE "C",
  "created_at" timestamptz NOT NULL,
  "name" character varying NOT NULL COLLATE "C",
  "name_key" character varying NOT NULL COLLATE "C",
  "description" character varying NOT NULL DEFAULT '' COLLATE "C",
  "type" character varying NOT NULL COLLATE "C",
  "permissions" jsonb NOT NULL,
  "version" bigint NOT NULL DEFAULT 1,
  "account_id" character varying NOT NULL COLLATE "C",
  PRIMARY KEY ("id"),
  CONSTRAINT "roles_accounts_account" FOREIGN KEY ("account_id") REFERENCES "accounts" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION
);
-- Create index "role_account_id_name_key" to table: "roles"
CREATE UNIQUE INDEX "role_account_id_name_key" ON "roles" ("account_id", "name_key");
-- Create "sessions" table
CREATE TABLE "sessions" (
  "id" character varying NOT NULL COLLATE "C",
  "created_at" timestamptz NOT NULL,
  "token_hash" character varying NOT NULL COLLATE "C",
  "bearer" boolean NOT NULL,
  "proved_at" timestamptz NOT NULL,
  "last_seen_at" timestamptz NOT NULL,
  "expires_at" timestamptz NOT NULL,
  "user_agent" character varying NOT NULL DEFAULT '' COLLATE "C",
  "address" character varying NOT NULL DEFAULT '' COLLATE "C",
  "active_account_id" character varying NULL COLLATE "C",
  "user_id" character varying NOT NULL COLLATE "C",
  PRIMARY KEY ("id"),
  CONSTRAINT "sessions_users_user" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON UPDATE NO ACTION ON DELETE CASCADE
);
-- Create index "session_active_account_id" to table: "sessions"
CREATE INDEX "session_active_account_id" ON "sessions" ("active_account_id");
-- Create index "session_expires_at" to table: "sessions"
CREATE INDEX "session_expires_at" ON "sessions" ("expires_at");
-- Create index "session_token_hash" to table: "sessions"
CREATE UNIQUE INDEX "session_token_hash" ON "sessions" ("token_hash");
-- Create index "session_user_id" to table: "sessions"
CREATE INDEX "session_user_id" ON "sessions" ("user_id");
