-- Create "accounts" table
CREATE TABLE `accounts` (
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
  `owner_user_id` text NOT NULL,
  `parent_id` text NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `accounts_users_owner` FOREIGN KEY (`owner_user_id`) REFERENCES `users` (`id`) ON DELETE NO ACTION,
  CONSTRAINT `accounts_accounts_parent` FOREIGN KEY (`parent_id`) REFERENCES `accounts` (`id`) ON DELETE SET NULL
);
-- Create index "accounts_external_id_key" to table: "accounts"
CREATE UNIQUE INDEX `accounts_external_id_key` ON `accounts` (`external_id`);
-- Create index "account_owner_user_id" to table: "accounts"
CREATE INDEX `account_owner_user_id` ON `accounts` (`owner_user_id`);
-- Create index "account_parent_id_id" to table: "accounts"
CREATE INDEX `account_parent_id_id` ON `accounts` (`parent_id`, `id`);
-- Create "blocks" table
CREATE TABLE `blocks` (
  `id` text NOT NULL,
  `created_at` datetime NOT NULL,
  `account_id` text NOT NULL,
  `email_key` text NOT NULL,
  PRIMARY KEY (`id`)
);
-- Create index "block_account_id_email_key" to table: "blocks"
CREATE UNIQUE INDEX `block_account_id_email_key` ON `blocks` (`account_id`, `email_key`);
-- Create "budgets" table
CREATE TABLE `budgets` (
  `id` text NOT NULL,
  `full_at` integer NOT NULL,
  PRIMARY KEY (`id`)
);
-- Create index "budget_full_at" to table: "budgets"
CREATE INDEX `budget_full_at` ON `budgets` (`full_at`);
-- Create "chains" table
CREATE TABLE `chains` (
  `id` text NOT NULL,
  `seq` integer NOT NULL,
  `hash` text NOT NULL,
  PRIMARY KEY (`id`)
);
-- Create "contacts" table
CREATE TABLE `contacts` (
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
  `suppressed_at` datetime NULL,
  `version` integer NOT NULL DEFAULT (1),
  `updated_at` datetime NOT NULL,
  `account_id` text NOT NULL,
  `membership_id` text NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `contacts_accounts_account` FOREIGN KEY (`account_id`) REFERENCES `accounts` (`id`) ON DELETE NO ACTION,
  CONSTRAINT `contacts_memberships_membership` FOREIGN KEY (`membership_id`) REFERENCES `memberships` (`id`) ON DELETE SET NULL
);
-- Create index "contact_account_id_email_key" to table: "contacts"
CREATE UNIQUE INDEX `contact_account_id_email_key` ON `contacts` (`account_id`, `email_key`);
-- Create index "contact_account_id_id" to table: "contacts"
CREATE INDEX `contact_account_id_id` ON `contacts` (`account_id`, `id`);
-- Create index "contact_account_id_external_id" to table: "contacts"
CREATE UNIQUE INDEX `contact_account_id_external_id` ON `contacts` (`account_id`, `external_id`);
-- Create index "contact_membership_id" to table: "contacts"
CREATE INDEX `contact_membership_id` ON `contacts` (`membership_id`);
-- Create "deliveries" table
CREATE TABLE `deliveries` (
  `id` text NOT NULL,
  `created_at` datetime NOT NULL,
  `event_id` text NOT NULL,
  `account_id` text NULL,
  `kind` text NOT NULL,
  `subject_id` text NOT NULL,
  `to` text NOT NULL,
  `to_key` text NOT NULL,
  `to_name` text NOT NULL DEFAULT (''),
  `locale` text NOT NULL DEFAULT ('en'),
  `data` json NOT NULL,
  `state` text NOT NULL DEFAULT ('QUEUED'),
  `attempts` integer NOT NULL DEFAULT (0),
  `next_attempt_at` datetime NOT NULL,
  `sent_at` datetime NULL,
  `last_error` text NOT NULL DEFAULT (''),
  PRIMARY KEY (`id`)
);
-- Create index "delivery_event_id_kind_to_key" to table: "deliveries"
CREATE UNIQUE INDEX `delivery_event_id_kind_to_key` ON `deliveries` (`event_id`, `kind`, `to_key`);
-- Create index "delivery_state_next_attempt_at" to table: "deliveries"
CREATE INDEX `delivery_state_next_attempt_at` ON `deliveries` (`state`, `next_attempt_at`);
-- Create index "delivery_account_id_id" to table: "deliveries"
CREATE INDEX `delivery_account_id_id` ON `deliveries` (`account_id`, `id`);
-- Create "events" table
CREATE TABLE `events` (
  `id` text NOT NULL,
  `created_at` datetime NOT NULL,
  `stream` text NOT NULL,
  `account_id` text NULL,
  `actor_kind` text NOT NULL,
  `actor_id` text NOT NULL DEFAULT (''),
  `actor_name` text NOT NULL DEFAULT (''),
  `action` text NOT NULL,
  `target_id` text NOT NULL DEFAULT (''),
  `target_name` text NOT NULL DEFAULT (''),
  `before` text NOT NULL DEFAULT (''),
  `after` text NOT NULL DEFAULT (''),
  `address` text NOT NULL DEFAULT (''),
  `seq` integer NULL,
  `hash` text NOT NULL DEFAULT (''),
  `handled` bool NOT NULL DEFAULT (false),
  PRIMARY KEY (`id`)
);
-- Create index "event_stream_seq" to table: "events"
CREATE UNIQUE INDEX `event_stream_seq` ON `events` (`stream`, `seq`);
-- Create index "event_account_id_id" to table: "events"
CREATE INDEX `event_account_id_id` ON `events` (`account_id`, `id`);
-- Create index "event_handled_id" to table: "events"
CREATE INDEX `event_handled_id` ON `events` (`handled`, `id`);
-- Create index "event_unsealed" to table: "events"
CREATE INDEX `event_unsealed` ON `events` (`seq`, `id`) WHERE seq IS NULL;
-- Create "idempotency_keys" table
CREATE TABLE `idempotency_keys` (
  `id` text NOT NULL,
  `payload_hash` text NOT NULL,
  `result` text NOT NULL DEFAULT (''),
  `created_at` datetime NOT NULL,
  PRIMARY KEY (`id`)
);
-- Create index "idempotencykey_created_at" to table: "idempotency_keys"
CREATE INDEX `idempotencykey_created_at` ON `idempotency_keys` (`created_at`);
-- Create "invitations" table
CREATE TABLE `invitations` (
  `id` text NOT NULL,
  `created_at` datetime NOT NULL,
  `email` text NOT NULL,
  `email_key` text NOT NULL,
  `name` text NOT NULL DEFAULT (''),
  `search` text NOT NULL,
  `state` text NOT NULL DEFAULT ('PENDING'),
  `ended_reason` text NOT NULL DEFAULT (''),
  `ended_at` datetime NULL,
  `role_ids` json NOT NULL,
  `permissions` json NOT NULL,
  `sub_account_access` text NOT NULL DEFAULT ('NONE'),
  `sub_account_ids` json NOT NULL,
  `message` text NOT NULL DEFAULT (''),
  `locale` text NOT NULL DEFAULT ('en'),
  `generation` integer NOT NULL DEFAULT (1),
  `mailed` bool NOT NULL DEFAULT (true),
  `sends` integer NOT NULL DEFAULT (1),
  `sent_at` datetime NOT NULL,
  `expires_at` datetime NOT NULL,
  `reminded_at` datetime NULL,
  `granted_by_id` text NOT NULL,
  `accepted_by_id` text NULL,
  `account_id` text NOT NULL,
  `invited_by_id` text NOT NULL,
  `contact_id` text NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `invitations_accounts_account` FOREIGN KEY (`account_id`) REFERENCES `accounts` (`id`) ON DELETE NO ACTION,
  CONSTRAINT `invitations_users_invited_by` FOREIGN KEY (`invited_by_id`) REFERENCES `users` (`id`) ON DELETE NO ACTION,
  CONSTRAINT `invitations_contacts_contact` FOREIGN KEY (`contact_id`) REFERENCES `contacts` (`id`) ON DELETE SET NULL
);
-- Create index "invitation_one_pending" to table: "invitations"
CREATE UNIQUE INDEX `invitation_one_pending` ON `invitations` (`account_id`, `email_key`) WHERE state = 'PENDING';
-- Create index "invitation_account_id_id" to table: "invitations"
CREATE INDEX `invitation_account_id_id` ON `invitations` (`account_id`, `id`);
-- Create index "invitation_email_key" to table: "invitations"
CREATE INDEX `invitation_email_key` ON `invitations` (`email_key`);
-- Create index "invitation_contact_id" to table: "invitations"
CREATE INDEX `invitation_contact_id` ON `invitations` (`contact_id`);
-- Create "memberships" table
CREATE TABLE `memberships` (
  `id` text NOT NULL,
  `created_at` datetime NOT NULL,
  `state` text NOT NULL DEFAULT ('ACTIVE'),
  `deactivated_at` datetime NULL,
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
-- Create index "membership_account_id_user_id" to table: "memberships"
CREATE UNIQUE INDEX `membership_account_id_user_id` ON `memberships` (`account_id`, `user_id`);
-- Create index "membership_account_id_id" to table: "memberships"
CREATE INDEX `membership_account_id_id` ON `memberships` (`account_id`, `id`);
-- Create index "membership_user_id_id" to table: "memberships"
CREATE INDEX `membership_user_id_id` ON `memberships` (`user_id`, `id`);
-- Create "ownership_transfers" table
CREATE TABLE `ownership_transfers` (
  `id` text NOT NULL,
  `created_at` datetime NOT NULL,
  `state` text NOT NULL DEFAULT ('PENDING'),
  `expires_at` datetime NOT NULL,
  `ended_at` datetime NULL,
  `account_id` text NOT NULL,
  `from_user_id` text NOT NULL,
  `to_user_id` text NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `ownership_transfers_accounts_account` FOREIGN KEY (`account_id`) REFERENCES `accounts` (`id`) ON DELETE NO ACTION,
  CONSTRAINT `ownership_transfers_users_from` FOREIGN KEY (`from_user_id`) REFERENCES `users` (`id`) ON DELETE NO ACTION,
  CONSTRAINT `ownership_transfers_users_to` FOREIGN KEY (`to_user_id`) REFERENCES `users` (`id`) ON DELETE NO ACTION
);
-- Create index "transfer_one_pending" to table: "ownership_transfers"
CREATE UNIQUE INDEX `transfer_one_pending` ON `ownership_transfers` (`account_id`) WHERE state = 'PENDING';
-- Create index "ownershiptransfer_to_user_id" to table: "ownership_transfers"
CREATE INDEX `ownershiptransfer_to_user_id` ON `ownership_transfers` (`to_user_id`);
-- Create "roles" table
CREATE TABLE `roles` (
  `id` text NOT NULL,
  `created_at` datetime NOT NULL,
  `name` text NOT NULL,
  `name_key` text NOT NULL,
  `description` text NOT NULL DEFAULT (''),
  `type` text NOT NULL,
  `permissions` json NOT NULL,
  `version` integer NOT NULL DEFAULT (1),
  `account_id` text NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `roles_accounts_account` FOREIGN KEY (`account_id`) REFERENCES `accounts` (`id`) ON DELETE NO ACTION
);
-- Create index "role_account_id_name_key" to table: "roles"
CREATE UNIQUE INDEX `role_account_id_name_key` ON `roles` (`account_id`, `name_key`);
-- Create "sessions" table
CREATE TABLE `sessions` (
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
  `user_id` text NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `sessions_users_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE
);
-- Create index "session_token_hash" to table: "sessions"
CREATE UNIQUE INDEX `session_token_hash` ON `sessions` (`token_hash`);
-- Create index "session_user_id" to table: "sessions"
CREATE INDEX `session_user_id` ON `sessions` (`user_id`);
-- Create index "session_active_account_id" to table: "sessions"
CREATE INDEX `session_active_account_id` ON `sessions` (`active_account_id`);
-- Create index "session_expires_at" to table: "sessions"
CREATE INDEX `session_expires_at` ON `sessions` (`expires_at`);
-- Create "users" table
CREATE TABLE `users` (
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
  PRIMARY KEY (`id`)
);
-- Create index "users_external_id_key" to table: "users"
CREATE UNIQUE INDEX `users_external_id_key` ON `users` (`external_id`);
-- Create index "user_email_key" to table: "users"
CREATE UNIQUE INDEX `user_email_key` ON `users` (`email_key`);
-- Create "verifications" table
CREATE TABLE `verifications` (
  `id` text NOT NULL,
  `created_at` datetime NOT NULL,
  `purpose` text NOT NULL,
  `email` text NOT NULL,
  `email_key` text NOT NULL,
  `name` text NOT NULL DEFAULT (''),
  `locale` text NOT NULL DEFAULT ('en'),
  `generation` integer NOT NULL DEFAULT (0),
  `expires_at` datetime NOT NULL,
  PRIMARY KEY (`id`)
);
-- Create index "verification_purpose_email_key" to table: "verifications"
CREATE UNIQUE INDEX `verification_purpose_email_key` ON `verifications` (`purpose`, `email_key`);
-- Create index "verification_expires_at" to table: "verifications"
CREATE INDEX `verification_expires_at` ON `verifications` (`expires_at`);
