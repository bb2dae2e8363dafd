// Loaded before everything else, it takes the figures out of a push: folds come to nothing, so none
// is computed and none is written. Facts, history and feeds stay as they are.
import { registerHooks } from 'node:module'

const FOLDS = '/db/model/fold.ts'
const REAL = '?real'

registerHooks({
  load: (url, context, next) => {
    if (!url.endsWith(FOLDS)) return next(url, context)
    const source = `
      export * from ${JSON.stringify(url + REAL)}
      export const foldChange = () => ({ books: new Map(), movements: [] })
      export const foldHistoryRow = () => new Map()
      export const foldTally = () => new Map()`
    return { format: 'module', source, shortCircuit: true }
  },
})
