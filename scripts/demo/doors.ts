import { randomBytes, randomInt } from 'node:crypto'
import type { Accounts } from '#api/accounts.ts'
import { hashPin, isWeakPin } from '#api/pins.ts'
import { hashCode, makeCode } from '#api/tokens.ts'
import { must } from '#model/assert.ts'
import { createEnrolment } from '#sql/devices.ts'
import type { Ledger } from '#sql/ledger.ts'
import { setPin } from '#sql/people.ts'
import type { DemoChain, DemoPerson } from './chain.ts'
import { REGIONS } from './chain.data.ts'

// How people get into the demo: desk accounts, one PIN for all clerks, and a code for tablets.

export interface DeskDoor {
  name: string
  email: string
  password: string
}

export interface Doors {
  headquarters: DeskDoor
  regional: DeskDoor[]
  admin: DeskDoor
  pin: string
  /** The store that the demo's tablet is enrolled for, and one clerk of it. */
  store: { id: string; name: string }
  clerk: string
  /** In whose name codes are given out. */
  admin_id: string
}

const PASSWORD_BYTES = 9
const REGIONAL_MAILBOXES = ['east', 'south', 'north']
const HEADQUARTERS = '总部'
const CODE_USES = 20
const CODE_LASTS_MS = 24 * 3_600_000

async function openDeskDoor(
  accounts: Accounts,
  person: DemoPerson,
  mailbox: string,
  place: string,
): Promise<DeskDoor> {
  const email = `${mailbox}@qinghe.example`
  const password = randomBytes(PASSWORD_BYTES).toString('base64url')
  await accounts.createAccount({ staff_id: person.id, email, password })
  return { name: `${person.name}, ${place}`, email, password }
}

function drawPin(): string {
  for (;;) {
    const pin = String(randomInt(1_000_000)).padStart(6, '0')
    if (!isWeakPin(pin)) return pin
  }
}

/** One PIN for all makes one hash enough; a hash costs a good part of a second of one core. */
async function givePins(
  ledger: Ledger,
  people: readonly DemoPerson[],
  pin: string,
  now: number,
): Promise<void> {
  const hash = await hashPin(pin, randomBytes)
  for (const person of people) await setPin(ledger, person.id, hash, now)
}

/** Makes accounts and PINs for a chain that was just made. */
export async function openDoors(
  ledger: Ledger,
  accounts: Accounts,
  chain: DemoChain,
  now: number,
): Promise<Doors> {
  const [headquarters] = chain.headquarters
  const regional: DeskDoor[] = []
  for (const [index, person] of chain.regional.entries())
    regional.push(
      await openDeskDoor(
        accounts,
        person,
        REGIONAL_MAILBOXES[index] ?? `region${index}`,
        REGIONS[index]?.name ?? '',
      ),
    )
  const pin = drawPin()
  const atStores = chain.stores.flatMap((store) => store.clerks)
  await givePins(ledger, [...atStores, ...chain.regional], pin, now)
  const store = must(chain.stores[0], 'a chain without stores')
  return {
    headquarters: await openDeskDoor(
      accounts,
      must(headquarters, 'no one at headquarters'),
      'hq',
      HEADQUARTERS,
    ),
    regional,
    admin: await openDeskDoor(accounts, chain.admin, 'admin', HEADQUARTERS),
    pin,
    store: { id: store.id, name: store.plan.name },
    clerk: must(store.clerks[0], 'a store without clerks').name,
    admin_id: chain.admin.id,
  }
}

/** A new code by which tablets join the demo's store; good for a day. */
export async function giveCode(ledger: Ledger, doors: Doors, now: number): Promise<string> {
  const code = makeCode(randomBytes)
  const enrolment = {
    code_hash: hashCode(code),
    store_id: doors.store.id,
    name: '演示平板',
    uses: CODE_USES,
    until: now + CODE_LASTS_MS,
    created_by: doors.admin_id,
  }
  await createEnrolment(ledger, enrolment, now)
  return code
}

/** What is printed when the demo is up. */
export function describeDoors(doors: Doors, code: string, url: string): string {
  const desk = ({ email, password, name }: DeskDoor) => `${email}  password ${password}  (${name})`
  const [east, ...others] = doors.regional
  return [
    `  Regulars 熟客 is running at ${url}`,
    '',
    `  Clerk (tablet)    ${url}/enrol?code=${code}`,
    `                    then ${doors.clerk}, PIN ${doors.pin}  (${doors.store.name}; one PIN for all)`,
    `  Regional manager  ${url}/desk`,
    `                    ${east ? desk(east) : ''}`,
    ...others.map((door) => `                    ${desk(door)}`),
    `  Headquarters      ${url}/desk`,
    `                    ${desk(doors.headquarters)}`,
    `  Administrator     ${url}/admin`,
    `                    ${desk(doors.admin)}`,
  ].join('\n')
}
