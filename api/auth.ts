import type { Context } from 'hono'
import * as v from 'valibot'
import { actorOf } from '#sql/people.ts'
import type { Deps } from './deps.ts'
import { describeSession } from './desk.ts'
import { ApiError } from './errors.ts'
import { addressOf, countAttempt, readJson } from './guard.ts'
import { Limiter } from './limiter.ts'
import type { PublicEnv } from './request.ts'
import type { Route } from './route.ts'

const SignIn = v.object({
  email: v.pipe(v.string(), v.maxLength(254)),
  password: v.pipe(v.string(), v.maxLength(1024)),
})

const WINDOW_MS = 15 * 60_000
const TRIES_PER_ADDRESS_AND_ACCOUNT = 5
// Wide enough that an office behind one address may mistype, and that a stranger elsewhere cannot
// easily lock a person out by failing in their name. Whoever succeeds is not counted here.
const TRIES_PER_ADDRESS = 50
const TRIES_PER_ACCOUNT = 100

interface Limits {
  both: Limiter
  address: Limiter
  account: Limiter
}

/** How people at the desk come and go. */
export function authRoutes(deps: Deps): Route[] {
  const limits = {
    both: new Limiter(TRIES_PER_ADDRESS_AND_ACCOUNT, WINDOW_MS),
    address: new Limiter(TRIES_PER_ADDRESS, WINDOW_MS),
    account: new Limiter(TRIES_PER_ACCOUNT, WINDOW_MS),
  }
  return [
    {
      who: 'public',
      method: 'POST',
      path: '/api/auth/sign-in',
      handle: (c) => signIn(c, deps, limits),
    },
    { who: 'public', method: 'POST', path: '/api/auth/sign-out', handle: (c) => signOut(c, deps) },
  ]
}

async function signIn(c: Context<PublicEnv>, deps: Deps, limits: Limits): Promise<Response> {
  const { email, password } = await readJson(c, SignIn)
  const [address, account] = [addressOf(c, deps.trustsProxy), email.toLowerCase()]
  const both = `${address} ${account}`
  // Counted before the password is looked at, so that guesses made at once count as well.
  countAttempt(
    deps.clock(),
    [limits.both, both],
    [limits.address, address],
    [limits.account, account],
  )
  const signedIn = await deps.accounts.signIn(account, password)
  const actor = signedIn && (await actorOf(deps.ledger, signedIn.staff_id))
  if (!signedIn || !actor?.active) throw new ApiError('wrong-sign-in')
  limits.both.forget(both)
  limits.address.giveBack(address)
  limits.account.giveBack(account)
  setCookies(c, signedIn.cookies)
  return c.json(await describeSession(deps, { ...actor, email: account }))
}

/** Answers alike with and without a session: whoever wants to be out is out. */
async function signOut(c: Context<PublicEnv>, deps: Deps): Promise<Response> {
  setCookies(c, await deps.accounts.signOut(c.req.raw.headers))
  return c.json({})
}

function setCookies(c: Context<PublicEnv>, cookies: readonly string[]): void {
  for (const cookie of cookies) c.header('set-cookie', cookie, { append: true })
}
