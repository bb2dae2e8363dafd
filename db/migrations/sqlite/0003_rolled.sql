DROP INDEX `metric_day_day`;--> statement-breakpoint
ALTER TABLE `metric_day` ADD `rolled` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `metric_day_day` ON `metric_day` (`day`,`store_id`);--> statement-breakpoint
DROP INDEX `metric_month_day`;--> statement-breakpoint
ALTER TABLE `metric_month` ADD `rolled` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `metric_month_day` ON `metric_month` (`day`,`store_id`);