import { ACTIVITY_DAYS } from '#model/activity-window.ts'
import { admin as adminEn } from '#web/i18n/en/admin.ts'
import { alerts as alertsEn } from '#web/i18n/en/desk-alerts.ts'
import { charts as chartsEn } from '#web/i18n/en/charts.ts'
import { customer as customerEn } from '#web/i18n/en/desk-customer.ts'
import { compare as compareEn } from '#web/i18n/en/desk-compare.ts'
import { desk as deskEn } from '#web/i18n/en/desk.ts'
import { duplicates as duplicatesEn } from '#web/i18n/en/desk-duplicates.ts'
import { files as filesEn } from '#web/i18n/en/desk-files.ts'
import { homes as homesEn } from '#web/i18n/en/desk-homes.ts'
import { deskDefinitions as definitionsEn } from '#web/i18n/en/desk-definitions.ts'
import { refused as refusedEn } from '#web/i18n/en/desk-refused.ts'
import { rhythm as rhythmEn } from '#web/i18n/en/desk-rhythm.ts'
import { sites as sitesEn } from '#web/i18n/en/desk-sites.ts'
import { score as scoreEn } from '#web/i18n/en/desk-score.ts'
import { deskStatement as statementEn } from '#web/i18n/en/desk-statement.ts'
import { metrics as metricsEn } from '#web/i18n/en/metrics.ts'
import { en } from '#web/i18n/en.ts'
import { locale } from '#web/i18n/index.svelte.ts'
import type { Locale } from '#web/i18n/locale.ts'
import { admin } from '#web/i18n/zh/admin.ts'
import { alerts } from '#web/i18n/zh/desk-alerts.ts'
import { charts } from '#web/i18n/zh/charts.ts'
import { customer } from '#web/i18n/zh/desk-customer.ts'
import { compare } from '#web/i18n/zh/desk-compare.ts'
import { desk } from '#web/i18n/zh/desk.ts'
import { duplicates } from '#web/i18n/zh/desk-duplicates.ts'
import { files } from '#web/i18n/zh/desk-files.ts'
import { homes } from '#web/i18n/zh/desk-homes.ts'
import { deskDefinitions as definitions } from '#web/i18n/zh/desk-definitions.ts'
import { refused } from '#web/i18n/zh/desk-refused.ts'
import { rhythm } from '#web/i18n/zh/desk-rhythm.ts'
import { sites } from '#web/i18n/zh/desk-sites.ts'
import { score } from '#web/i18n/zh/desk-score.ts'
import { deskStatement as statement } from '#web/i18n/zh/desk-statement.ts'
import { metrics } from '#web/i18n/zh/metrics.ts'
import { zh } from '#web/i18n/zh.ts'
import { activityDays, withActivityDays } from './activity-window.svelte.ts'

// The desk's own words are joined to those of everybody here and not in the common dictionary, so
// that a tablet does not download them.

export const deskZh = {
  ...{ ...zh, desk, admin, metrics, charts, compare, score, statement },
  ...{ alerts, customer, definitions, duplicates, files, homes, refused, rhythm, sites },
}
export type DeskMessages = typeof deskZh

const dictionaries: Record<Locale, DeskMessages> = {
  zh: deskZh,
  en: {
    ...en,
    desk: deskEn,
    admin: adminEn,
    alerts: alertsEn,
    customer: customerEn,
    metrics: metricsEn,
    charts: chartsEn,
    compare: compareEn,
    score: scoreEn,
    statement: statementEn,
    definitions: definitionsEn,
    duplicates: duplicatesEn,
    files: filesEn,
    homes: homesEn,
    refused: refusedEn,
    sites: sitesEn,
    rhythm: rhythmEn,
  },
}

const filled = new Map<string, DeskMessages>()

/** All messages of a language, which speak of an activity window of so many days. */
export function messagesIn(
  language: Locale,
  inForce: number = ACTIVITY_DAYS.standard,
): DeskMessages {
  const key = `${language} ${inForce}`
  let messages = filled.get(key)
  if (!messages) filled.set(key, (messages = withActivityDays(dictionaries[language], inForce)))
  return messages
}

/** All messages that the desk needs, in the language on screen. Reactive, as the common `t` is. */
export function t(): DeskMessages {
  return messagesIn(locale(), activityDays())
}
