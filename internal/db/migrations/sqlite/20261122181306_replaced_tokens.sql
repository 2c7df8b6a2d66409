-- Create "former_tokens" table
CREATE TABLE `former_tokens` (
  `id` text NOT NULL,
  `created_at` datetime NOT NULL,
  `token_hash` text NOT NULL,
  `session_id` text NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `former_tokens_sessions_session` FOREIGN KEY (`session_id`) REFERENCES `sessions` (`id`) ON DELETE CASCADE
);
-- Create index "formertoken_token_hash" to table: "former_tokens"
CREATE INDEX `formertoken_token_hash` ON `former_tokens` (`token_hash`);
-- Create index "formertoken_session_id" to table: "former_tokens"
CREATE INDEX `formertoken_session_id` ON `former_tokens` (`session_id`);
