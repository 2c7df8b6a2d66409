-- Add column "answered" to table: "deliveries"
ALTER TABLE `deliveries` ADD COLUMN `answered` integer NULL;
-- Add column "took" to table: "deliveries"
ALTER TABLE `deliveries` ADD COLUMN `took` integer NULL;
-- Create index "delivery_calls" to table: "deliveries"
CREATE INDEX `delivery_calls` ON `deliveries` (`webhook_id`, `id`) WHERE webhook_id <> '';
