ALTER TABLE `restatement` ADD `from_activity_days` integer;--> statement-breakpoint
ALTER TABLE `restatement` ADD `to_activity_days` integer;