import { isRetryable } from './errors.ts'

const TRIES = 6

/** Runs a whole transaction again after a deadlock or a lost connection. */
export async function retried<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1)
    try {
      return await run()
    } catch (error) {
      if (attempt >= TRIES || !isRetryable(error)) throw error
    }
}
