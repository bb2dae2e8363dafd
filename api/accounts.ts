import { type BetterAuthOptions, betterAuth } from 'better-auth'
import { isAPIError } from 'better-auth/api'
import { must } from '#model/assert.ts'
import type { AccountDatabase } from './account-database.ts'
import { ApiError } from './errors.ts'

// Sign-in of the desk, behind a port of our own. The library's router is never mounted, so none of
// its endpoints can be reached: an account is made by an administrator or at first run, or not.

export const PASSWORD_MIN_CHARS = 10
export const PASSWORD_MAX_CHARS = 128
const SESSION_SECONDS = 12 * 3600 // A shift; it is not prolonged by use.

export interface AccountRow {
  staff_id: string
  email: string
  created_at: number
}

export interface NewAccount {
  staff_id: string
  email: string
  password: string
}

export interface Accounts {
  /** Null when e-mail and password do not fit. `cookies` are values of set-cookie. */
  signIn(email: string, password: string): Promise<{ staff_id: string; cookies: string[] } | null>
  /** Ends the session of the headers' cookie, and gives the cookies that forget it. */
  signOut(headers: Headers): Promise<string[]>
  sessionOf(headers: Headers): Promise<{ staff_id: string; email: string } | null>
  /** Throws ApiError `email-taken` when the e-mail or the person has an account. */
  createAccount(account: NewAccount): Promise<void>
  /** Gives an account another e-mail and password, and ends its sessions. False: no account. */
  changeAccount(account: NewAccount): Promise<boolean>
  listAccounts(): Promise<AccountRow[]>
  /** Rejects when the database does not answer. */
  ping(): Promise<void>
  close(): Promise<void>
}

export interface AccountSettings {
  secret: string
  publicOrigin: string | null
  isHttps: boolean
}

function optionsOf(database: AccountDatabase, settings: AccountSettings) {
  return {
    database: database.handle,
    secret: settings.secret,
    baseURL: settings.publicOrigin ?? 'http://localhost',
    telemetry: { enabled: false },
    logger: { disabled: true }, // Its lines would hold e-mail addresses.
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: PASSWORD_MIN_CHARS,
      maxPasswordLength: PASSWORD_MAX_CHARS,
    },
    user: {
      additionalFields: {
        staff_id: { type: 'string', required: true, input: false, unique: true },
      },
    },
    session: { expiresIn: SESSION_SECONDS, disableSessionRefresh: true },
    advanced: {
      cookiePrefix: 'regulars',
      useSecureCookies: settings.isHttps,
      defaultCookieAttributes: { httpOnly: true, sameSite: 'strict' },
    },
  } as const satisfies BetterAuthOptions
}

type Auth = ReturnType<typeof makeAuth>

function makeAuth(database: AccountDatabase, settings: AccountSettings) {
  return betterAuth(optionsOf(database, settings))
}

/** Opens the accounts and brings their tables up to date. */
export async function openAccounts(
  database: AccountDatabase,
  settings: AccountSettings,
): Promise<Accounts> {
  const auth = makeAuth(database, settings)
  await (await auth.$context).runMigrations()
  return {
    signIn: (email, password) => signIn(auth, email, password),
    signOut: async (headers) => {
      const { headers: answered } = await auth.api.signOut({ headers, returnHeaders: true })
      return answered.getSetCookie()
    },
    sessionOf: async (headers) => {
      const found = await auth.api.getSession({ headers })
      return found ? { staff_id: found.user.staff_id, email: found.user.email } : null
    },
    createAccount: (account) => createAccount(auth, account),
    changeAccount: (account) => changeAccount(auth, account),
    listAccounts: () => listAccounts(auth),
    ping: async () => {
      await findUser(auth, 'staff_id', '')
    },
    close: () => database.close(),
  }
}

async function signIn(auth: Auth, email: string, password: string) {
  try {
    const { headers, response } = await auth.api.signInEmail({
      body: { email, password },
      returnHeaders: true,
    })
    const user = must(await findUser(auth, 'email', response.user.email), 'a user just signed in')
    return { staff_id: user.staff_id, cookies: headers.getSetCookie() }
  } catch (error) {
    if (isAPIError(error) && error.statusCode < 500) return null
    throw error
  }
}

interface UserRow {
  id: string
  email: string
  staff_id: string
  createdAt: Date
}

async function findUser(auth: Auth, field: 'email' | 'staff_id', value: string) {
  const { adapter } = await auth.$context
  return adapter.findOne<UserRow>({ model: 'user', where: [{ field, value }] })
}

async function createAccount(auth: Auth, { staff_id, email, password }: NewAccount) {
  const { internalAdapter, password: hasher } = await auth.$context
  const address = email.toLowerCase()
  const known =
    (await findUser(auth, 'email', address)) ?? (await findUser(auth, 'staff_id', staff_id))
  if (known) throw new ApiError('email-taken')
  const hash = await hasher.hash(password)
  // The person's name stands in the chain's records and is not kept a second time.
  const user = await internalAdapter.createUser(
    { email: address, name: staff_id, staff_id, emailVerified: true },
    { method: 'admin' },
  )
  await keepPassword(auth, user.id, hash)
}

async function changeAccount(auth: Auth, { staff_id, email, password }: NewAccount) {
  const { internalAdapter, password: hasher } = await auth.$context
  const user = await findUser(auth, 'staff_id', staff_id)
  if (!user) return false
  const address = email.toLowerCase()
  const owner = await findUser(auth, 'email', address)
  if (owner && owner.id !== user.id) throw new ApiError('email-taken')
  const hash = await hasher.hash(password)
  await internalAdapter.updateUser(user.id, { email: address })
  await keepPassword(auth, user.id, hash)
  await internalAdapter.deleteUserSessions(user.id)
  return true
}

/** Also mends an account whose making was cut off before its password was kept. */
async function keepPassword(auth: Auth, userId: string, hash: string) {
  const { internalAdapter } = await auth.$context
  const known = await internalAdapter.findAccounts(userId)
  if (known.some((account) => account.providerId === 'credential'))
    return internalAdapter.updatePassword(userId, hash)
  const credential = { userId, providerId: 'credential', accountId: userId, password: hash }
  await internalAdapter.linkAccount(credential)
}

async function listAccounts(auth: Auth): Promise<AccountRow[]> {
  const { adapter } = await auth.$context
  const users = await adapter.findMany<UserRow>({ model: 'user', limit: 10_000 })
  return users.map(({ staff_id, email, createdAt }) => ({
    staff_id,
    email,
    created_at: new Date(createdAt).getTime(),
  }))
}
