import type { IconName } from './icon-paths.ts'

/** One entry of the main menu. */
export interface RailItem {
  href: string
  icon: IconName
  label: string
  /** A count that wants to be seen: `↑3`. `label` says it in words. */
  badge?: { text: string; label: string; tone?: 'neutral' | 'warn' | 'bad' }
}
