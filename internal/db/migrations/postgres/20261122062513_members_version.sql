-- Modify "accounts" table
ALTER TABLE "accounts" ADD COLUMN "members_version" bigint NOT NULL DEFAULT 0;
