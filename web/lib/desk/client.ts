import * as v from 'valibot'
import { dayText } from '#model/calendar.ts'
import type { Period } from '#model/period.ts'
import type { DeskSession, HistoryReport, StoresReport } from '#model/report.ts'
import type { Grain } from './address.ts'
import type { HistoryRanges } from './history.ts'
import { type Fetch, read, write } from './request.ts'
import {
  DeskSessionShape,
  HistoryReportShape,
  SetupStateShape,
  StoresReportShape,
} from './shapes.ts'

// What a regional manager and headquarters read. Online only: nothing of it is kept on the machine.
// Every function throws DeskError.

const anything = v.unknown()

export interface Chain {
  chain_name: string
  zone: string
  currency: string
  country: string
  admin_name: string
  email: string
  password: string
}

export function isEmptyInstallation(get: Fetch): Promise<boolean> {
  return read(get, '/api/setup', SetupStateShape).then((state) => state.empty)
}

export async function setUpChain(get: Fetch, chain: Chain): Promise<void> {
  await write(get, '/api/setup', chain, anything)
}

export function signIn(get: Fetch, email: string, password: string): Promise<DeskSession> {
  return write(get, '/api/auth/sign-in', { email, password }, DeskSessionShape)
}

export async function signOut(get: Fetch): Promise<void> {
  await write(get, '/api/auth/sign-out', {}, anything)
}

export function getSession(get: Fetch): Promise<DeskSession> {
  return read(get, '/api/desk/me', DeskSessionShape)
}

export function getStores(get: Fetch, period: Period): Promise<StoresReport> {
  return read(
    get,
    `/api/desk/stores?${new URLSearchParams({ period: period.text })}`,
    StoresReportShape,
  )
}

/** The periods shown and those of a year earlier. Asked for apart: an answer has 60 at most. */
export async function getHistory(
  get: Fetch,
  scope: string,
  grain: Grain,
  ranges: HistoryRanges,
): Promise<HistoryReport> {
  const ask = ([from, to]: readonly [number, number]) => {
    const query = new URLSearchParams({ grain, from: dayText(from), to: dayText(to) })
    const path = `/api/desk/stores/${encodeURIComponent(scope)}/history?${query}`
    return read(get, path, HistoryReportShape)
  }
  const [now, before] = await Promise.all([ask(ranges.now), ask(ranges.yearBefore)])
  return { ...now, points: [...before.points, ...now.points] }
}
