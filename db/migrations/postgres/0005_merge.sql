ALTER TABLE "customer" ADD COLUMN "merged_into" text;--> statement-breakpoint
ALTER TABLE "customer" ADD COLUMN "merges" json;--> statement-breakpoint
ALTER TABLE "customer" ADD COLUMN "absorbed" json;