import { on } from 'svelte/events'
import { nextMark } from './marks.ts'

/**
 * One stop of the Tab key for a whole chart: arrow keys go from mark to mark inside it. Marks are
 * the elements with `data-mark`, in the order of the document; a link among them is followed with
 * Enter, as any link.
 */
export class Roving {
  #at = $state(0)
  #count: () => number
  #columns: () => number

  /** `count` marks in rows of `columns`; both may change with the data. */
  constructor(count: () => number, columns: () => number = () => 1) {
    this.#count = count
    this.#columns = columns
  }

  tabindex(index: number): 0 | -1 {
    return index === Math.min(this.#at, this.#count() - 1) ? 0 : -1
  }

  /** To be attached to the element around the marks. */
  readonly keys = (around: Element): (() => void) => {
    const marks = () => [...around.querySelectorAll<HTMLElement | SVGElement>('[data-mark]')]
    const holding = (target: EventTarget | null) =>
      marks().findIndex((mark) => target instanceof Node && mark.contains(target))
    const stops = [
      on(around, 'focusin', ({ target }) => {
        const at = holding(target)
        if (at >= 0) this.#at = at
      }),
      on(around, 'keydown', (event) => {
        if (!(event instanceof KeyboardEvent) || event.altKey || event.ctrlKey || event.metaKey)
          return
        const at = holding(event.target)
        const next = at < 0 ? undefined : nextMark(event.key, at, this.#count(), this.#columns())
        if (next === undefined) return
        event.preventDefault()
        marks()[next]?.focus()
      }),
    ]
    return () => stops.forEach((stop) => stop())
  }
}
