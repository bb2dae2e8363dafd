CREATE TABLE "closed_statement" (
	"month" bigint NOT NULL,
	"scope" text NOT NULL,
	"statement" json NOT NULL,
	CONSTRAINT "closed_statement_month_scope_pk" PRIMARY KEY("month","scope")
);
--> statement-breakpoint
CREATE TABLE "desk_record" (
	"kind" text NOT NULL,
	"id" text NOT NULL,
	"fields" json NOT NULL,
	"stamps" json NOT NULL,
	CONSTRAINT "desk_record_kind_id_pk" PRIMARY KEY("kind","id")
);
--> statement-breakpoint
CREATE TABLE "recount" (
	"id" text PRIMARY KEY NOT NULL,
	"day" bigint NOT NULL,
	"counted_at" bigint NOT NULL,
	"stores" bigint NOT NULL,
	"faults" json NOT NULL
);
