import { beforeEach, expect, test } from 'vitest'
import { announcement } from './announce.svelte.ts'
import {
  dismissSnackbar,
  passSnackbarTime,
  showSnackbar,
  snackbar,
  undoSnackbar,
  undoWindowMs,
} from './snackbar.svelte.ts'

// Undo takes the place of every confirmation, so its window must be as long as promised and its act
// must happen exactly once. What is not shown here: pausing under a hand, which needs a browser.

beforeEach(dismissSnackbar)

test('a message with an undo stays for the whole window and then goes', () => {
  showSnackbar({ text: 'Visit logged', undo: () => {} })
  passSnackbarTime(undoWindowMs - 1)
  expect(snackbar.message?.text).toBe('Visit logged')
  passSnackbarTime(1)
  expect(snackbar.message).toBeUndefined()
})

test('undo happens once, however often it is pressed', () => {
  let undone = 0
  showSnackbar({ text: 'Tag added', undo: () => (undone += 1) })
  undoSnackbar()
  undoSnackbar()
  expect(undone).toBe(1)
  expect(snackbar.message).toBeUndefined()
})

test('a new message takes the place of the one before, with its own undo and its own time', () => {
  const undone: string[] = []
  showSnackbar({ text: 'first', undo: () => undone.push('first') })
  passSnackbarTime(7_000)
  showSnackbar({ text: 'second', undo: () => undone.push('second') })
  passSnackbarTime(7_000)
  undoSnackbar()
  expect(undone).toEqual(['second'])
})

test('an undo that shows a message of its own does not lose it', () => {
  showSnackbar({ text: 'Visit logged', undo: () => showSnackbar({ text: 'Visit removed' }) })
  undoSnackbar()
  expect(snackbar.message?.text).toBe('Visit removed')
})

test('the same words twice are announced twice', () => {
  showSnackbar({ text: 'Copied' })
  const first = announcement()
  showSnackbar({ text: 'Copied' })
  expect(announcement().trim()).toBe('Copied')
  expect(announcement()).not.toBe(first)
})
