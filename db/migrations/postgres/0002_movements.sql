CREATE TABLE "figures_state" (
	"id" text PRIMARY KEY NOT NULL,
	"version" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "movement" (
	"store_id" text NOT NULL,
	"customer_id" text NOT NULL,
	"kind" text NOT NULL,
	"no" bigint NOT NULL,
	"day" bigint NOT NULL,
	"counterparty" text,
	"value_minor" bigint NOT NULL,
	"written_at" bigint NOT NULL,
	CONSTRAINT "movement_store_id_customer_id_kind_no_pk" PRIMARY KEY("store_id","customer_id","kind","no")
);
--> statement-breakpoint
CREATE INDEX "movement_kind_day" ON "movement" USING btree ("store_id","kind","day");--> statement-breakpoint
CREATE INDEX "customer_forward_customer" ON "customer_forward" USING btree ("customer_id");