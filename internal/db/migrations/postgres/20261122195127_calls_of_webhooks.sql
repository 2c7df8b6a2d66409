-- Modify "deliveries" table
ALTER TABLE "deliveries" ADD COLUMN "answered" bigint NULL, ADD COLUMN "took" bigint NULL;
-- Create index "delivery_calls" to table: "deliveries"
CREATE INDEX "delivery_calls" ON "deliveries" ("webhook_id", "id") WHERE ((webhook_id)::text <> ''::text);
