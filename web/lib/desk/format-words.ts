import type { DeskMessages } from './words.ts'

/** A store's format in words: chains name formats freely, and only ours are translated. */
export function formatWords(format: string, say: DeskMessages['common']['storeFormats']): string {
  return Object.entries(say).find(([name]) => name === format)?.[1] ?? format
}
