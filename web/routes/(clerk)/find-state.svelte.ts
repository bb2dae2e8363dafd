import { digitsOf } from '#model/phone.ts'

export type FindMode = 'number' | 'text'

let mode = $state<FindMode>('number')
let digits = $state('')
let text = $state('')

/** What is being looked for. It outlives the screen, so that coming back shows the same answers. */
export const find = {
  get mode() {
    return mode
  },
  set mode(next: FindMode) {
    // What was typed moves along where it makes sense on the other side.
    if (next === 'text' && text === '') text = digits
    if (next === 'number' && /^[\d\s-]+$/.test(text)) digits = digitsOf(text)
    mode = next
  },
  get digits() {
    return digits
  },
  set digits(next: string) {
    digits = next
  },
  get text() {
    return text
  },
  set text(next: string) {
    text = next
  },
  get input() {
    return mode === 'number' ? digits : text
  },
  reset() {
    mode = 'number'
    digits = ''
    text = ''
  },
}
