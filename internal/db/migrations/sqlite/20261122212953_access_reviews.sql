-- Add column "access_review_id" to table: "accounts"
ALTER TABLE `accounts` ADD COLUMN `access_review_id` text NULL;
