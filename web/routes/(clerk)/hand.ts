// Which hand taps: the rail, the list and the pad stand on its side. It belongs to the tablet's
// place at the counter, so it is kept with the language and the theme, not with a person.
const KEY = 'regulars.hand'

export type Hand = 'right' | 'left'

export function hand(): Hand {
  return document.documentElement.dataset['hand'] === 'left' ? 'left' : 'right'
}

/** Takes up the choice made before. */
export function startHand(): void {
  if (localStorage.getItem(KEY) === 'left') document.documentElement.dataset['hand'] = 'left'
}

export function setHand(next: Hand): void {
  localStorage.setItem(KEY, next)
  if (next === 'left') document.documentElement.dataset['hand'] = 'left'
  else delete document.documentElement.dataset['hand']
}
