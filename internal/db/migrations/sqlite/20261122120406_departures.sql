-- Disable the enforcement of foreign-keys constraints
PRAGMA foreign_keys = off;
-- Create index "invitation_invited_by_id" to table: "invitations"
CREATE INDEX `invitation_invited_by_id` ON `invitations` (`invited_by_id`);
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
INSERT INTO `new_users` (`id`, `created_at`, `email`, `email_key`, `name`, `search`, `locale`, `password_hash`, `password_changed_at`, `default_account_id`, `external_id`, `disabled_at`, `two_factor_at`) SELECT `id`, `created_at`, `email`, `email_key`, `name`, `search`, `locale`, `password_hash`, `password_changed_at`, `default_account_id`, `external_id`, `disabled_at`, `two_factor_at` FROM `users`;
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
-- Create index "ownershiptransfer_from_user_id" to table: "ownership_transfers"
CREATE INDEX `ownershiptransfer_from_user_id` ON `ownership_transfers` (`from_user_id`);
-- Create "new_email_changes" table
CREATE TABLE `new_email_changes` (
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
-- Copy rows from old table "email_changes" to new temporary table "new_email_changes"
INSERT INTO `new_email_changes` (`id`, `created_at`, `email`, `email_key`, `former_email`, `former_email_key`, `expires_at`, `confirmed_at`, `user_id`) SELECT `id`, `created_at`, `email`, `email_key`, `former_email`, `former_email_key`, `expires_at`, `confirmed_at`, `user_id` FROM `email_changes`;
-- Drop "email_changes" table after copying rows
DROP TABLE `email_changes`;
-- Rename temporary table "new_email_changes" to "email_changes"
ALTER TABLE `new_email_changes` RENAME TO `email_changes`;
-- Create index "emailchange_one_waiting" to table: "email_changes"
CREATE UNIQUE INDEX `emailchange_one_waiting` ON `email_changes` (`user_id`) WHERE confirmed_at IS NULL;
-- Create index "emailchange_user_id_id" to table: "email_changes"
CREATE INDEX `emailchange_user_id_id` ON `email_changes` (`user_id`, `id`);
-- Create index "emailchange_expires_at" to table: "email_changes"
CREATE INDEX `emailchange_expires_at` ON `email_changes` (`expires_at`);
-- Enable back the enforcement of foreign-keys constraints
PRAGMA foreign_keys = on;
