import { requireSession } from '#web/desk/session.ts'
import type { LayoutLoad } from './$types'

export const load: LayoutLoad = ({ fetch, url }) => requireSession(fetch, url, 'headquarters')
