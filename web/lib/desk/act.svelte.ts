import type { DeskMessages } from './words.ts'
import { RefusedWrite } from './admin-client.ts'
import { reasonWords } from './refusal-words.ts'
import { DeskError, troubleWords } from './trouble.ts'

/** Why a write failed, in words; a bug of ours is thrown on. */
export function failureWords(failure: unknown, say: DeskMessages): string {
  if (failure instanceof RefusedWrite) {
    return say.admin.notAccepted(reasonWords(failure.result, say.desk.sync.reasons))
  }
  if (!(failure instanceof DeskError)) throw failure
  if (failure.problem === 'weak-pin') return say.admin.faults.weakPin
  if (failure.problem === 'email-taken') return say.admin.faults.emailTaken
  return troubleWords(failure, say.desk.trouble)
}

/** One write from one form: under way, or failed with what it threw. */
export class Act {
  busy = $state(false)
  failure = $state.raw<unknown>()

  /** Whether it went well. A second press while it runs does nothing. */
  async run(write: () => Promise<void>): Promise<boolean> {
    if (this.busy) return false
    this.busy = true
    this.failure = undefined
    try {
      await write()
      return true
    } catch (failure) {
      if (!(failure instanceof DeskError || failure instanceof RefusedWrite)) throw failure
      this.failure = failure
      return false
    } finally {
      this.busy = false
    }
  }
}
