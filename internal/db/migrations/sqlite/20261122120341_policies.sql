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
  `two_factor_from` datetime NULL,
  `two_factor_reminded_at` datetime NULL,
  `allowed_domains` json NULL,
  `owner_fallback` bool NOT NULL DEFAULT (true),
  `version` integer NOT NULL DEFAULT (1),
  `policies_version` integer NOT NULL DEFAULT (1),
  `roles_version` integer NOT NULL DEFAULT (0),
  `members_version` integer NOT NULL DEFAULT (0),
  `owner_user_id` text NOT NULL,
  `parent_id` text NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `accounts_users_owner` FOREIGN KEY (`owner_user_id`) REFERENCES `users` (`id`) ON DELETE NO ACTION,
  CONSTRAINT `accounts_accounts_parent` FOREIGN KEY (`parent_id`) REFERENCES `accounts` (`id`) ON DELETE SET NULL
);
-- Copy rows from old table "accounts" to new temporary table "new_accounts"
INSERT INTO `new_accounts` (`id`, `created_at`, `name`, `search`, `state`, `suspended_reason`, `closed_at`, `external_id`, `company`, `billing_email`, `phone`, `tax_id`, `address_line1`, `address_line2`, `city`, `region`, `postal_code`, `country`, `two_factor_from`, `allowed_domains`, `owner_fallback`, `version`, `roles_version`, `members_version`, `owner_user_id`, `parent_id`) SELECT `id`, `created_at`, `name`, `search`, `state`, `suspended_reason`, `closed_at`, `external_id`, `company`, `billing_email`, `phone`, `tax_id`, `address_line1`, `address_line2`, `city`, `region`, `postal_code`, `country`, `two_factor_from`, `allowed_domains`, `owner_fallback`, `version`, `roles_version`, `members_version`, `owner_user_id`, `parent_id` FROM `accounts`;
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
-- Create index "account_two_factor_to_come" to table: "accounts"
CREATE INDEX `account_two_factor_to_come` ON `accounts` (`two_factor_from`) WHERE two_factor_from IS NOT NULL AND two_factor_reminded_at IS NULL;
-- Enable back the enforcement of foreign-keys constraints
PRAGMA foreign_keys = on;
