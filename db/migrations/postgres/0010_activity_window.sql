ALTER TABLE "restatement" ADD COLUMN "from_activity_days" bigint;--> statement-breakpoint
ALTER TABLE "restatement" ADD COLUMN "to_activity_days" bigint;