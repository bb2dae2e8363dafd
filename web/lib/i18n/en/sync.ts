import type { sync as source } from '../zh/sync.ts'

export const sync: typeof source = {
  record: {
    saved: 'Saved on this tablet',
    sending: 'Sending',
    sent: 'Sent',
    waiting: (count) => `${count} not sent yet`,
    merged: 'Combined with HQ’s change',
    decision: 'Needs your decision',
    refused: (reason) => `Not accepted: ${reason}`,
  },
  tablet: {
    upToDate: (time) => `Up to date · ${time}`,
    receiving: (done, total) => `Receiving ${done} of ${total}`,
    offline: 'Offline – keep working',
    retrying: 'Can’t reach HQ – retrying',
    behind: (when) => `Data from ${when}`,
    firstUnfinished: 'First sync not finished',
  },
  device: {
    fresh: 'Fresh',
    quiet: 'Quiet',
    stale: 'Stale',
    missing: 'Missing',
    never: 'Never synced',
    revoked: 'Revoked',
    unknown: 'Unknown',
  },
}
