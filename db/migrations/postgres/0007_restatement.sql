CREATE TABLE "restatement" (
	"id" text PRIMARY KEY NOT NULL,
	"from_version" bigint NOT NULL,
	"to_version" bigint NOT NULL,
	"started_at" bigint NOT NULL,
	"finished_at" bigint,
	"figures" bigint NOT NULL,
	"stores" bigint NOT NULL,
	"month" bigint,
	"before" json NOT NULL,
	"effects" json NOT NULL
);
