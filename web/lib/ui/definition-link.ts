import { getContext, setContext } from 'svelte'

/** Where more is said about a figure, and how the way there is called. */
export interface DefinitionLink {
  href: string
  label: string
}

/** Finds it by the figure's name on screen, or by the name that the page gives the figure. */
export type FindDefinition = (name: string, topic: string | undefined) => DefinitionLink | null

const key = Symbol('definitions')

/** For all notes below the component that calls it. */
export function setDefinitionLinks(find: FindDefinition): void {
  setContext(key, find)
}

/** A way to more for a note; nothing of the kind is known where no page has set it. */
export function getDefinitionLinks(): FindDefinition {
  return getContext<FindDefinition | undefined>(key) ?? (() => null)
}
