import { expect, test } from 'vitest'
import { limitsAt, overlap, placeLabels, within } from './funnel.ts'

const frame = { x: 0, y: 0, width: 400, height: 200 }
const anchor = (x: number, y: number) => ({ x, y, width: 60, height: 17 })

test('limits between two sizes lie on the line between them, and beyond the ends stay', () => {
  const ends = { low: [0, 0.2], high: [1, 0.4] }
  expect(limitsAt(150, [100, 200], ends)).toEqual({ min: 0.1, max: 0.7 })
  expect(limitsAt(100, [100, 200], ends)).toEqual({ min: 0, max: 1 })
  expect(limitsAt(10, [100, 200], ends)).toEqual({ min: 0, max: 1 })
  expect(limitsAt(900, [100, 200], ends)).toEqual({ min: 0.2, max: 0.4 })
  expect(limitsAt(5, [], { low: [], high: [] })).toBeUndefined()
})

test('a limit that cannot be is a gap', () => {
  expect(within([-0.1, 0.2, Number.NaN], { min: 0, max: 1 })).toEqual([null, 0.2, null])
})

test('a lone label stands beside its point, on the side that has room', () => {
  const [right] = placeLabels([anchor(100, 100)], frame)
  expect(right?.x).toBeGreaterThan(100)
  const [left] = placeLabels([anchor(390, 100)], frame)
  expect((left?.x ?? 0) + 60).toBeLessThan(390)
  expect(left?.lead).toBe(false)
})

test('labels touch neither each other nor a labelled point, nor leave the frame', () => {
  const anchors = Array.from({ length: 14 }, (_, at) => {
    return anchor(60 + ((at * 47) % 260), 70 + ((at * 31) % 60))
  })
  const boxes = placeLabels(anchors, frame).filter((box) => box !== null)
  expect(boxes.length).toBeGreaterThan(6)
  boxes.forEach((box, at) => {
    expect(overlap(box, frame)).toBeCloseTo(60 * 17)
    for (const other of boxes.slice(at + 1)) expect(overlap(box, other)).toBe(0)
    for (const { x, y } of anchors) {
      expect(overlap(box, { x: x - 5, y: y - 5, width: 10, height: 10 })).toBe(0)
    }
  })
})

test('where there is no room the later labels give way', () => {
  const crowd = Array.from({ length: 60 }, () => anchor(200, 100))
  const boxes = placeLabels(crowd, frame)
  expect(boxes[0]).not.toBeNull()
  expect(boxes[59]).toBeNull()
})

test('a label avoids points without one when it can', () => {
  const others = [80, 90, 100, 110, 120].map((y) => ({ x: 140, y }))
  const [box] = placeLabels([anchor(100, 100)], frame, others)
  expect(box && others.some(({ x, y }) => overlap(box, { x, y, width: 1, height: 1 }) > 0)).toBe(
    false,
  )
})
