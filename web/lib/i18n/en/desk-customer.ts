import type { customer as words } from '../zh/desk-customer.ts'

export const customer: typeof words = {
  act: (name) => `Acts: ${name}`,
  column: 'Acts',
  move: {
    title: 'Move to another store',
    text: 'From today on the customer counts for the new store, and the past stays as it is. The statement notes a move out and a move in.',
    to: 'New home store',
    choose: 'Choose a store',
    missing: 'Choose a store first',
    confirm: 'Move home',
    done: (name, store) => `${name} is now at home in ${store}`,
  },
  erase: {
    title: 'Erase at the customer’s request',
    text: 'Only when the customer asks for it: it cannot be undone.',
    act: 'Erase personal data…',
    ask: (name) => `Erase the personal data of ${name}?`,
    points: {
      gone: 'Name, phones, card, e-mail, birthday, note and consents are deleted, and so is whatever earlier records said of them.',
      kept: 'Days of visits, amounts and tags stay under a name that leads to nobody, so figures of the past and closed books do not change. From today on it is no customer any more.',
      tablets: 'The tablets of all stores delete the customer the next time they sync.',
    },
    confirm: 'Erase for good',
    done: 'The personal data are erased',
  },
}
