import type { admin as source } from '../zh/admin.ts'

export const admin: typeof source = {
  nav: { people: 'People', devices: 'Devices', importing: 'Import' },
}
