ALTER TABLE "device_state" ADD COLUMN "feeds" json;--> statement-breakpoint
ALTER TABLE "device_state" ADD COLUMN "erasing" bigint;--> statement-breakpoint
ALTER TABLE "device_state" ADD COLUMN "downloaded" json;--> statement-breakpoint
ALTER TABLE "device_state" ADD COLUMN "emptied_at" bigint;--> statement-breakpoint
ALTER TABLE "feed_head" ADD COLUMN "erased_seq" bigint DEFAULT 0 NOT NULL;