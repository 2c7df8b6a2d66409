-- Create "former_tokens" table
CREATE TABLE "former_tokens" (
  "id" character varying NOT NULL COLLATE "C",
  "created_at" timestamptz NOT NULL,
  "token_hash" character varying NOT NULL COLLATE "C",
  "session_id" character varying NOT NULL COLLATE "C",
  PRIMARY KEY ("id"),
  CONSTRAINT "former_tokens_sessions_session" FOREIGN KEY ("session_id") REFERENCES "sessions" ("id") ON UPDATE NO ACTION ON DELETE CASCADE
);
-- Create index "formertoken_session_id" to table: "former_tokens"
CREATE INDEX "formertoken_session_id" ON "former_tokens" ("session_id");
-- Create index "formertoken_token_hash" to table: "former_tokens"
CREATE INDEX "formertoken_token_hash" ON "former_tokens" ("token_hash");
