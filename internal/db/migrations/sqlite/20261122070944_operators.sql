-- Disable the enforcement of foreign-keys constraints
PRAGMA foreign_keys = off;
-- Create "new_accounts" table
CREATE TABLE `new_accounts` (
  `id` text NOT NULL,
  `created_at` datetime NOT NULL,
  `name` text NOT NULL,
  `search` text NOT NULL,
  `state` text NOT NULL DEFAULT ('ACTIVE'),
  `suspended_reason` text NOT NULL DEFAULT (''),
  `closed_at` datetime NULL,
  `external_id` text NULL,
  `company` text NOT NULL DEFAULT (''),
  `billing_email` text NOT NULL DEFAULT (''),
  `phone` text NOT NULL DEFAULT (''),
  `tax_id` text NOT NULL DEFAULT (''),
  `address_line1` text NOT NULL DEFAULT (''),
  `address_line2` text NOT NULL DEFAULT (''),
  `city` text NOT NULL DEFAULT (''),
  `region` text NOT NULL DEFAULT (''),
  `postal_code` text NOT NULL DEFAULT (''),
  `country` text NOT NULL DEFAULT (''),
  `owner_fallback` bool NOT NULL DEFAULT (true),
  `version` integer NOT NULL DEFAULT (1),
  `roles_version` integer NOT NULL DEFAULT (0),
  `members_version` integer NOT NULL DEFAULT (0),
  `owner_user_id` text NOT NULL,
  `parent_id` text NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `accounts_users_owner` FOREIGN KEY (`owner_user_id`) REFERENCES `users` (`id`) ON DELETE NO ACTION,
  CONSTRAINT `accounts_accounts_parent` FOREIGN KEY (`parent_id`) REFERENCES `accounts` (`id`) ON DELETE SET NULL
);
-- Copy rows from old table "accounts" to new temporary table "new_accounts"
INSERT INTO `new_accounts` (`id`, `created_at`, `name`, `search`, `state`, `suspended_reason`, `closed_at`, `external_id`, `company`, `billing_email`, `phone`, `tax_id`, `address_line1`, `address_line2`, `city`, `region`, `postal_code`, `country`, `owner_fallback`, `version`, `roles_version`, `owner_user_id`, `parent_id`) SELECT `id`, `created_at`, `name`, `search`, `state`, `suspended_reason`, `closed_at`, `external_id`, `company`, `billing_email`, `phone`, `tax_id`, `address_line1`, `address_line2`, `city`, `region`, `postal_code`, `country`, `owner_fallback`, `version`, `roles_version`, `owner_user_id`, `parent_id` FROM `accounts`;
-- Drop "accounts" table after copying rows
DROP TABLE `accounts`;
-- Rename temporary table "new_accounts" to "accounts"
ALTER TABLE `new_accounts` RENAME TO `accounts`;
-- Create index "accounts_external_id_key" to table: "accounts"
CREATE UNIQUE INDEX `accounts_external_id_key` ON `accounts` (`external_id`);
-- Create index "account_owner_user_id" to table: "accounts"
CREATE INDEX `account_owner_user_id` ON `accounts` (`owner_user_id`);
-- Create index "account_parent_id_id" to table: "accounts"
CREATE INDEX `account_parent_id_id` ON `accounts` (`parent_id`, `id`);
-- Create index "invitation_waiting" to table: "invitations"
CREATE INDEX `invitation_waiting` ON `invitations` (`account_id`, `id`) WHERE state = 'PENDING';
-- Create "new_ownership_transfers" table
CREATE TABLE `new_ownership_transfers` (
  `id` text NOT NULL,
  `created_at` datetime NOT NULL,
  `state` text NOT NULL DEFAULT ('PENDING'),
  `expires_at` datetime NULL,
  `operator` text NOT NULL DEFAULT (''),
  `operator_token_id` text NOT NULL DEFAULT (''),
  `effective_at` datetime NULL,
  `notices` integer NOT NULL DEFAULT (0),
  `noticed_at` datetime NULL,
  `ended_at` datetime NULL,
  `objected` bool NOT NULL DEFAULT (false),
  `account_id` text NOT NULL,
  `from_user_id` text NOT NULL,
  `to_user_id` text NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `ownership_transfers_accounts_account` FOREIGN KEY (`account_id`) REFERENCES `accounts` (`id`) ON DELETE NO ACTION,
  CONSTRAINT `ownership_transfers_users_from` FOREIGN KEY (`from_user_id`) REFERENCES `users` (`id`) ON DELETE NO ACTION,
  CONSTRAINT `ownership_transfers_users_to` FOREIGN KEY (`to_user_id`) REFERENCES `users` (`id`) ON DELETE NO ACTION
);
-- Copy rows from old table "ownership_transfers" to new temporary table "new_ownership_transfers"
INSERT INTO `new_ownership_transfers` (`id`, `created_at`, `state`, `expires_at`, `ended_at`, `account_id`, `from_user_id`, `to_user_id`) SELECT `id`, `created_at`, `state`, `expires_at`, `ended_at`, `account_id`, `from_user_id`, `to_user_id` FROM `ownership_transfers`;
-- Drop "ownership_transfers" table after copying rows
DROP TABLE `ownership_transfers`;
-- Rename temporary table "new_ownership_transfers" to "ownership_transfers"
ALTER TABLE `new_ownership_transfers` RENAME TO `ownership_transfers`;
-- Create index "transfer_one_pending" to table: "ownership_transfers"
CREATE UNIQUE INDEX `transfer_one_pending` ON `ownership_transfers` (`account_id`) WHERE state = 'PENDING';
-- Create index "ownershiptransfer_to_user_id" to table: "ownership_transfers"
CREATE INDEX `ownershiptransfer_to_user_id` ON `ownership_transfers` (`to_user_id`);
-- Create index "transfer_to_take_effect" to table: "ownership_transfers"
CREATE INDEX `transfer_to_take_effect` ON `ownership_transfers` (`effective_at`) WHERE state = 'PENDING' AND effective_at IS NOT NULL;
-- Create "operator_tokens" table
CREATE TABLE `operator_tokens` (
  `id` text NOT NULL,
  `created_at` datetime NOT NULL,
  `name` text NOT NULL,
  `token_hash` text NOT NULL,
  `powers` json NOT NULL,
  `expires_at` datetime NULL,
  `last_used_at` datetime NULL,
  PRIMARY KEY (`id`)
);
-- Create index "operator_tokens_name_key" to table: "operator_tokens"
CREATE UNIQUE INDEX `operator_tokens_name_key` ON `operator_tokens` (`name`);
-- Create index "operator_tokens_token_hash_key" to table: "operator_tokens"
CREATE UNIQUE INDEX `operator_tokens_token_hash_key` ON `operator_tokens` (`token_hash`);
-- Create "provisions" table
CREATE TABLE `provisions` (
  `id` text NOT NULL,
  `created_at` datetime NOT NULL,
  `email` text NOT NULL,
  `email_key` text NOT NULL,
  `name` text NOT NULL,
  `company` text NOT NULL DEFAULT (''),
  `external_id` text NOT NULL,
  `operator` text NOT NULL,
  `operator_token_id` text NOT NULL DEFAULT (''),
  `expires_at` datetime NOT NULL,
  PRIMARY KEY (`id`)
);
-- Create index "provisions_external_id_key" to table: "provisions"
CREATE UNIQUE INDEX `provisions_external_id_key` ON `provisions` (`external_id`);
-- Create index "provision_email_key" to table: "provisions"
CREATE INDEX `provision_email_key` ON `provisions` (`email_key`);
-- Create index "provision_expires_at" to table: "provisions"
CREATE INDEX `provision_expires_at` ON `provisions` (`expires_at`);
-- Enable back the enforcement of foreign-keys constraints
PRAGMA foreign_keys = on;
