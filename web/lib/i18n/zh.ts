import { admin } from './zh/admin.ts'
import { clerk } from './zh/clerk.ts'
import { common } from './zh/common.ts'
import { desk } from './zh/desk.ts'
import { metrics } from './zh/metrics.ts'
import { sync } from './zh/sync.ts'

export const zh = { common, sync, clerk, desk, admin, metrics }

/** The shape of every dictionary. A message is a text, or a function of its parts to a text. */
export type Messages = typeof zh
