// Line icons on a 24-unit grid, drawn for this product: one stroke, round ends, no fill. Each is
// the `d` of a single path; a dot is a line of no length, which a round cap draws.
const circle = 'M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18z'

export const iconPaths = {
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13zM15.2 15.2L20 20',
  scan: 'M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M8 9v6M12 9v6M16 9v6',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  close: 'M6 6l12 12M18 6L6 18',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  back: 'M15 5l-7 7 7 7',
  forward: 'M9 5l7 7-7 7',
  down: 'M5 9l7 7 7-7',
  up: 'M5 15l7-7 7 7',
  'arrow-up': 'M12 19V5M6 11l6-6 6 6',
  'arrow-down': 'M12 5v14M6 13l6 6 6-6',
  sort: 'M8 10l4-4 4 4M8 14l4 4 4-4',
  backspace: 'M8.5 6H20v12H8.5L3.5 12zM11.5 9.5l5 5M16.5 9.5l-5 5',
  undo: 'M4 4v5h5M4.6 9A8 8 0 1 1 4 13',
  more: 'M6 12v.01M12 12v.01M18 12v.01',
  menu: 'M4 7h16M4 12h16M4 17h16',
  filter: 'M4 6h16M7 12h10M10 18h4',
  settings:
    'M4 7h9M17.5 7H20M15.2 4.8v4.4M4 12h2.5M11 12h9M8.8 9.8v4.4M4 17h9M17.5 17H20M15.2 14.8v4.4',
  person: 'M12 4a4 4 0 1 0 0 8a4 4 0 0 0 0-8zM4.5 20.5c.8-3.6 3.8-5.5 7.5-5.5s6.7 1.9 7.5 5.5',
  people:
    'M9 5a3.5 3.5 0 1 0 0 7a3.5 3.5 0 0 0 0-7zM2.5 19.5c.6-3.2 3.2-5 6.5-5s5.9 1.8 6.5 5' +
    'M16 5.4a3.5 3.5 0 0 1 0 6.2M18 14.9c1.9.8 3.1 2.4 3.5 4.6',
  store:
    'M4.5 12.3V20h15v-7.7M3 9.5L5 4h14l2 5.5a3 3 0 0 1-6 0a3 3 0 0 1-6 0a3 3 0 0 1-6 0z' +
    'M10 20v-4.5h4V20',
  visit: 'M13 4h6.5v16H13M3.5 12h11M10.5 8l4 4-4 4',
  tally: 'M6 5v14M10 5v14M14 5v14M18 5v14M3 16.5l18-9',
  tag: 'M3.5 11.5v-8h8l9 9-8 8zM7.8 7.8v.01',
  phone:
    'M5 4h4l1.5 4.5L8 10.5a13 13 0 0 0 5.5 5.5l2-2.5L20 15v4c0 .6-.4 1-1 1C11 20 4 13 4 5c0-.6.4-1 1-1z',
  card: 'M3 6h18v12H3zM3 10h18M6.5 14.5h4',
  mail: 'M3 6h18v12H3zM3.5 6.5L12 13l8.5-6.5',
  calendar: 'M4 6h16v14H4zM4 10.5h16M8.5 3.5V8M15.5 3.5V8',
  clock: `${circle}M12 7v5l3.5 2`,
  note: 'M6 3.5h8.5l4 4v13H6zM14 3.5V8h4.5M9.2 12h6M9.2 16h6',
  ledger:
    'M5 18.5V5.5A1.5 1.5 0 0 1 6.5 4H19v16H6.5A1.5 1.5 0 0 1 5 18.5zM5 18A1.5 1.5 0 0 1 6.5 16.5H19' +
    'M9 8h6M9 11.5h6',
  table: 'M4 5h16v14H4zM4 10h16M4 14.5h16M10 10v9',
  chart: 'M4 4v16h16M8 15.5l3.5-4.5 3 2.5L19 8',
  tablet: 'M6 3h12v18H6zM11 18h2',
  sync: 'M4 12a8 8 0 0 1 13.7-5.6L20 8.5M20 4v4.5h-4.5M20 12a8 8 0 0 1-13.7 5.6L4 15.5M4 20v-4.5h4.5',
  offline:
    'M9.2 6.6A6 6 0 0 1 17.8 10.1A4 4 0 0 1 19.5 17M16.5 18H7A4.2 4.2 0 0 1 6.2 9.7M4 4l16 16',
  warn: 'M12 4l9 16H3zM12 10v4.5M12 17.2v.01',
  info: `${circle}M12 11v5.5M12 7.8v.01`,
  help: `${circle}M9.5 9.7a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.8M12 16.8v.01`,
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  eye:
    'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z' +
    'M12 9a3 3 0 1 0 0 6a3 3 0 0 0 0-6z',
  edit: 'M4 20l1-4.5L16 4.5 19.5 8l-11 11zM13.5 7l3.5 3.5',
  copy: 'M8 8h12v12H8zM16 8V4H4v12h4',
  trash: 'M4.5 7h15M9 7V4h6v3M6.5 7l1 13h9l1-13',
  download: 'M12 4v11.5M7.5 11l4.5 4.5 4.5-4.5M4.5 20h15',
  upload: 'M12 16V4.5M7.5 9L12 4.5 16.5 9M4.5 20h15',
  rule: 'M5 4h5v5H5zM14 15h5v5h-5zM10 6.5h3.5a3 3 0 0 1 3 3V15',
  globe: `${circle}M3 12h18M12 3c3.3 3.3 3.3 14.7 0 18M12 3c-3.3 3.3-3.3 14.7 0 18`,
  moon: 'M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z',
  sun:
    'M12 8a4 4 0 1 0 0 8a4 4 0 0 0 0-8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2' +
    'M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4',
  'sign-out': 'M11 4H4.5v16H11M9.5 12h11M16.5 8l4 4-4 4',
} as const

export type IconName = keyof typeof iconPaths
