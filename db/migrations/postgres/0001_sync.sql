CREATE TABLE "customer_forward" (
	"store_id" text NOT NULL,
	"customer_id" text NOT NULL,
	"to_store_id" text,
	"state" text NOT NULL,
	"day" bigint NOT NULL,
	CONSTRAINT "customer_forward_store_id_customer_id_pk" PRIMARY KEY("store_id","customer_id")
);
--> statement-breakpoint
CREATE TABLE "device_event" (
	"store_id" text NOT NULL,
	"device_id" text NOT NULL,
	"at" bigint NOT NULL,
	"id" text NOT NULL,
	"kind" text NOT NULL,
	"detail" json NOT NULL,
	CONSTRAINT "device_event_store_id_device_id_at_id_pk" PRIMARY KEY("store_id","device_id","at","id")
);
--> statement-breakpoint
CREATE TABLE "device_hour" (
	"store_id" text NOT NULL,
	"device_id" text NOT NULL,
	"hour" bigint NOT NULL,
	"contacts" bigint NOT NULL,
	"ops" bigint NOT NULL,
	"refused" bigint NOT NULL,
	"unsent_max" bigint NOT NULL,
	CONSTRAINT "device_hour_store_id_device_id_hour_pk" PRIMARY KEY("store_id","device_id","hour")
);
--> statement-breakpoint
CREATE TABLE "lag_hour" (
	"store_id" text NOT NULL,
	"hour" bigint NOT NULL,
	"bucket" bigint NOT NULL,
	"ops" bigint NOT NULL,
	CONSTRAINT "lag_hour_store_id_hour_bucket_pk" PRIMARY KEY("store_id","hour","bucket")
);
--> statement-breakpoint
CREATE TABLE "loss" (
	"store_id" text NOT NULL,
	"id" text NOT NULL,
	"device_id" text NOT NULL,
	"cause" text NOT NULL,
	"from_n" bigint NOT NULL,
	"to_n" bigint NOT NULL,
	"from_at" bigint,
	"to_at" bigint,
	"staff_ids" json NOT NULL,
	"found_at" bigint NOT NULL,
	"state" text NOT NULL,
	"closed_at" bigint,
	CONSTRAINT "loss_store_id_id_pk" PRIMARY KEY("store_id","id")
);
--> statement-breakpoint
ALTER TABLE "customer" ADD COLUMN "homes" json;--> statement-breakpoint
ALTER TABLE "customer" ADD COLUMN "erased_on" bigint;--> statement-breakpoint
ALTER TABLE "device" ADD COLUMN "replaces" text;--> statement-breakpoint
ALTER TABLE "device_state" ADD COLUMN "newest_unsent_at" bigint;--> statement-breakpoint
ALTER TABLE "device_state" ADD COLUMN "unsent_by" json;--> statement-breakpoint
ALTER TABLE "device_state" ADD COLUMN "installed" boolean;--> statement-breakpoint
ALTER TABLE "device_state" ADD COLUMN "download" json;--> statement-breakpoint
ALTER TABLE "device_state" ADD COLUMN "reopens" bigint;--> statement-breakpoint
ALTER TABLE "device_state" ADD COLUMN "trouble" text;--> statement-breakpoint
ALTER TABLE "feed_row" ADD COLUMN "at" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "op" ADD COLUMN "erased_hash" text;--> statement-breakpoint
ALTER TABLE "quarantine" ADD COLUMN "decision_id" text;--> statement-breakpoint
ALTER TABLE "quarantine" ADD COLUMN "decision_reason" text;--> statement-breakpoint
ALTER TABLE "quarantine" ADD COLUMN "decided_by" text;--> statement-breakpoint
ALTER TABLE "quarantine" ADD COLUMN "decided_at" bigint;--> statement-breakpoint
CREATE INDEX "device_hour_hour" ON "device_hour" USING btree ("hour");--> statement-breakpoint
CREATE INDEX "lag_hour_hour" ON "lag_hour" USING btree ("hour","bucket");--> statement-breakpoint
CREATE INDEX "loss_state" ON "loss" USING btree ("state");--> statement-breakpoint
CREATE INDEX "quarantine_state" ON "quarantine" USING btree ("state","received_at");