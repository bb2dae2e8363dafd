import { isHeadquarters } from '#model/access.ts'
import type { Role } from '#model/staff.ts'
import type { IconName } from '#web/ui/icon-paths.ts'
import type { RailItem } from '#web/ui/rail-item.ts'
import type { DeskMessages } from './words.ts'

// The desk's main menu: few groups, by what one comes for, each with its pages.

export interface MenuGroup {
  id: string
  label: string
  icon: IconName
  items: readonly RailItem[]
}

/** The groups that a role may open, none of them empty. */
export function menuOf(role: Role, say: DeskMessages): MenuGroup[] {
  const { nav } = say.desk
  const page = (href: string, icon: IconName, label: string): RailItem => ({ href, icon, label })
  const sync = page('/desk/sync', 'sync', nav.sync)
  const glossary = page('/desk/definitions', 'help', say.definitions.nav)
  const admin = page('/admin', 'settings', nav.admin)
  return [
    {
      ...{ id: 'today', label: nav.today, icon: 'clock' },
      items: [
        page('/desk/alerts', 'warn', say.alerts.nav),
        page('/desk/monday', 'calendar', say.alerts.monday.nav),
      ],
    },
    {
      ...{ id: 'figures', label: nav.figures, icon: 'table' },
      items: [
        page('/desk/stores', 'store', nav.stores),
        page('/desk/statement', 'ledger', say.statement.nav),
        page('/desk/score', 'chart', say.score.nav),
      ],
    },
    {
      ...{ id: 'people', label: nav.people, icon: 'people' },
      items: [
        page('/desk/homes', 'people', say.homes.nav),
        page('/desk/sites', 'globe', say.sites.nav),
      ],
    },
    { id: 'sync', label: nav.sync, icon: 'sync', items: [sync] },
    {
      ...{ id: 'more', label: nav.more, icon: 'menu' },
      items: isHeadquarters(role) ? [glossary, admin] : [glossary],
    },
  ]
}

/** The page of the menu that an address belongs to: the longest address that leads there. */
export function currentHref(groups: readonly MenuGroup[], path: string): string | undefined {
  return groups
    .flatMap(({ items }) => items.map(({ href }) => href))
    .filter((href) => path === href || path.startsWith(`${href}/`))
    .sort((a, b) => b.length - a.length)[0]
}
