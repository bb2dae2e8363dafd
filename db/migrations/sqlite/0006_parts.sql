CREATE TABLE `__new_part` (
	`store_id` text NOT NULL,
	`seq` integer NOT NULL,
	`no` integer NOT NULL,
	`format` text NOT NULL,
	`epoch` text NOT NULL,
	`rows` integer NOT NULL,
	`customers` integer NOT NULL,
	`sha256` text NOT NULL,
	`size` integer NOT NULL,
	`data` blob NOT NULL,
	PRIMARY KEY(`store_id`, `format`, `seq`, `no`)
);
--> statement-breakpoint
INSERT INTO `__new_part`("store_id", "seq", "no", "format", "epoch", "rows", "customers", "sha256", "size", "data") SELECT "store_id", "seq", "no", 'rows', "epoch", "rows", "customers", "sha256", "size", "data" FROM `part`;--> statement-breakpoint
DROP TABLE `part`;--> statement-breakpoint
ALTER TABLE `__new_part` RENAME TO `part`;