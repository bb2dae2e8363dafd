import { textWidthPx } from '#web/ui/chart-scale.ts'

/** About how wide a text is at a size. */
export function widthOf(text: string, fontPx: number): number {
  return (textWidthPx(text) * fontPx) / 13
}

/** The text, cut with an ellipsis when it is wider than the room there is. */
export function fitText(text: string, roomPx: number, fontPx: number): string {
  if (widthOf(text, fontPx) <= roomPx) return text
  const signs = [...text]
  while (signs.length > 1 && widthOf(`${signs.join('').trimEnd()}…`, fontPx) > roomPx) signs.pop()
  return `${signs.join('').trimEnd()}…`
}
