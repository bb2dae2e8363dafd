CREATE TABLE `customer` (
	`store_id` text NOT NULL,
	`id` text NOT NULL,
	`created_at` integer NOT NULL,
	`created_by` text NOT NULL,
	`name` text NOT NULL,
	`pinyin` text NOT NULL,
	`initials` text NOT NULL,
	`phone` text,
	`phone_alt` text,
	`card` text,
	`email` text,
	`birthday` text,
	`gender` text,
	`tier` text,
	`note` text,
	`attributes` text,
	`consents` text NOT NULL,
	`stamps` text NOT NULL,
	`search` text NOT NULL,
	PRIMARY KEY(`store_id`, `id`)
);
--> statement-breakpoint
CREATE TABLE `customer_link` (
	`store_id` text NOT NULL,
	`customer_id` text NOT NULL,
	`linked_store_id` text NOT NULL,
	`last_day` integer NOT NULL,
	PRIMARY KEY(`store_id`, `customer_id`, `linked_store_id`)
);
--> statement-breakpoint
CREATE TABLE `device` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`at` text NOT NULL,
	`role` text NOT NULL,
	`state` text NOT NULL,
	`stamps` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `device_at` ON `device` (`at`);--> statement-breakpoint
CREATE TABLE `device_state` (
	`store_id` text NOT NULL,
	`device_id` text NOT NULL,
	`epoch` text NOT NULL,
	`last_n` integer NOT NULL,
	`last_op_id` text,
	`last_hash` text NOT NULL,
	`last_push_at` integer,
	`last_pull_at` integer,
	`max_n` integer,
	`unsent` integer,
	`oldest_unsent_at` integer,
	`app_version` text,
	`persisted` integer,
	`usage_bytes` integer,
	`quota_bytes` integer,
	`clock_offset_ms` integer,
	`lag_ms` integer,
	PRIMARY KEY(`store_id`, `device_id`)
);
--> statement-breakpoint
CREATE TABLE `device_token` (
	`token_hash` text PRIMARY KEY NOT NULL,
	`device_id` text NOT NULL,
	`book` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `dirty_day` (
	`store_id` text NOT NULL,
	`table` text NOT NULL,
	`day` integer NOT NULL,
	PRIMARY KEY(`store_id`, `table`, `day`)
);
--> statement-breakpoint
CREATE TABLE `enrolment` (
	`code_hash` text PRIMARY KEY NOT NULL,
	`at_store_id` text NOT NULL,
	`name` text NOT NULL,
	`uses_left` integer NOT NULL,
	`until` integer NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `feed_head` (
	`store_id` text PRIMARY KEY NOT NULL,
	`seq` integer NOT NULL,
	`epoch` text NOT NULL,
	`floor` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `feed_row` (
	`store_id` text NOT NULL,
	`id` text NOT NULL,
	`seq` integer NOT NULL,
	`kind` text NOT NULL,
	`state` text NOT NULL,
	`body` text,
	PRIMARY KEY(`store_id`, `id`)
);
--> statement-breakpoint
CREATE INDEX `feed_row_seq` ON `feed_row` (`store_id`,`seq`);--> statement-breakpoint
CREATE TABLE `history` (
	`store_id` text NOT NULL,
	`customer_id` text NOT NULL,
	`day` integer NOT NULL,
	`at_store_id` text NOT NULL,
	`region_id` text,
	`visits` integer NOT NULL,
	`sales` integer NOT NULL,
	`spend_minor` integer NOT NULL,
	`purposes` integer NOT NULL,
	`first_at` integer NOT NULL,
	PRIMARY KEY(`store_id`, `customer_id`, `day`, `at_store_id`)
);
--> statement-breakpoint
CREATE INDEX `history_day` ON `history` (`day`);--> statement-breakpoint
CREATE TABLE `metric_day` (
	`store_id` text NOT NULL,
	`scope` text NOT NULL,
	`day` integer NOT NULL,
	`metric` text NOT NULL,
	`value` integer NOT NULL,
	PRIMARY KEY(`store_id`, `scope`, `day`, `metric`)
);
--> statement-breakpoint
CREATE INDEX `metric_day_day` ON `metric_day` (`day`);--> statement-breakpoint
CREATE TABLE `metric_month` (
	`store_id` text NOT NULL,
	`scope` text NOT NULL,
	`day` integer NOT NULL,
	`metric` text NOT NULL,
	`value` integer NOT NULL,
	PRIMARY KEY(`store_id`, `scope`, `day`, `metric`)
);
--> statement-breakpoint
CREATE INDEX `metric_month_day` ON `metric_month` (`day`);--> statement-breakpoint
CREATE TABLE `op` (
	`store_id` text NOT NULL,
	`device_id` text NOT NULL,
	`n` integer NOT NULL,
	`op_id` text NOT NULL,
	`op` text NOT NULL,
	`effective_at` integer NOT NULL,
	`received_at` integer NOT NULL,
	`status` text NOT NULL,
	`reason` text,
	`detail` text,
	PRIMARY KEY(`store_id`, `device_id`, `n`)
);
--> statement-breakpoint
CREATE TABLE `op_seen` (
	`store_id` text NOT NULL,
	`op_id` text NOT NULL,
	`status` text NOT NULL,
	`reason` text,
	PRIMARY KEY(`store_id`, `op_id`)
);
--> statement-breakpoint
CREATE TABLE `part` (
	`store_id` text NOT NULL,
	`seq` integer NOT NULL,
	`no` integer NOT NULL,
	`epoch` text NOT NULL,
	`rows` integer NOT NULL,
	`customers` integer NOT NULL,
	`sha256` text NOT NULL,
	`size` integer NOT NULL,
	`data` blob NOT NULL,
	PRIMARY KEY(`store_id`, `seq`, `no`)
);
--> statement-breakpoint
CREATE TABLE `phone_directory` (
	`phone_hash` text NOT NULL,
	`store_id` text NOT NULL,
	`customer_id` text NOT NULL,
	PRIMARY KEY(`phone_hash`, `store_id`, `customer_id`)
);
--> statement-breakpoint
CREATE INDEX `phone_directory_customer` ON `phone_directory` (`store_id`,`customer_id`);--> statement-breakpoint
CREATE TABLE `quarantine` (
	`store_id` text NOT NULL,
	`op_id` text NOT NULL,
	`device_id` text NOT NULL,
	`n` integer NOT NULL,
	`op` text NOT NULL,
	`reason` text NOT NULL,
	`detail` text,
	`received_at` integer NOT NULL,
	`state` text NOT NULL,
	PRIMARY KEY(`store_id`, `op_id`)
);
--> statement-breakpoint
CREATE INDEX `quarantine_device` ON `quarantine` (`store_id`,`device_id`);--> statement-breakpoint
CREATE TABLE `region` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`name_en` text,
	`order` integer NOT NULL,
	`stamps` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `rollup_day` (
	`scope` text NOT NULL,
	`day` integer NOT NULL,
	`metric` text NOT NULL,
	`value` integer NOT NULL,
	PRIMARY KEY(`scope`, `day`, `metric`)
);
--> statement-breakpoint
CREATE INDEX `rollup_day_day` ON `rollup_day` (`day`,`metric`,`scope`,`value`);--> statement-breakpoint
CREATE TABLE `rollup_month` (
	`scope` text NOT NULL,
	`month` integer NOT NULL,
	`metric` text NOT NULL,
	`value` integer NOT NULL,
	PRIMARY KEY(`scope`, `month`, `metric`)
);
--> statement-breakpoint
CREATE INDEX `rollup_month_month` ON `rollup_month` (`month`,`metric`,`scope`,`value`);--> statement-breakpoint
CREATE TABLE `staff` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`role` text NOT NULL,
	`store_ids` text NOT NULL,
	`region_id` text,
	`state` text NOT NULL,
	`stamps` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `staff_pin` (
	`staff_id` text PRIMARY KEY NOT NULL,
	`salt` text NOT NULL,
	`iterations` integer NOT NULL,
	`hash` text NOT NULL,
	`set_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `store` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`name_en` text,
	`code` text,
	`type` text NOT NULL,
	`region_id` text,
	`format` text,
	`city` text,
	`zone` text NOT NULL,
	`cutoff_minutes` integer NOT NULL,
	`currency` text NOT NULL,
	`country` text NOT NULL,
	`hours` text,
	`opened_on` integer,
	`stamps` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `tag` (
	`id` text PRIMARY KEY NOT NULL,
	`group_id` text NOT NULL,
	`label` text NOT NULL,
	`label_en` text,
	`order` integer NOT NULL,
	`retired` integer NOT NULL,
	`stamps` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `tag_group` (
	`id` text PRIMARY KEY NOT NULL,
	`label` text NOT NULL,
	`label_en` text,
	`order` integer NOT NULL,
	`required` integer NOT NULL,
	`stamps` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `tagging` (
	`store_id` text NOT NULL,
	`customer_id` text NOT NULL,
	`dot` text NOT NULL,
	`tag_id` text NOT NULL,
	`at` integer NOT NULL,
	`source` text NOT NULL,
	`by` text NOT NULL,
	`off_at` integer,
	PRIMARY KEY(`store_id`, `customer_id`, `dot`)
);
--> statement-breakpoint
CREATE TABLE `visit` (
	`store_id` text NOT NULL,
	`id` text NOT NULL,
	`customer_id` text,
	`home_store_id` text,
	`count` integer NOT NULL,
	`purpose` text NOT NULL,
	`need` text,
	`spend_minor` integer,
	`items` integer,
	`note` text,
	`receipt` text,
	`at` integer NOT NULL,
	`day` integer NOT NULL,
	`actor_id` text NOT NULL,
	`void` integer NOT NULL,
	`stamps` text NOT NULL,
	PRIMARY KEY(`store_id`, `id`)
);
--> statement-breakpoint
CREATE INDEX `visit_customer_day` ON `visit` (`store_id`,`customer_id`,`day`);