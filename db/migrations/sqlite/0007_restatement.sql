CREATE TABLE `restatement` (
	`id` text PRIMARY KEY NOT NULL,
	`from_version` integer NOT NULL,
	`to_version` integer NOT NULL,
	`started_at` integer NOT NULL,
	`finished_at` integer,
	`figures` integer NOT NULL,
	`stores` integer NOT NULL,
	`month` integer,
	`before` text NOT NULL,
	`effects` text NOT NULL
);
