CREATE TABLE `figures_state` (
	`id` text PRIMARY KEY NOT NULL,
	`version` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `movement` (
	`store_id` text NOT NULL,
	`customer_id` text NOT NULL,
	`kind` text NOT NULL,
	`no` integer NOT NULL,
	`day` integer NOT NULL,
	`counterparty` text,
	`value_minor` integer NOT NULL,
	`written_at` integer NOT NULL,
	PRIMARY KEY(`store_id`, `customer_id`, `kind`, `no`)
);
--> statement-breakpoint
CREATE INDEX `movement_kind_day` ON `movement` (`store_id`,`kind`,`day`);--> statement-breakpoint
CREATE INDEX `customer_forward_customer` ON `customer_forward` (`customer_id`);