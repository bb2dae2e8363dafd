// What can go wrong with a tablet's disk, by database: the power is cut before one of the next
// writing transactions, the disk is full, the connection to the database is lost once.

export interface DiskFault {
  /** Writing transactions until the power is cut; null: it is not. */
  crashIn: number | null
  /** The power is cut: nothing reads or writes any more. */
  isDown: boolean
  isFull: boolean
  /** Reads and writes that fail once, as when the system killed the storage process. */
  losesConnection: boolean
  /** Writing transactions begun, to see that a fault met something. */
  writes: number
}

const faults = new Map<string, DiskFault>()

export function diskFault(database: string): DiskFault {
  let fault = faults.get(database)
  if (!fault) {
    fault = { crashIn: null, isDown: false, isFull: false, losesConnection: false, writes: 0 }
    faults.set(database, fault)
  }
  return fault
}

export function mendDisk(database: string): void {
  faults.delete(database)
}

type Transaction = IDBDatabase['transaction']

/** True when a transaction ends as it begins, without effect. Throws when it cannot begin. */
function isCut(fault: DiskFault, mode: IDBTransactionMode | undefined): boolean {
  if (fault.losesConnection) {
    fault.losesConnection = false
    throw new DOMException('connection lost', 'InvalidStateError')
  }
  if (fault.isDown || mode !== 'readwrite') return fault.isDown
  fault.writes += 1
  if (fault.crashIn === null) return false
  fault.crashIn -= 1
  fault.isDown = fault.crashIn < 0
  return fault.isDown
}

/** Lays the faults under every database; once per process. */
export function installDiskFaults(): void {
  const { prototype } = IDBDatabase
  const begin: Transaction = prototype.transaction
  prototype.transaction = function (this: IDBDatabase, names, mode, options) {
    const fault = faults.get(this.name)
    const cut = fault !== undefined && isCut(fault, mode)
    const transaction = begin.call(this, names, mode, options)
    if (cut) transaction.abort()
    return transaction
  }
  failWhenFull()
}

interface Request {
  operation: () => unknown
}
interface Executing {
  db: IDBDatabase
  mode: IDBTransactionMode
  _execRequestAsync(request: Request): IDBRequest
}

/** A request that writes to a full disk fails with the error that browsers give. */
function failWhenFull(): void {
  const store = IDBObjectStore.prototype
  for (const name of ['add', 'put'] as const) {
    const write = store[name]
    store[name] = function (this: IDBObjectStore, value: unknown, ...key: [IDBValidKey?]) {
      if (!faults.get(this.transaction.db.name)?.isFull) return write.call(this, value, ...key)
      const transaction = this.transaction as unknown as Executing
      const execute = transaction._execRequestAsync
      transaction._execRequestAsync = (request) => {
        const operation = () => {
          throw new DOMException('the disk is full', 'QuotaExceededError')
        }
        return execute.call(transaction, { ...request, operation })
      }
      try {
        return write.call(this, value, ...key)
      } finally {
        transaction._execRequestAsync = execute
      }
    }
  }
}
