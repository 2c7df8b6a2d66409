-- Modify "invitations" table
ALTER TABLE "invitations" ADD COLUMN "access_ends_at" timestamptz NULL;
-- Modify "memberships" table
ALTER TABLE "memberships" ADD COLUMN "access_ends_at" timestamptz NULL, ADD COLUMN "access_ended" boolean NOT NULL DEFAULT false, ADD COLUMN "access_end_set_by_id" character varying NULL COLLATE "C", ADD COLUMN "access_end_noticed_at" timestamptz NULL;
-- Create index "membership_ending" to table: "memberships"
CREATE INDEX "membership_ending" ON "memberships" ("access_ends_at") WHERE ((access_ends_at IS NOT NULL) AND ((state)::text = 'ACTIVE'::text));
