import { clerk } from './en/clerk.ts'
import { common } from './en/common.ts'
import { sync } from './en/sync.ts'
import type { Messages } from './zh.ts'

export const en = { common, sync, clerk } satisfies Messages
