import type { OpenNews } from './live-fleet.svelte.ts'

/**
 * The server's stream of news about the fleet. The browser opens it again by itself; where it
 * cannot be had, the page still reads every few seconds.
 */
export const openNews: OpenNews = (onNews) => {
  const stream = new EventSource('/api/desk/poke')
  stream.onmessage = onNews
  return () => stream.close()
}
