-- Disable the enforcement of foreign-keys constraints
PRAGMA foreign_keys = off;
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
  `paced` bool NOT NULL DEFAULT (false),
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
INSERT INTO `new_deliveries` (`id`, `created_at`, `event_id`, `account_id`, `channel`, `contact_id`, `webhook_id`, `rule`, `kind`, `subject_id`, `to`, `to_key`, `to_name`, `locale`, `data`, `domain`, `lane`, `state`, `attempts`, `next_attempt_at`, `sent_at`, `bounced_at`, `last_error`, `notification_id`) SELECT `id`, `created_at`, `event_id`, `account_id`, `channel`, `contact_id`, `webhook_id`, `rule`, `kind`, `subject_id`, `to`, `to_key`, `to_name`, `locale`, `data`, `domain`, `lane`, `state`, `attempts`, `next_attempt_at`, `sent_at`, `bounced_at`, `last_error`, `notification_id` FROM `deliveries`;
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
-- Create index "notification_waiting" to table: "notifications"
CREATE INDEX `notification_waiting` ON `notifications` (`created_at`) WHERE fanned_out_at IS NULL;
-- Enable back the enforcement of foreign-keys constraints
PRAGMA foreign_keys = on;
