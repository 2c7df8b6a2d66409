-- Drop index "event_handled_id" from table: "events"
DROP INDEX "event_handled_id";
-- Drop index "event_unsealed" from table: "events"
DROP INDEX "event_unsealed";
-- Create index "event_waiting" to table: "events"
CREATE INDEX "event_waiting" ON "events" ("id") WHERE ((NOT handled) OR (seq IS NULL));
