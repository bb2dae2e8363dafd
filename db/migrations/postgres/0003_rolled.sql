DROP INDEX "metric_day_day";--> statement-breakpoint
DROP INDEX "metric_month_day";--> statement-breakpoint
ALTER TABLE "metric_day" ADD COLUMN "rolled" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "metric_month" ADD COLUMN "rolled" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "metric_day_day" ON "metric_day" USING btree ("day","store_id");--> statement-breakpoint
CREATE INDEX "metric_month_day" ON "metric_month" USING btree ("day","store_id");