CREATE TABLE `customer_forward` (
	`store_id` text NOT NULL,
	`customer_id` text NOT NULL,
	`to_store_id` text,
	`state` text NOT NULL,
	`day` integer NOT NULL,
	PRIMARY KEY(`store_id`, `customer_id`)
);
--> statement-breakpoint
CREATE TABLE `device_event` (
	`store_id` text NOT NULL,
	`device_id` text NOT NULL,
	`at` integer NOT NULL,
	`id` text NOT NULL,
	`kind` text NOT NULL,
	`detail` text NOT NULL,
	PRIMARY KEY(`store_id`, `device_id`, `at`, `id`)
);
--> statement-breakpoint
CREATE TABLE `device_hour` (
	`store_id` text NOT NULL,
	`device_id` text NOT NULL,
	`hour` integer NOT NULL,
	`contacts` integer NOT NULL,
	`ops` integer NOT NULL,
	`refused` integer NOT NULL,
	`unsent_max` integer NOT NULL,
	PRIMARY KEY(`store_id`, `device_id`, `hour`)
);
--> statement-breakpoint
CREATE INDEX `device_hour_hour` ON `device_hour` (`hour`);--> statement-breakpoint
CREATE TABLE `lag_hour` (
	`store_id` text NOT NULL,
	`hour` integer NOT NULL,
	`bucket` integer NOT NULL,
	`ops` integer NOT NULL,
	PRIMARY KEY(`store_id`, `hour`, `bucket`)
);
--> statement-breakpoint
CREATE INDEX `lag_hour_hour` ON `lag_hour` (`hour`,`bucket`);--> statement-breakpoint
CREATE TABLE `loss` (
	`store_id` text NOT NULL,
	`id` text NOT NULL,
	`device_id` text NOT NULL,
	`cause` text NOT NULL,
	`from_n` integer NOT NULL,
	`to_n` integer NOT NULL,
	`from_at` integer,
	`to_at` integer,
	`staff_ids` text NOT NULL,
	`found_at` integer NOT NULL,
	`state` text NOT NULL,
	`closed_at` integer,
	PRIMARY KEY(`store_id`, `id`)
);
--> statement-breakpoint
CREATE INDEX `loss_state` ON `loss` (`state`);--> statement-breakpoint
ALTER TABLE `customer` ADD `homes` text;--> statement-breakpoint
ALTER TABLE `customer` ADD `erased_on` integer;--> statement-breakpoint
ALTER TABLE `device` ADD `replaces` text;--> statement-breakpoint
ALTER TABLE `device_state` ADD `newest_unsent_at` integer;--> statement-breakpoint
ALTER TABLE `device_state` ADD `unsent_by` text;--> statement-breakpoint
ALTER TABLE `device_state` ADD `installed` integer;--> statement-breakpoint
ALTER TABLE `device_state` ADD `download` text;--> statement-breakpoint
ALTER TABLE `device_state` ADD `reopens` integer;--> statement-breakpoint
ALTER TABLE `device_state` ADD `trouble` text;--> statement-breakpoint
ALTER TABLE `feed_row` ADD `at` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `op` ADD `erased_hash` text;--> statement-breakpoint
ALTER TABLE `quarantine` ADD `decision_id` text;--> statement-breakpoint
ALTER TABLE `quarantine` ADD `decision_reason` text;--> statement-breakpoint
ALTER TABLE `quarantine` ADD `decided_by` text;--> statement-breakpoint
ALTER TABLE `quarantine` ADD `decided_at` integer;--> statement-breakpoint
CREATE INDEX `quarantine_state` ON `quarantine` (`state`,`received_at`);