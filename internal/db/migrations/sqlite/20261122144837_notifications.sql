-- Disable the enforcement of foreign-keys constraints
PRAGMA foreign_keys = off;
-- Create "new_contacts" table
CREATE TABLE `new_contacts` (
  `id` text NOT NULL,
  `created_at` datetime NOT NULL,
  `email` text NOT NULL,
  `email_key` text NOT NULL,
  `search` text NOT NULL,
  `first_name` text NOT NULL DEFAULT (''),
  `last_name` text NOT NULL DEFAULT (''),
  `company` text NOT NULL DEFAULT (''),
  `phone` text NOT NULL DEFAULT (''),
  `address_line1` text NOT NULL DEFAULT (''),
  `address_line2` text NOT NULL DEFAULT (''),
  `city` text NOT NULL DEFAULT (''),
  `region` text NOT NULL DEFAULT (''),
  `postal_code` text NOT NULL DEFAULT (''),
  `country` text NOT NULL DEFAULT (''),
  `locale` text NOT NULL DEFAULT ('en'),
  `type` text NOT NULL DEFAULT ('OTHER'),
  `notes` text NOT NULL DEFAULT (''),
  `external_id` text NULL,
  `preferences` json NOT NULL,
  `sub_account_access` text NOT NULL DEFAULT ('NONE'),
  `sub_account_ids` json NOT NULL,
  `unsubscribed` json NULL,
  `suppressed_at` datetime NULL,
  `suppressed_reason` text NOT NULL DEFAULT (''),
  `verified_at` datetime NULL,
  `verification_sent_at` datetime NULL,
  `verification_generation` integer NOT NULL DEFAULT (0),
  `version` integer NOT NULL DEFAULT (1),
  `updated_at` datetime NOT NULL,
  `account_id` text NOT NULL,
  `membership_id` text NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `contacts_accounts_account` FOREIGN KEY (`account_id`) REFERENCES `accounts` (`id`) ON DELETE NO ACTION,
  CONSTRAINT `contacts_memberships_membership` FOREIGN KEY (`membership_id`) REFERENCES `memberships` (`id`) ON DELETE SET NULL
);
-- Copy rows from old table "contacts" to new temporary table "new_contacts"
INSERT INTO `new_contacts` (`id`, `created_at`, `email`, `email_key`, `search`, `first_name`, `last_name`, `company`, `phone`, `address_line1`, `address_line2`, `city`, `region`, `postal_code`, `country`, `locale`, `type`, `notes`, `external_id`, `preferences`, `sub_account_access`, `sub_account_ids`, `suppressed_at`, `version`, `updated_at`, `account_id`, `membership_id`) SELECT `id`, `created_at`, `email`, `email_key`, `search`, `first_name`, `last_name`, `company`, `phone`, `address_line1`, `address_line2`, `city`, `region`, `postal_code`, `country`, `locale`, `type`, `notes`, `external_id`, `preferences`, `sub_account_access`, `sub_account_ids`, `suppressed_at`, `version`, `updated_at`, `account_id`, `membership_id` FROM `contacts`;
-- Drop "contacts" table after copying rows
DROP TABLE `contacts`;
-- Rename temporary table "new_contacts" to "contacts"
ALTER TABLE `new_contacts` RENAME TO `contacts`;
-- Create index "contact_account_id_email_key" to table: "contacts"
CREATE UNIQUE INDEX `contact_account_id_email_key` ON `contacts` (`account_id`, `email_key`);
-- Create index "contact_account_id_id" to table: "contacts"
CREATE INDEX `contact_account_id_id` ON `contacts` (`account_id`, `id`);
-- Create index "contact_account_id_external_id" to table: "contacts"
CREATE UNIQUE INDEX `contact_account_id_external_id` ON `contacts` (`account_id`, `external_id`);
-- Create index "contact_membership_id" to table: "contacts"
CREATE INDEX `contact_membership_id` ON `contacts` (`membership_id`);
-- Create index "contact_email_key" to table: "contacts"
CREATE INDEX `contact_email_key` ON `contacts` (`email_key`);
-- Create "new_deliveries" table
CREATE TABLE `new_deliveries` (
  `id` text NOT NULL,
  `created_at` datetime NOT NULL,
  `event_id` text NOT NULL,
  `account_id` text NULL,
  `channel` text NOT NULL DEFAULT ('EMAIL'),
  `contact_id` text NOT NULL DEFAULT (''),
  `webhook_id` text NOT NULL DEFAULT (''),
  `rule` text NULL,
  `kind` text NOT NULL,
  `subject_id` text NOT NULL,
  `to` text NOT NULL,
  `to_key` text NOT NULL,
  `to_name` text NOT NULL DEFAULT (''),
  `locale` text NOT NULL DEFAULT ('en'),
  `data` json NOT NULL,
  `domain` text NOT NULL DEFAULT (''),
  `lane` integer NOT NULL DEFAULT (0),
  `state` text NOT NULL DEFAULT ('QUEUED'),
  `attempts` integer NOT NULL DEFAULT (0),
  `next_attempt_at` datetime NOT NULL,
  `sent_at` datetime NULL,
  `bounced_at` datetime NULL,
  `last_error` text NOT NULL DEFAULT (''),
  `notification_id` text NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `deliveries_notifications_notification` FOREIGN KEY (`notification_id`) REFERENCES `notifications` (`id`) ON DELETE SET NULL
);
-- Copy rows from old table "deliveries" to new temporary table "new_deliveries"
INSERT INTO `new_deliveries` (`id`, `created_at`, `event_id`, `account_id`, `kind`, `subject_id`, `to`, `to_key`, `to_name`, `locale`, `data`, `state`, `attempts`, `next_attempt_at`, `sent_at`, `last_error`) SELECT `id`, `created_at`, `event_id`, `account_id`, `kind`, `subject_id`, `to`, `to_key`, `to_name`, `locale`, `data`, `state`, `attempts`, `next_attempt_at`, `sent_at`, `last_error` FROM `deliveries`;
-- Drop "deliveries" table after copying rows
DROP TABLE `deliveries`;
-- Rename temporary table "new_deliveries" to "deliveries"
ALTER TABLE `new_deliveries` RENAME TO `deliveries`;
-- Create index "delivery_event_id_kind_to_key_channel_webhook_id" to table: "deliveries"
CREATE UNIQUE INDEX `delivery_event_id_kind_to_key_channel_webhook_id` ON `deliveries` (`event_id`, `kind`, `to_key`, `channel`, `webhook_id`);
-- Create index "delivery_queued" to table: "deliveries"
CREATE INDEX `delivery_queued` ON `deliveries` (`lane`, `next_attempt_at`) WHERE state = 'QUEUED';
-- Create index "delivery_account_id_id" to table: "deliveries"
CREATE INDEX `delivery_account_id_id` ON `deliveries` (`account_id`, `id`);
-- Create index "delivery_notification_id_id" to table: "deliveries"
CREATE INDEX `delivery_notification_id_id` ON `deliveries` (`notification_id`, `id`);
-- Create index "delivery_contact_id_id" to table: "deliveries"
CREATE INDEX `delivery_contact_id_id` ON `deliveries` (`contact_id`, `id`);
-- Create "api_tokens" table
CREATE TABLE `api_tokens` (
  `id` text NOT NULL,
  `created_at` datetime NOT NULL,
  `name` text NOT NULL,
  `token_hash` text NOT NULL,
  `hint` text NOT NULL,
  `permissions` json NOT NULL,
  `sub_account_access` text NOT NULL DEFAULT ('NONE'),
  `sub_account_ids` json NOT NULL,
  `expires_at` datetime NULL,
  `last_used_at` datetime NULL,
  `last_used_address` text NOT NULL DEFAULT (''),
  `account_id` text NOT NULL,
  `created_by_id` text NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `api_tokens_accounts_account` FOREIGN KEY (`account_id`) REFERENCES `accounts` (`id`) ON DELETE NO ACTION,
  CONSTRAINT `api_tokens_users_created_by` FOREIGN KEY (`created_by_id`) REFERENCES `users` (`id`) ON DELETE CASCADE
);
-- Create index "api_tokens_token_hash_key" to table: "api_tokens"
CREATE UNIQUE INDEX `api_tokens_token_hash_key` ON `api_tokens` (`token_hash`);
-- Create index "apitoken_account_id_name" to table: "api_tokens"
CREATE UNIQUE INDEX `apitoken_account_id_name` ON `api_tokens` (`account_id`, `name`);
-- Create index "apitoken_account_id_id" to table: "api_tokens"
CREATE INDEX `apitoken_account_id_id` ON `api_tokens` (`account_id`, `id`);
-- Create index "apitoken_created_by_id_account_id" to table: "api_tokens"
CREATE INDEX `apitoken_created_by_id_account_id` ON `api_tokens` (`created_by_id`, `account_id`);
-- Create "notifications" table
CREATE TABLE `notifications` (
  `id` text NOT NULL,
  `created_at` datetime NOT NULL,
  `category` text NOT NULL,
  `event_id` text NOT NULL,
  `kind` text NOT NULL DEFAULT (''),
  `subject_id` text NOT NULL DEFAULT (''),
  `test` bool NOT NULL DEFAULT (false),
  `sender_kind` text NOT NULL,
  `sender_id` text NOT NULL DEFAULT (''),
  `sender_name` text NOT NULL DEFAULT (''),
  `subject` text NOT NULL DEFAULT (''),
  `text` text NOT NULL DEFAULT (''),
  `html` text NOT NULL DEFAULT (''),
  `data` text NOT NULL DEFAULT (''),
  `fanned_out_at` datetime NULL,
  `account_id` text NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `notifications_accounts_account` FOREIGN KEY (`account_id`) REFERENCES `accounts` (`id`) ON DELETE NO ACTION
);
-- Create index "notification_account_id_id" to table: "notifications"
CREATE INDEX `notification_account_id_id` ON `notifications` (`account_id`, `id`);
-- Create index "notification_account_id_category_id" to table: "notifications"
CREATE INDEX `notification_account_id_category_id` ON `notifications` (`account_id`, `category`, `id`);
-- Create index "notification_event_id" to table: "notifications"
CREATE UNIQUE INDEX `notification_event_id` ON `notifications` (`event_id`);
-- Create "webhooks" table
CREATE TABLE `webhooks` (
  `id` text NOT NULL,
  `created_at` datetime NOT NULL,
  `url` text NOT NULL,
  `description` text NOT NULL DEFAULT (''),
  `events` json NOT NULL,
  `notifications` bool NOT NULL DEFAULT (true),
  `secret` blob NOT NULL,
  `former_secret` blob NULL,
  `former_secret_until` datetime NULL,
  `state` text NOT NULL DEFAULT ('ACTIVE'),
  `failing_since` datetime NULL,
  `last_success_at` datetime NULL,
  `last_error` text NOT NULL DEFAULT (''),
  `version` integer NOT NULL DEFAULT (1),
  `updated_at` datetime NOT NULL,
  `account_id` text NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `webhooks_accounts_account` FOREIGN KEY (`account_id`) REFERENCES `accounts` (`id`) ON DELETE NO ACTION
);
-- Create index "webhook_account_id_id" to table: "webhooks"
CREATE INDEX `webhook_account_id_id` ON `webhooks` (`account_id`, `id`);
-- Create index "webhook_account_id_url" to table: "webhooks"
CREATE UNIQUE INDEX `webhook_account_id_url` ON `webhooks` (`account_id`, `url`);
-- Enable back the enforcement of foreign-keys constraints
PRAGMA foreign_keys = on;
