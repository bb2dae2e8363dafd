import {
  GIVEN_MEN,
  GIVEN_WOMEN,
  SURNAMES_FREQUENT,
  SURNAMES_RARE,
  SURNAMES_USUAL,
  WESTERN_MEN,
  WESTERN_SURNAMES,
  WESTERN_WOMEN,
} from './names.data.ts'
import type { Random } from './random.ts'

export type Gender = 'f' | 'm'

const SURNAME_GROUPS = [[...SURNAMES_FREQUENT], [...SURNAMES_USUAL], SURNAMES_RARE]
const SURNAME_WEIGHTS = [55, 40, 5]
const ONE_CHARACTER_SHARE = 0.25
const GIVEN = { f: [...GIVEN_WOMEN], m: [...GIVEN_MEN] }
const WESTERN = { f: WESTERN_WOMEN, m: WESTERN_MEN }

export function chineseName(random: Random, gender: Gender): string {
  const group = SURNAME_GROUPS[random.weighted(SURNAME_WEIGHTS)] ?? []
  const surname = random.pick(group)
  const first = random.pick(GIVEN[gender])
  return random.chance(ONE_CHARACTER_SHARE)
    ? `${surname}${first}`
    : `${surname}${first}${random.pick(GIVEN[gender])}`
}

export function westernName(random: Random, gender: Gender): string {
  return `${random.pick(WESTERN[gender])} ${random.pick(WESTERN_SURNAMES)}`
}
