import type { Local } from '#web/local/database.ts'
import { dropDraft, getDraft, saveDraft } from '#web/local/drafts.ts'

const SAVE_AFTER_MS = 400

/**
 * Keeps what somebody is typing, so that a lock, a reload or a change of clerk loses none of it. A
 * draft that cannot be kept is no reason to stop anybody from typing: faults are left unsaid.
 */
export class DraftKeeper {
  readonly #local: Local
  readonly #key: string
  #timer: ReturnType<typeof setTimeout> | undefined
  #pending: { value: unknown } | null = null

  /** The key begins with the clerk's id: a draft is shown to nobody else. */
  constructor(local: Local, actorId: string, form: string) {
    this.#local = local
    this.#key = `${actorId} ${form}`
  }

  async read(): Promise<unknown> {
    return getDraft(this.#local, this.#key).catch(() => undefined)
  }

  /** Keeps a value once the hand rests. */
  keep(value: unknown): void {
    this.#pending = { value }
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.flush(), SAVE_AFTER_MS)
  }

  /** Writes at once what waits to be kept, as when the form goes away. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer)
    const pending = this.#pending
    this.#pending = null
    if (pending) await saveDraft(this.#local, this.#key, pending.value).catch(() => undefined)
  }

  async drop(): Promise<void> {
    clearTimeout(this.#timer)
    this.#pending = null
    await dropDraft(this.#local, this.#key).catch(() => undefined)
  }
}
