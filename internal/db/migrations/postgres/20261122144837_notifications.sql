-- Modify "contacts" table
ALTER TABLE "contacts" ADD COLUMN "unsubscribed" jsonb NULL, ADD COLUMN "suppressed_reason" character varying NOT NULL DEFAULT '' COLLATE "C", ADD COLUMN "verified_at" timestamptz NULL, ADD COLUMN "verification_sent_at" timestamptz NULL, ADD COLUMN "verification_generation" bigint NOT NULL DEFAULT 0;
-- Create index "contact_email_key" to table: "contacts"
CREATE INDEX "contact_email_key" ON "contacts" ("email_key");
-- Create "api_tokens" table
CREATE TABLE "api_tokens" (
  "id" character varying NOT NULL COLLATE "C",
  "created_at" timestamptz NOT NULL,
  "name" character varying NOT NULL COLLATE "C",
  "token_hash" character varying NOT NULL COLLATE "C",
  "hint" character varying NOT NULL COLLATE "C",
  "permissions" jsonb NOT NULL,
  "sub_account_access" character varying NOT NULL DEFAULT 'NONE' COLLATE "C",
  "sub_account_ids" jsonb NOT NULL,
  "expires_at" timestamptz NULL,
  "last_used_at" timestamptz NULL,
  "last_used_address" character varying NOT NULL DEFAULT '' COLLATE "C",
  "account_id" character varying NOT NULL COLLATE "C",
  "created_by_id" character varying NOT NULL COLLATE "C",
  PRIMARY KEY ("id"),
  CONSTRAINT "api_tokens_accounts_account" FOREIGN KEY ("account_id") REFERENCES "accounts" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION,
  CONSTRAINT "api_tokens_users_created_by" FOREIGN KEY ("created_by_id") REFERENCES "users" ("id") ON UPDATE NO ACTION ON DELETE CASCADE
);
-- Create index "api_tokens_token_hash_key" to table: "api_tokens"
CREATE UNIQUE INDEX "api_tokens_token_hash_key" ON "api_tokens" ("token_hash");
-- Create index "apitoken_account_id_id" to table: "api_tokens"
CREATE INDEX "apitoken_account_id_id" ON "api_tokens" ("account_id", "id");
-- Create index "apitoken_account_id_name" to table: "api_tokens"
CREATE UNIQUE INDEX "apitoken_account_id_name" ON "api_tokens" ("account_id", "name");
-- Create index "apitoken_created_by_id_account_id" to table: "api_tokens"
CREATE INDEX "apitoken_created_by_id_account_id" ON "api_tokens" ("created_by_id", "account_id");
-- Create "notifications" table
CREATE TABLE "notifications" (
  "id" character varying NOT NULL COLLATE "C",
  "created_at" timestamptz NOT NULL,
  "category" character varying NOT NULL COLLATE "C",
  "event_id" character varying NOT NULL COLLATE "C",
  "kind" character varying NOT NULL DEFAULT '' COLLATE "C",
  "subject_id" character varying NOT NULL DEFAULT '' COLLATE "C",
  "test" boolean NOT NULL DEFAULT false,
  "sender_kind" character varying NOT NULL COLLATE "C",
  "sender_id" character varying NOT NULL DEFAULT '' COLLATE "C",
  "sender_name" character varying NOT NULL DEFAULT '' COLLATE "C",
  "subject" character varying NOT NULL DEFAULT '' COLLATE "C",
  "text" text NOT NULL DEFAULT '' COLLATE "C",
  "html" text NOT NULL DEFAULT '' COLLATE "C",
  "data" text NOT NULL DEFAULT '' COLLATE "C",
  "fanned_out_at" timestamptz NULL,
  "account_id" character varying NOT NULL COLLATE "C",
  PRIMARY KEY ("id"),
  CONSTRAINT "notifications_accounts_account" FOREIGN KEY ("account_id") REFERENCES "accounts" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION
);
-- Create index "notification_account_id_category_id" to table: "notifications"
CREATE INDEX "notification_account_id_category_id" ON "notifications" ("account_id", "category", "id");
-- Create index "notification_account_id_id" to table: "notifications"
CREATE INDEX "notification_account_id_id" ON "notifications" ("account_id", "id");
-- Create index "notification_event_id" to table: "notifications"
CREATE UNIQUE INDEX "notification_event_id" ON "notifications" ("event_id");
-- Drop index "delivery_event_id_kind_to_key" from table: "deliveries"
DROP INDEX "delivery_event_id_kind_to_key";
-- Drop index "delivery_state_next_attempt_at" from table: "deliveries"
DROP INDEX "delivery_state_next_attempt_at";
-- Modify "deliveries" table
ALTER TABLE "deliveries" ADD COLUMN "channel" character varying NOT NULL DEFAULT 'EMAIL' COLLATE "C", ADD COLUMN "contact_id" character varying NOT NULL DEFAULT '' COLLATE "C", ADD COLUMN "webhook_id" character varying NOT NULL DEFAULT '' COLLATE "C", ADD COLUMN "rule" character varying NULL COLLATE "C", ADD COLUMN "domain" character varying NOT NULL DEFAULT '' COLLATE "C", ADD COLUMN "lane" bigint NOT NULL DEFAULT 0, ADD COLUMN "bounced_at" timestamptz NULL, ADD COLUMN "notification_id" character varying NULL COLLATE "C", ADD
CONSTRAINT "deliveries_notifications_notification" FOREIGN KEY ("notification_id") REFERENCES "notifications" ("id") ON UPDATE NO ACTION ON DELETE SET NULL;
-- Create index "delivery_contact_id_id" to table: "deliveries"
CREATE INDEX "delivery_contact_id_id" ON "deliveries" ("contact_id", "id");
-- Create index "delivery_event_id_kind_to_key_channel_webhook_id" to table: "deliveries"
CREATE UNIQUE INDEX "delivery_event_id_kind_to_key_channel_webhook_id" ON "deliveries" ("event_id", "kind", "to_key", "channel", "webhook_id");
-- Create index "delivery_notification_id_id" to table: "deliveries"
CREATE INDEX "delivery_notification_id_id" ON "deliveries" ("notification_id", "id");
-- Create index "delivery_queued" to table: "deliveries"
CREATE INDEX "delivery_queued" ON "deliveries" ("lane", "next_attempt_at") WHERE ((state)::text = 'QUEUED'::text);
-- Create "webhooks" table
CREATE TABLE "webhooks" (
  "id" character varying NOT NULL COLLATE "C",
  "created_at" timestamptz NOT NULL,
  "url" character varying NOT NULL COLLATE "C",
  "description" character varying NOT NULL DEFAULT '' COLLATE "C",
  "events" jsonb NOT NULL,
  "notifications" boolean NOT NULL DEFAULT true,
  "secret" bytea NOT NULL,
  "former_secret" bytea NULL,
  "former_secret_until" timestamptz NULL,
  "state" character varying NOT NULL DEFAULT 'ACTIVE' COLLATE "C",
  "failing_since" timestamptz NULL,
  "last_success_at" timestamptz NULL,
  "last_error" character varying NOT NULL DEFAULT '' COLLATE "C",
  "version" bigint NOT NULL DEFAULT 1,
  "updated_at" timestamptz NOT NULL,
  "account_id" character varying NOT NULL COLLATE "C",
  PRIMARY KEY ("id"),
  CONSTRAINT "webhooks_accounts_account" FOREIGN KEY ("account_id") REFERENCES "accounts" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION
);
-- Create index "webhook_account_id_id" to table: "webhooks"
CREATE INDEX "webhook_account_id_id" ON "webhooks" ("account_id", "id");
-- Create index "webhook_account_id_url" to table: "webhooks"
CREATE UNIQUE INDEX "webhook_account_id_url" ON "webhooks" ("account_id", "url");
