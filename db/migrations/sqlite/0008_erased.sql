ALTER TABLE `device_state` ADD `feeds` text;--> statement-breakpoint
ALTER TABLE `device_state` ADD `erasing` integer;--> statement-breakpoint
ALTER TABLE `device_state` ADD `downloaded` text;--> statement-breakpoint
ALTER TABLE `device_state` ADD `emptied_at` integer;--> statement-breakpoint
ALTER TABLE `feed_head` ADD `erased_seq` integer DEFAULT 0 NOT NULL;