-- Disable the enforcement of foreign-keys constraints
PRAGMA foreign_keys = off;
-- Create index "invitation_invited_by_id" to table: "invitations"
CREATE INDEX `invitation_invited_by_id` ON `invitations` (`invited_by_id`);
-- Create "new_sessions" table
CREATE TABLE `new_sessions` (
  `id` text NOT NULL,
  `created_at` datetime NOT NULL,
  `token_hash` text NOT NULL,
  `bearer` bool NOT NULL,
  `proved_at` datetime NOT NULL,
  `last_seen_at` datetime NOT NULL,
  `expires_at` datetime NOT NULL,
  `user_agent` text NOT NULL DEFAULT (''),
  `address` text NOT NULL DEFAULT (''),
  `active_account_id` text NULL,
  `pending` bool NOT NULL DEFAULT (false),
  `device_id` text NULL,
  `token_expires_at` datetime NULL,
  `user_id` text NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `sessions_users_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE
);
-- Copy rows from old table "sessions" to new temporary table "new_sessions"
INSERT INTO `new_sessions` (`id`, `created_at`, `token_hash`, `bearer`, `proved_at`, `last_seen_at`, `expires_at`, `user_agent`, `address`, `active_account_id`, `user_id`) SELECT `id`, `created_at`, `token_hash`, `bearer`, `proved_at`, `last_seen_at`, `expires_at`, `user_agent`, `address`, `active_account_id`, `user_id` FROM `sessions`;
-- Drop "sessions" table after copying rows
DROP TABLE `sessions`;
-- Rename temporary table "new_sessions" to "sessions"
ALTER TABLE `new_sessions` RENAME TO `sessions`;
-- Create index "session_token_hash" to table: "sessions"
CREATE UNIQUE INDEX `session_token_hash` ON `sessions` (`token_hash`);
-- Create index "session_user_id" to table: "sessions"
CREATE INDEX `session_user_id` ON `sessions` (`user_id`);
-- Create index "session_active_account_id" to table: "sessions"
CREATE INDEX `session_active_account_id` ON `sessions` (`active_account_id`);
-- Create index "session_expires_at" to table: "sessions"
CREATE INDEX `session_expires_at` ON `sessions` (`expires_at`);
-- Create "new_users" table
CREATE TABLE `new_users` (
  `id` text NOT NULL,
  `created_at` datetime NOT NULL,
  `email` text NOT NULL,
  `email_key` text NOT NULL,
  `name` text NOT NULL,
  `search` text NOT NULL,
  `locale` text NOT NULL DEFAULT ('en'),
  `password_hash` text NULL,
  `password_changed_at` datetime NOT NULL,
  `default_account_id` text NULL,
  `external_id` text NULL,
  `disabled_at` datetime NULL,
  `two_factor_at` datetime NULL,
  `deleted_at` datetime NULL,
  `former_id` text NULL,
  PRIMARY KEY (`id`)
);
-- Copy rows from old table "users" to new temporary table "new_users"
INSERT INTO `new_users` (`id`, `created_at`, `email`, `email_key`, `name`, `search`, `locale`, `password_hash`, `password_changed_at`, `default_account_id`, `external_id`, `disabled_at`) SELECT `id`, `created_at`, `email`, `email_key`, `name`, `search`, `locale`, `password_hash`, `password_changed_at`, `default_account_id`, `external_id`, `disabled_at` FROM `users`;
-- Drop "users" table after copying rows
DROP TABLE `users`;
-- Rename temporary table "new_users" to "users"
ALTER TABLE `new_users` RENAME TO `users`;
-- Create index "users_external_id_key" to table: "users"
CREATE UNIQUE INDEX `users_external_id_key` ON `users` (`external_id`);
-- Create index "user_email_key" to table: "users"
CREATE UNIQUE INDEX `user_email_key` ON `users` (`email_key`);
-- Create index "user_former_id" to table: "users"
CREATE UNIQUE INDEX `user_former_id` ON `users` (`former_id`) WHERE former_id IS NOT NULL;
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
INSERT INTO `new_accounts` (`id`, `created_at`, `name`, `search`, `state`, `suspended_reason`, `closed_at`, `external_id`, `company`, `billing_email`, `phone`, `tax_id`, `address_line1`, `address_line2`, `city`, `region`, `postal_code`, `country`, `owner_fallback`, `version`, `roles_version`, `members_version`, `owner_user_id`, `parent_id`) SELECT `id`, `created_at`, `name`, `search`, `state`, `suspended_reason`, `closed_at`, `external_id`, `company`, `billing_email`, `phone`, `tax_id`, `address_line1`, `address_line2`, `city`, `region`, `postal_code`, `country`, `owner_fallback`, `version`, `roles_version`, `members_version`, `owner_user_id`, `parent_id` FROM `accounts`;
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
-- Create index "ownershiptransfer_from_user_id" to table: "ownership_transfers"
CREATE INDEX `ownershiptransfer_from_user_id` ON `ownership_transfers` (`from_user_id`);
-- Create "authenticators" table
CREATE TABLE `authenticators` (
  `id` text NOT NULL,
  `created_at` datetime NOT NULL,
  `secret` blob NOT NULL,
  `confirmed_at` datetime NULL,
  `last_step` integer NOT NULL DEFAULT (0),
  `user_id` text NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `authenticators_users_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE
);
-- Create index "authenticator_user_id" to table: "authenticators"
CREATE UNIQUE INDEX `authenticator_user_id` ON `authenticators` (`user_id`);
-- Create "ceremonies" table
CREATE TABLE `ceremonies` (
  `id` text NOT NULL,
  `created_at` datetime NOT NULL,
  `kind` text NOT NULL,
  `user_id` text NOT NULL DEFAULT (''),
  `session_id` text NOT NULL DEFAULT (''),
  `data` blob NOT NULL,
  `expires_at` datetime NOT NULL,
  PRIMARY KEY (`id`)
);
-- Create index "ceremony_user_id" to table: "ceremonies"
CREATE INDEX `ceremony_user_id` ON `ceremonies` (`user_id`);
-- Create index "ceremony_expires_at" to table: "ceremonies"
CREATE INDEX `ceremony_expires_at` ON `ceremonies` (`expires_at`);
-- Create "devices" table
CREATE TABLE `devices` (
  `id` text NOT NULL,
  `created_at` datetime NOT NULL,
  `token_hash` text NOT NULL,
  `user_agent` text NOT NULL DEFAULT (''),
  `last_seen_at` datetime NOT NULL,
  `user_id` text NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `devices_users_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE
);
-- Create index "device_token_hash" to table: "devices"
CREATE UNIQUE INDEX `device_token_hash` ON `devices` (`token_hash`);
-- Create index "device_user_id_last_seen_at" to table: "devices"
CREATE INDEX `device_user_id_last_seen_at` ON `devices` (`user_id`, `last_seen_at`);
-- Create index "device_last_seen_at" to table: "devices"
CREATE INDEX `device_last_seen_at` ON `devices` (`last_seen_at`);
-- Create "email_changes" table
CREATE TABLE `email_changes` (
  `id` text NOT NULL,
  `created_at` datetime NOT NULL,
  `email` text NOT NULL,
  `email_key` text NOT NULL,
  `former_email` text NOT NULL,
  `former_email_key` text NOT NULL,
  `expires_at` datetime NOT NULL,
  `confirmed_at` datetime NULL,
  `ended_at` datetime NULL,
  `user_id` text NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `email_changes_users_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE
);
-- Create index "emailchange_one_waiting" to table: "email_changes"
CREATE UNIQUE INDEX `emailchange_one_waiting` ON `email_changes` (`user_id`) WHERE confirmed_at IS NULL;
-- Create index "emailchange_user_id_id" to table: "email_changes"
CREATE INDEX `emailchange_user_id_id` ON `email_changes` (`user_id`, `id`);
-- Create index "emailchange_expires_at" to table: "email_changes"
CREATE INDEX `emailchange_expires_at` ON `email_changes` (`expires_at`);
-- Create "identities" table
CREATE TABLE `identities` (
  `id` text NOT NULL,
  `created_at` datetime NOT NULL,
  `issuer` text NOT NULL,
  `subject` text NOT NULL,
  `email` text NOT NULL DEFAULT (''),
  `last_used_at` datetime NULL,
  `user_id` text NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `identities_users_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE
);
-- Create index "identity_issuer_subject" to table: "identities"
CREATE UNIQUE INDEX `identity_issuer_subject` ON `identities` (`issuer`, `subject`);
-- Create index "identity_user_id_id" to table: "identities"
CREATE INDEX `identity_user_id_id` ON `identities` (`user_id`, `id`);
-- Create "passkeys" table
CREATE TABLE `passkeys` (
  `id` text NOT NULL,
  `created_at` datetime NOT NULL,
  `name` text NOT NULL,
  `credential_id` text NOT NULL,
  `credential` blob NOT NULL,
  `last_used_at` datetime NULL,
  `user_id` text NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `passkeys_users_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE
);
-- Create index "passkey_credential_id" to table: "passkeys"
CREATE UNIQUE INDEX `passkey_credential_id` ON `passkeys` (`credential_id`);
-- Create index "passkey_user_id_id" to table: "passkeys"
CREATE INDEX `passkey_user_id_id` ON `passkeys` (`user_id`, `id`);
-- Create "recovery_codes" table
CREATE TABLE `recovery_codes` (
  `id` text NOT NULL,
  `created_at` datetime NOT NULL,
  `code_hash` text NOT NULL,
  `used_at` datetime NULL,
  `user_id` text NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `recovery_codes_users_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE
);
-- Create index "recoverycode_user_id_code_hash" to table: "recovery_codes"
CREATE UNIQUE INDEX `recoverycode_user_id_code_hash` ON `recovery_codes` (`user_id`, `code_hash`);
-- Create "refresh_tokens" table
CREATE TABLE `refresh_tokens` (
  `id` text NOT NULL,
  `created_at` datetime NOT NULL,
  `token_hash` text NOT NULL,
  `used_at` datetime NULL,
  `session_id` text NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `refresh_tokens_sessions_session` FOREIGN KEY (`session_id`) REFERENCES `sessions` (`id`) ON DELETE CASCADE
);
-- Create index "refreshtoken_token_hash" to table: "refresh_tokens"
CREATE UNIQUE INDEX `refreshtoken_token_hash` ON `refresh_tokens` (`token_hash`);
-- Create index "refreshtoken_session_id_id" to table: "refresh_tokens"
CREATE INDEX `refreshtoken_session_id_id` ON `refresh_tokens` (`session_id`, `id`);
-- Enable back the enforcement of foreign-keys constraints
PRAGMA foreign_keys = on;
