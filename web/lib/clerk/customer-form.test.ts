import { expect, test } from 'vitest'
import { emptyForm, formOf, isUnusualPhone, readForm } from './customer-form.ts'

const wang = {
  name: '王女士',
  phone: '+8613812345678',
  phone_alt: null,
  card: null,
  email: null,
  birthday: '03-08',
  gender: 'f',
  note: null,
}

test('a new customer needs a name, everything else is left out when it is empty', () => {
  const form = { ...emptyForm(), name: ' 王女士 ', phone: '138 1234 5678' }
  expect(readForm(form, emptyForm(), 'CN')).toEqual({
    ok: true,
    fields: { name: '王女士', phone: '+8613812345678' },
  })
  expect(readForm({ ...form, name: ' ' }, emptyForm(), 'CN')).toEqual({
    ok: false,
    errors: { name: 'nameMissing' },
  })
})

test('an edit holds only what changed, and clearing is a change', () => {
  const before = formOf(wang)
  expect(readForm({ ...before, phone: '13812345678' }, before, 'CN')).toEqual({
    ok: true,
    fields: {},
  })
  expect(readForm({ ...before, birthday: '', note: '只喝无糖' }, before, 'CN')).toEqual({
    ok: true,
    fields: { birthday: null, note: '只喝无糖' },
  })
})

test('birthdays are understood as people write them', () => {
  for (const birthday of ['3-8', '03/08', '3月8日', '0308'])
    expect(readForm({ ...emptyForm(), name: '李', birthday }, emptyForm(), 'CN')).toEqual({
      ok: true,
      fields: { name: '李', birthday: '03-08' },
    })
})

test('each field says what is wrong with it', () => {
  const form = { ...emptyForm(), name: 'a\u0000b', phone: '12', email: 'x', birthday: '13-40' }
  expect(readForm(form, emptyForm(), 'CN')).toEqual({
    ok: false,
    errors: { name: 'textBad', phone: 'phoneBad', email: 'emailBad', birthday: 'birthdayBad' },
  })
})

test('a number with too few or too many digits asks for a second look', () => {
  expect(isUnusualPhone('13812345678', 'CN')).toBe(false)
  expect(isUnusualPhone('138123456', 'CN')).toBe(true)
  expect(isUnusualPhone('', 'CN')).toBe(false)
})
