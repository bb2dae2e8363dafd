import type { enrol as source } from '../zh/clerk-enrol.ts'

export const enrol: typeof source = {
  title: 'Make this a tablet of a store',
  what:
    'Once enrolled, this device keeps the store’s customers, so serving works without a network. ' +
    'What is recorded goes to headquarters by itself.',
  where: 'Headquarters gives out the code under “Devices”. It is good for 24 hours.',
  code: 'Enrolment code',
  submit: 'Enrol this device',
  wrong:
    'This code is wrong, used up or expired. Please check it, or ask headquarters for a new one.',
  tooMany: 'Too many tries. Please wait a few minutes.',
  offline: 'Enrolling needs a connection once. After that the device works offline.',
  server: 'Headquarters cannot be reached right now. Please try again later.',
  signInPage:
    'This network asks for a sign-in of its own (a mall’s Wi-Fi, say). Sign in to it first.',
  storage:
    'This browser cannot keep data. Leave private browsing or free some storage, then try again.',
  manager: 'I manage stores',
  managerHint: 'Regional managers and headquarters sign in here',
  evicted: 'The browser has cleared this device’s data',
  evictedHint:
    'Browsers do so after long disuse or when storage runs short. Please enrol again, ' +
    'and add Regulars to the home screen so that it does not happen again.',
  revoked: 'Headquarters has revoked this device',
  revokedHint:
    'Customers are no longer shown. What was not sent goes out by itself once there is a connection, ' +
    'and can be exported under “Sync”; then the customers are deleted from this device.',
  emptied:
    'Everything recorded on it has arrived at headquarters, and the customers were deleted from it.',
  again: 'This device must be enrolled again',
  againHint:
    'What was not sent is still here. It is sent once the device is enrolled again with a new code, ' +
    'and can be exported under “Sync”.',
  download: {
    title: 'First download',
    preparing: 'Preparing this store’s list',
    progress: (done, total) => `${done} of ${total} customers received`,
    bytes: (size) => `${size} in all`,
    paused: 'The connection is gone. The download waits here and goes on by itself, not from zero.',
  },
}
