-- Create "persisted_documents" table
CREATE TABLE "persisted_documents" (
  "id" character varying NOT NULL COLLATE "C",
  "text" text NOT NULL COLLATE "C",
  "created_at" timestamptz NOT NULL,
  PRIMARY KEY ("id")
);
-- Create index "persisteddocument_created_at" to table: "persisted_documents"
CREATE INDEX "persisteddocument_created_at" ON "persisted_documents" ("created_at");
