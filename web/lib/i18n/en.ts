import { admin } from './en/admin.ts'
import { clerk } from './en/clerk.ts'
import { common } from './en/common.ts'
import { desk } from './en/desk.ts'
import { metrics } from './en/metrics.ts'
import { sync } from './en/sync.ts'
import type { Messages } from './zh.ts'

export const en = { common, sync, clerk, desk, admin, metrics } satisfies Messages
