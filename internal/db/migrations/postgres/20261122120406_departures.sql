-- Drop index "emailchange_former_email_key" from table: "email_changes"
DROP INDEX "emailchange_former_email_key";
-- Drop index "emailchange_user_id" from table: "email_changes"
DROP INDEX "emailchange_user_id";
-- Modify "email_changes" table
ALTER TABLE "email_changes" DROP COLUMN "generation", ADD COLUMN "ended_at" timestamptz NULL;
-- Create index "emailchange_one_waiting" to table: "email_changes"
CREATE UNIQUE INDEX "emailchange_one_waiting" ON "email_changes" ("user_id") WHERE (confirmed_at IS NULL);
-- Create index "emailchange_user_id_id" to table: "email_changes"
CREATE INDEX "emailchange_user_id_id" ON "email_changes" ("user_id", "id");
-- Create index "invitation_invited_by_id" to table: "invitations"
CREATE INDEX "invitation_invited_by_id" ON "invitations" ("invited_by_id");
-- Create index "ownershiptransfer_from_user_id" to table: "ownership_transfers"
CREATE INDEX "ownershiptransfer_from_user_id" ON "ownership_transfers" ("from_user_id");
-- Modify "users" table
ALTER TABLE "users" ADD COLUMN "deleted_at" timestamptz NULL, ADD COLUMN "former_id" character varying NULL COLLATE "C";
-- Create index "user_former_id" to table: "users"
CREATE UNIQUE INDEX "user_former_id" ON "users" ("former_id") WHERE (former_id IS NOT NULL);
