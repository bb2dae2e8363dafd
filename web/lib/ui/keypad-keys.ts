export const digitKeys = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const

export type KeypadKey = (typeof digitKeys)[number] | '0' | 'clear' | 'backspace'

const digits = new Set<string>([...digitKeys, '0'])

function isDigit(key: string): key is KeypadKey {
  return digits.has(key)
}

/** Which of the twelve keys a key of a keyboard stands for, if any. */
export function readKeyboardKey(key: string): KeypadKey | undefined {
  if (isDigit(key)) return key
  if (key === 'Backspace') return 'backspace'
  if (key === 'Delete' || key === 'Escape') return 'clear'
  return undefined
}

/** What has been typed after one more key, never longer than `limit` digits. */
export function typeKey(typed: string, key: KeypadKey, limit: number): string {
  if (key === 'clear') return ''
  if (key === 'backspace') return typed.slice(0, -1)
  return typed.length < limit ? typed + key : typed
}
