CREATE TABLE "customer" (
	"store_id" text NOT NULL,
	"id" text NOT NULL,
	"created_at" bigint NOT NULL,
	"created_by" text NOT NULL,
	"name" text NOT NULL,
	"pinyin" text NOT NULL,
	"initials" text NOT NULL,
	"phone" text,
	"phone_alt" text,
	"card" text,
	"email" text,
	"birthday" text,
	"gender" text,
	"tier" text,
	"note" text,
	"attributes" json,
	"consents" json NOT NULL,
	"stamps" json NOT NULL,
	"search" text NOT NULL,
	CONSTRAINT "customer_store_id_id_pk" PRIMARY KEY("store_id","id")
);
--> statement-breakpoint
CREATE TABLE "customer_link" (
	"store_id" text NOT NULL,
	"customer_id" text NOT NULL,
	"linked_store_id" text NOT NULL,
	"last_day" bigint NOT NULL,
	CONSTRAINT "customer_link_store_id_customer_id_linked_store_id_pk" PRIMARY KEY("store_id","customer_id","linked_store_id")
);
--> statement-breakpoint
CREATE TABLE "device" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"at" text NOT NULL,
	"role" text NOT NULL,
	"state" text NOT NULL,
	"stamps" json NOT NULL
);
--> statement-breakpoint
CREATE TABLE "device_state" (
	"store_id" text NOT NULL,
	"device_id" text NOT NULL,
	"epoch" text NOT NULL,
	"last_n" bigint NOT NULL,
	"last_op_id" text,
	"last_hash" text NOT NULL,
	"last_push_at" bigint,
	"last_pull_at" bigint,
	"max_n" bigint,
	"unsent" bigint,
	"oldest_unsent_at" bigint,
	"app_version" text,
	"persisted" boolean,
	"usage_bytes" bigint,
	"quota_bytes" bigint,
	"clock_offset_ms" bigint,
	"lag_ms" bigint,
	CONSTRAINT "device_state_store_id_device_id_pk" PRIMARY KEY("store_id","device_id")
);
--> statement-breakpoint
CREATE TABLE "device_token" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"device_id" text NOT NULL,
	"book" text NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "dirty_day" (
	"store_id" text NOT NULL,
	"table" text NOT NULL,
	"day" bigint NOT NULL,
	CONSTRAINT "dirty_day_store_id_table_day_pk" PRIMARY KEY("store_id","table","day")
);
--> statement-breakpoint
CREATE TABLE "enrolment" (
	"code_hash" text PRIMARY KEY NOT NULL,
	"at_store_id" text NOT NULL,
	"name" text NOT NULL,
	"uses_left" bigint NOT NULL,
	"until" bigint NOT NULL,
	"created_by" text NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "feed_head" (
	"store_id" text PRIMARY KEY NOT NULL,
	"seq" bigint NOT NULL,
	"epoch" text NOT NULL,
	"floor" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "feed_row" (
	"store_id" text NOT NULL,
	"id" text NOT NULL,
	"seq" bigint NOT NULL,
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"body" json,
	CONSTRAINT "feed_row_store_id_id_pk" PRIMARY KEY("store_id","id")
);
--> statement-breakpoint
CREATE TABLE "history" (
	"store_id" text NOT NULL,
	"customer_id" text NOT NULL,
	"day" bigint NOT NULL,
	"at_store_id" text NOT NULL,
	"region_id" text,
	"visits" bigint NOT NULL,
	"sales" bigint NOT NULL,
	"spend_minor" bigint NOT NULL,
	"purposes" bigint NOT NULL,
	"first_at" bigint NOT NULL,
	CONSTRAINT "history_store_id_customer_id_day_at_store_id_pk" PRIMARY KEY("store_id","customer_id","day","at_store_id")
);
--> statement-breakpoint
CREATE TABLE "metric_day" (
	"store_id" text NOT NULL,
	"scope" text NOT NULL,
	"day" bigint NOT NULL,
	"metric" text NOT NULL,
	"value" bigint NOT NULL,
	CONSTRAINT "metric_day_store_id_scope_day_metric_pk" PRIMARY KEY("store_id","scope","day","metric")
);
--> statement-breakpoint
CREATE TABLE "metric_month" (
	"store_id" text NOT NULL,
	"scope" text NOT NULL,
	"day" bigint NOT NULL,
	"metric" text NOT NULL,
	"value" bigint NOT NULL,
	CONSTRAINT "metric_month_store_id_scope_day_metric_pk" PRIMARY KEY("store_id","scope","day","metric")
);
--> statement-breakpoint
CREATE TABLE "op" (
	"store_id" text NOT NULL,
	"device_id" text NOT NULL,
	"n" bigint NOT NULL,
	"op_id" text NOT NULL,
	"op" json NOT NULL,
	"effective_at" bigint NOT NULL,
	"received_at" bigint NOT NULL,
	"status" text NOT NULL,
	"reason" text,
	"detail" text,
	CONSTRAINT "op_store_id_device_id_n_pk" PRIMARY KEY("store_id","device_id","n")
);
--> statement-breakpoint
CREATE TABLE "op_seen" (
	"store_id" text NOT NULL,
	"op_id" text NOT NULL,
	"status" text NOT NULL,
	"reason" text,
	CONSTRAINT "op_seen_store_id_op_id_pk" PRIMARY KEY("store_id","op_id")
);
--> statement-breakpoint
CREATE TABLE "part" (
	"store_id" text NOT NULL,
	"seq" bigint NOT NULL,
	"no" bigint NOT NULL,
	"epoch" text NOT NULL,
	"rows" bigint NOT NULL,
	"customers" bigint NOT NULL,
	"sha256" text NOT NULL,
	"size" bigint NOT NULL,
	"data" "bytea" NOT NULL,
	CONSTRAINT "part_store_id_seq_no_pk" PRIMARY KEY("store_id","seq","no")
);
--> statement-breakpoint
CREATE TABLE "phone_directory" (
	"phone_hash" text NOT NULL,
	"store_id" text NOT NULL,
	"customer_id" text NOT NULL,
	CONSTRAINT "phone_directory_phone_hash_store_id_customer_id_pk" PRIMARY KEY("phone_hash","store_id","customer_id")
);
--> statement-breakpoint
CREATE TABLE "quarantine" (
	"store_id" text NOT NULL,
	"op_id" text NOT NULL,
	"device_id" text NOT NULL,
	"n" bigint NOT NULL,
	"op" json NOT NULL,
	"reason" text NOT NULL,
	"detail" text,
	"received_at" bigint NOT NULL,
	"state" text NOT NULL,
	CONSTRAINT "quarantine_store_id_op_id_pk" PRIMARY KEY("store_id","op_id")
);
--> statement-breakpoint
CREATE TABLE "region" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"name_en" text,
	"order" bigint NOT NULL,
	"stamps" json NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rollup_day" (
	"scope" text NOT NULL,
	"day" bigint NOT NULL,
	"metric" text NOT NULL,
	"value" bigint NOT NULL,
	CONSTRAINT "rollup_day_scope_day_metric_pk" PRIMARY KEY("scope","day","metric")
);
--> statement-breakpoint
CREATE TABLE "rollup_month" (
	"scope" text NOT NULL,
	"month" bigint NOT NULL,
	"metric" text NOT NULL,
	"value" bigint NOT NULL,
	CONSTRAINT "rollup_month_scope_month_metric_pk" PRIMARY KEY("scope","month","metric")
);
--> statement-breakpoint
CREATE TABLE "staff" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"role" text NOT NULL,
	"store_ids" json NOT NULL,
	"region_id" text,
	"state" text NOT NULL,
	"stamps" json NOT NULL
);
--> statement-breakpoint
CREATE TABLE "staff_pin" (
	"staff_id" text PRIMARY KEY NOT NULL,
	"salt" text NOT NULL,
	"iterations" bigint NOT NULL,
	"hash" text NOT NULL,
	"set_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "store" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"name_en" text,
	"code" text,
	"type" text NOT NULL,
	"region_id" text,
	"format" text,
	"city" text,
	"zone" text NOT NULL,
	"cutoff_minutes" bigint NOT NULL,
	"currency" text NOT NULL,
	"country" text NOT NULL,
	"hours" json,
	"opened_on" bigint,
	"stamps" json NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tag" (
	"id" text PRIMARY KEY NOT NULL,
	"group_id" text NOT NULL,
	"label" text NOT NULL,
	"label_en" text,
	"order" bigint NOT NULL,
	"retired" boolean NOT NULL,
	"stamps" json NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tag_group" (
	"id" text PRIMARY KEY NOT NULL,
	"label" text NOT NULL,
	"label_en" text,
	"order" bigint NOT NULL,
	"required" boolean NOT NULL,
	"stamps" json NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tagging" (
	"store_id" text NOT NULL,
	"customer_id" text NOT NULL,
	"dot" text NOT NULL,
	"tag_id" text NOT NULL,
	"at" bigint NOT NULL,
	"source" text NOT NULL,
	"by" text NOT NULL,
	"off_at" bigint,
	CONSTRAINT "tagging_store_id_customer_id_dot_pk" PRIMARY KEY("store_id","customer_id","dot")
);
--> statement-breakpoint
CREATE TABLE "visit" (
	"store_id" text NOT NULL,
	"id" text NOT NULL,
	"customer_id" text,
	"home_store_id" text,
	"count" bigint NOT NULL,
	"purpose" text NOT NULL,
	"need" text,
	"spend_minor" bigint,
	"items" bigint,
	"note" text,
	"receipt" text,
	"at" bigint NOT NULL,
	"day" bigint NOT NULL,
	"actor_id" text NOT NULL,
	"void" boolean NOT NULL,
	"stamps" json NOT NULL,
	CONSTRAINT "visit_store_id_id_pk" PRIMARY KEY("store_id","id")
);
--> statement-breakpoint
CREATE INDEX "device_at" ON "device" USING btree ("at");--> statement-breakpoint
CREATE INDEX "feed_row_seq" ON "feed_row" USING btree ("store_id","seq");--> statement-breakpoint
CREATE INDEX "history_day" ON "history" USING btree ("day");--> statement-breakpoint
CREATE INDEX "metric_day_day" ON "metric_day" USING btree ("day");--> statement-breakpoint
CREATE INDEX "metric_month_day" ON "metric_month" USING btree ("day");--> statement-breakpoint
CREATE INDEX "phone_directory_customer" ON "phone_directory" USING btree ("store_id","customer_id");--> statement-breakpoint
CREATE INDEX "quarantine_device" ON "quarantine" USING btree ("store_id","device_id");--> statement-breakpoint
CREATE INDEX "rollup_day_day" ON "rollup_day" USING btree ("day","metric","scope","value");--> statement-breakpoint
CREATE INDEX "rollup_month_month" ON "rollup_month" USING btree ("month","metric","scope","value");--> statement-breakpoint
CREATE INDEX "visit_customer_day" ON "visit" USING btree ("store_id","customer_id","day");