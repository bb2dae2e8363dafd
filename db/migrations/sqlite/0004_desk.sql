CREATE TABLE `closed_statement` (
	`month` integer NOT NULL,
	`scope` text NOT NULL,
	`statement` text NOT NULL,
	PRIMARY KEY(`month`, `scope`)
);
--> statement-breakpoint
CREATE TABLE `desk_record` (
	`kind` text NOT NULL,
	`id` text NOT NULL,
	`fields` text NOT NULL,
	`stamps` text NOT NULL,
	PRIMARY KEY(`kind`, `id`)
);
--> statement-breakpoint
CREATE TABLE `recount` (
	`id` text PRIMARY KEY NOT NULL,
	`day` integer NOT NULL,
	`counted_at` integer NOT NULL,
	`stores` integer NOT NULL,
	`faults` text NOT NULL
);
