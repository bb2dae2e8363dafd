// One shape per meaning, so that states stay apart without colour: on grey paper, in bright sun,
// and for eyes that do not tell green from red. Drawn on a 16-unit grid.

interface Shape {
  fill?: string
  line?: string
  dashed?: boolean
}

const ring = 'M8 2.2a5.8 5.8 0 1 0 0 11.6a5.8 5.8 0 0 0 0-11.6z'

const shapes = {
  check: { line: 'M3 8.6l3.3 3.3L13 5' },
  ring: { line: ring },
  dashed: { line: ring, dashed: true },
  quarter: { line: ring, fill: 'M8 4.4V8h3.6A3.6 3.6 0 0 0 8 4.4z' },
  clock: { line: `${ring}M8 5v3.2l2.2 1.4` },
  ban: { line: `${ring}M4 12L12 4` },
  circle: { fill: 'M8 3a5 5 0 1 0 0 10a5 5 0 0 0 0-10z' },
  triangle: { fill: 'M8 2.5l6 10.8H2z' },
  square: { fill: 'M3.2 3.2h9.6v9.6H3.2z' },
  diamond: { fill: 'M8 2l6 6-6 6-6-6z' },
  hatched: {
    line: 'M2.8 2.8h10.4v10.4H2.8zM2.8 6.5L6.5 2.8M2.8 10L10 2.8M3.2 13.2L13.2 3.2M6.2 13.2L13.2 6.2M9.7 13.2L13.2 9.7',
  },
  up: { line: 'M8 13V3.5M4 7.2l4-4 4 4' },
  down: { line: 'M8 3v9.5M4 8.8l4 4 4-4' },
  swap: { line: 'M2.5 5.5h10M9.8 2.8l2.7 2.7-2.7 2.7M13.5 10.5h-10M6.2 7.8L3.5 10.5l2.7 2.7' },
} satisfies Record<string, Shape>

export type StatusShape = keyof typeof shapes
export const statusShapes: Record<StatusShape, Shape> = shapes
export type StatusTone = 'neutral' | 'ok' | 'info' | 'warn' | 'bad' | 'unknown'
