-- Disable the enforcement of foreign-keys constraints
PRAGMA foreign_keys = off;
-- Add column "access_ends_at" to table: "invitations"
ALTER TABLE `invitations` ADD COLUMN `access_ends_at` datetime NULL;
-- Create "new_memberships" table
CREATE TABLE `new_memberships` (
  `id` text NOT NULL,
  `created_at` datetime NOT NULL,
  `state` text NOT NULL DEFAULT ('ACTIVE'),
  `deactivated_at` datetime NULL,
  `access_ends_at` datetime NULL,
  `access_ended` bool NOT NULL DEFAULT (false),
  `access_end_set_by_id` text NULL,
  `access_end_noticed_at` datetime NULL,
  `role_ids` json NOT NULL,
  `permissions` json NOT NULL,
  `sub_account_access` text NOT NULL DEFAULT ('NONE'),
  `sub_account_ids` json NOT NULL,
  `version` integer NOT NULL DEFAULT (1),
  `last_access_at` datetime NULL,
  `invitation_id` text NULL,
  `account_id` text NOT NULL,
  `user_id` text NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `memberships_accounts_account` FOREIGN KEY (`account_id`) REFERENCES `accounts` (`id`) ON DELETE NO ACTION,
  CONSTRAINT `memberships_users_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE NO ACTION
);
-- Copy rows from old table "memberships" to new temporary table "new_memberships"
INSERT INTO `new_memberships` (`id`, `created_at`, `state`, `deactivated_at`, `role_ids`, `permissions`, `sub_account_access`, `sub_account_ids`, `version`, `last_access_at`, `invitation_id`, `account_id`, `user_id`) SELECT `id`, `created_at`, `state`, `deactivated_at`, `role_ids`, `permissions`, `sub_account_access`, `sub_account_ids`, `version`, `last_access_at`, `invitation_id`, `account_id`, `user_id` FROM `memberships`;
-- Drop "memberships" table after copying rows
DROP TABLE `memberships`;
-- Rename temporary table "new_memberships" to "memberships"
ALTER TABLE `new_memberships` RENAME TO `memberships`;
-- Create index "membership_account_id_user_id" to table: "memberships"
CREATE UNIQUE INDEX `membership_account_id_user_id` ON `memberships` (`account_id`, `user_id`);
-- Create index "membership_account_id_id" to table: "memberships"
CREATE INDEX `membership_account_id_id` ON `memberships` (`account_id`, `id`);
-- Create index "membership_user_id_id" to table: "memberships"
CREATE INDEX `membership_user_id_id` ON `memberships` (`user_id`, `id`);
-- Create index "membership_ending" to table: "memberships"
CREATE INDEX `membership_ending` ON `memberships` (`access_ends_at`) WHERE access_ends_at IS NOT NULL AND state = 'ACTIVE';
-- Enable back the enforcement of foreign-keys constraints
PRAGMA foreign_keys = on;
