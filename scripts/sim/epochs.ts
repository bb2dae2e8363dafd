import type { Ledger } from '#sql/ledger.ts'

/** What a restore does besides putting the ledger back: every epoch is a new one. */
export async function renewEpochs(ledger: Ledger): Promise<void> {
  const { feedHead, deviceState } = ledger.t
  await ledger.tx(async (db) => {
    const epoch = ledger.ports.uuid()
    await db.update(feedHead).set({ epoch })
    await db.update(deviceState).set({ epoch })
  })
}
