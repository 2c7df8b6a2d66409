-- Modify "deliveries" table
ALTER TABLE "deliveries" ADD COLUMN "paced" boolean NOT NULL DEFAULT false;
-- Create index "notification_waiting" to table: "notifications"
CREATE INDEX "notification_waiting" ON "notifications" ("created_at") WHERE (fanned_out_at IS NULL);
