-- Create "persisted_documents" table
CREATE TABLE `persisted_documents` (
  `id` text NOT NULL,
  `text` text NOT NULL,
  `created_at` datetime NOT NULL,
  PRIMARY KEY (`id`)
);
-- Create index "persisteddocument_created_at" to table: "persisted_documents"
CREATE INDEX `persisteddocument_created_at` ON `persisted_documents` (`created_at`);
