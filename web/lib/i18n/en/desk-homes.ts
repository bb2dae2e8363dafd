import type { homes as words } from '../zh/desk-homes.ts'

export const homes: typeof words = {
  nav: 'Homes',
  title: 'Confirm home stores',
  text: 'The last three visits of these customers were all away from home. Once confirmed they count for the new store from today on, and the past stays as it is. Whoever is kept is asked about again only after another visit elsewhere.',
  columns: {
    name: 'Customer',
    home: 'Home now',
    to: 'Proposed home',
    visits: 'Last three visits',
    chosen: 'Choose',
  },
  visit: (day, store) => `${day} ${store}`,
  choose: (name) => `Choose ${name}`,
  chooseAll: 'Choose all',
  chosen: (count) => `${count} chosen`,
  move: 'Move home',
  keep: 'Keep home',
  moved: (count) => `Moved: ${count}`,
  kept: (count) => `Kept at home: ${count}`,
  refused: (count) => `${count} not accepted: read the list again`,
  none: 'No home to confirm',
  noneText: 'Whoever visits other stores three times in a row is listed here.',
  more: (shown, total) => `${total} in all; the latest ${shown} are listed`,
}
