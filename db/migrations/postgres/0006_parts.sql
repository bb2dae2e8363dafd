ALTER TABLE "part" ADD COLUMN "format" text NOT NULL DEFAULT 'rows';--> statement-breakpoint
ALTER TABLE "part" ALTER COLUMN "format" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "part" DROP CONSTRAINT "part_store_id_seq_no_pk";--> statement-breakpoint
ALTER TABLE "part" ADD CONSTRAINT "part_store_id_format_seq_no_pk" PRIMARY KEY("store_id","format","seq","no");
