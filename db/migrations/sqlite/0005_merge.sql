ALTER TABLE `customer` ADD `merged_into` text;--> statement-breakpoint
ALTER TABLE `customer` ADD `merges` text;--> statement-breakpoint
ALTER TABLE `customer` ADD `absorbed` text;