import { createContext } from 'svelte'
import type { LiveFleet } from '#web/desk/live-fleet.svelte.ts'

/** The one live fleet of the dashboard's pages. */
export const [getFleet, setFleet] = createContext<LiveFleet>()
