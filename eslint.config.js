// Few rules, each against a fault that types and format do not catch.
import { fileURLToPath } from 'node:url'
import svelte from 'eslint-plugin-svelte'
import globals from 'globals'
import tseslint from 'typescript-eslint'

const root = fileURLToPath(new URL('.', import.meta.url))
const TESTS = ['**/*.test.ts', '**/*.spec.ts', 'web/e2e/**']
const CONFIGS = ['*.config.{js,ts}', 'db/*.config.ts', 'web/e2e/*.config.ts']

const NO_DEFAULT = {
  selector: 'ExportDefaultDeclaration',
  message: 'Name the export: a default one gets another name in every file that imports it.',
}
const NO_BARREL = {
  selector: 'ExportAllDeclaration',
  message: 'Import from the file that defines it: a barrel hides where things are.',
}
const NO_CLOCK = [
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: 'The model knows no clock: take the time as a parameter.',
  },
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'The model knows no clock: take the time as a parameter.',
  },
  {
    selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
    message: 'The model knows no chance: take ids and random numbers as parameters.',
  },
]

// A page is not TypeScript as it lies there, so asking for its types loads the whole program anew
// for each: a minute in all. `npm test` leaves those questions to `npm run check` and to commits.
const PAGES_WITHOUT_TYPES = {
  files: ['**/*.svelte'],
  extends: [tseslint.configs.disableTypeChecked],
  languageOptions: { parserOptions: { parser: tseslint.parser, project: null } },
}

export default tseslint.config(
  {
    ignores: ['.svelte-kit/', 'build/', 'data/', 'test-results/', 'db/migrations/', 'web/static/'],
  },
  tseslint.configs.recommended,
  svelte.configs.recommended,
  {
    languageOptions: {
      globals: { ...globals.browser, ...globals.node },
      parserOptions: {
        project: ['./tsconfig.json'],
        tsconfigRootDir: root,
        extraFileExtensions: ['.svelte'],
      },
    },
    rules: {
      eqeqeq: 'error',
      'no-async-promise-executor': 'error',
      'no-constant-condition': 'error',
      'no-control-regex': 'error',
      // An empty catch hides a fault; a sentence that says why it is safe makes it not empty.
      'no-empty': 'error',
      'no-fallthrough': 'error',
      'no-irregular-whitespace': 'error',
      'no-loss-of-precision': 'error',
      'no-misleading-character-class': 'error',
      'no-self-assign': 'error',
      'no-self-compare': 'error',
      'no-unsafe-finally': 'error',
      'no-unsafe-optional-chaining': 'error',
      'no-useless-catch': 'error',
      'no-useless-escape': 'error',
      // TypeScript knows the names that exist.
      'no-undef': 'off',
      'no-restricted-syntax': ['error', NO_DEFAULT, NO_BARREL],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none' },
      ],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
    rules: {
      // Links are to our own routes below no base path.
      'svelte/no-navigation-without-resolve': 'off',
    },
  },
  process.env.QUICK_LINT ? PAGES_WITHOUT_TYPES : {},
  {
    // Its types are checked with the worker's libraries, apart from those of the pages.
    files: ['web/service-worker.ts'],
    languageOptions: { parserOptions: { project: ['./web/tsconfig.worker.json'] } },
  },
  {
    files: ['web/**', 'api/**', 'db/**'],
    ignores: TESTS,
    rules: { 'no-console': 'error' },
  },
  {
    files: ['db/model/**'],
    ignores: TESTS,
    rules: { 'no-restricted-syntax': ['error', NO_DEFAULT, NO_BARREL, ...NO_CLOCK] },
  },
  { files: CONFIGS, rules: { 'no-restricted-syntax': 'off' } },
  {
    // The wrapper runs on Nodes too old for types.
    files: ['**/*.mjs'],
    extends: [tseslint.configs.disableTypeChecked],
  },
)
