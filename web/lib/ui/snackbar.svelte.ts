import { announce } from './announce.svelte.ts'

export interface SnackbarMessage {
  text: string
  /** Takes the act back. Its presence keeps the message for the whole undo window. */
  undo?: () => void
}

export const undoWindowMs = 8_000
const readingWindowMs = 4_000

let message = $state.raw<SnackbarMessage>()
let remainingMs = $state(0)

/** The message on screen and how long it stays. Reactive. */
export const snackbar = {
  get message() {
    return message
  },
  get remainingMs() {
    return remainingMs
  },
}

/** Shows one message; it takes the place of any other, whose act then stands. */
export function showSnackbar(next: SnackbarMessage): void {
  message = next
  remainingMs = next.undo ? undoWindowMs : readingWindowMs
  announce(next.text)
}

export function dismissSnackbar(): void {
  message = undefined
  remainingMs = 0
}

/** Lets time pass. The component calls it, and does not while a hand or the focus rests on it. */
export function passSnackbarTime(elapsedMs: number): void {
  remainingMs -= elapsedMs
  if (remainingMs <= 0) dismissSnackbar()
}

export function undoSnackbar(): void {
  const undo = message?.undo
  dismissSnackbar()
  undo?.()
}
