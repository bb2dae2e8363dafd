import type { PageLoad } from './$types'

/** Nothing is fetched: definitions are part of the program that counts by them. */
export const load: PageLoad = () => ({})
