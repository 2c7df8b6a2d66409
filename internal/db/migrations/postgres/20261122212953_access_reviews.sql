-- Modify "accounts" table
ALTER TABLE "accounts" ADD COLUMN "access_review_id" character varying NULL COLLATE "C";
