-- Create "former_addresses" table
CREATE TABLE `former_addresses` (
  `id` text NOT NULL,
  `created_at` datetime NOT NULL,
  `email_key` text NOT NULL,
  `unsubscribed` json NULL,
  `suppressed_at` datetime NULL,
  `suppressed_reason` text NOT NULL DEFAULT (''),
  `account_id` text NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `former_addresses_accounts_account` FOREIGN KEY (`account_id`) REFERENCES `accounts` (`id`) ON DELETE CASCADE
);
-- Create index "formeraddress_account_id_email_key" to table: "former_addresses"
CREATE UNIQUE INDEX `formeraddress_account_id_email_key` ON `former_addresses` (`account_id`, `email_key`);
-- Create index "formeraddress_email_key" to table: "former_addresses"
CREATE INDEX `formeraddress_email_key` ON `former_addresses` (`email_key`);
