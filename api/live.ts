import { Admission } from './admission.ts'
import { Pokes } from './pokes.ts'

/** What the server holds in memory between requests: who is at work, who waits, who listens. */
export interface Live {
  admission: Admission
  pokes: Pokes
}

export interface LiveSettings {
  syncsAtWork: number
  syncsWaiting: number
  pokesMax: number
}

export const LIVE_DEFAULTS: LiveSettings = {
  syncsAtWork: 16,
  syncsWaiting: 1_000,
  pokesMax: 20_000,
}

export function makeLive(settings: LiveSettings, random: () => number = Math.random): Live {
  return {
    admission: new Admission({
      atWork: settings.syncsAtWork,
      waiting: settings.syncsWaiting,
      random,
    }),
    pokes: new Pokes({ max: settings.pokesMax, random }),
  }
}
