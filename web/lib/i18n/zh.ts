import { clerk } from './zh/clerk.ts'
import { common } from './zh/common.ts'
import { sync } from './zh/sync.ts'

export const zh = { common, sync, clerk }

/** The shape of every dictionary. A message is a text, or a function of its parts to a text. */
export type Messages = typeof zh
