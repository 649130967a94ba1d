import type { Clock } from '../../lib/clock.ts'
import { type MeasureStore, mostOf } from '../size.ts'
import type { EtcdDoor } from './door.ts'
import { askServer } from './survey.ts'

/** What each member takes without `--quota-backend-bytes`. */
export const etcdBytesMaxDefault = 2 * 1024 ** 3

/**
 * The members' database files as they stand, free pages included, since that is what etcd compares with its quota; and how many
 * keys are below the root. The quota itself cannot be asked for.
 */
export function createEtcdMeasure(options: {
  clock: Clock
  servers: readonly string[]
  root: string
  bytesMax: number
  door?: EtcdDoor
}): MeasureStore {
  const { clock, servers, root, bytesMax, door } = options
  const look = async (server: string) => {
    try {
      return await askServer({ clock, server, door }, async (link, call) => {
        const status = await link.maintenance.status(call)
        const below = { key: Buffer.from(`${root}/`), range_end: Buffer.from(`${root}0`) }
        const counted = { ...below, count_only: true }
        // Not through the quorum: a member that is behind counts a few less.
        const { count } = await link.kv.range({ ...counted, serializable: true }, call)
        const alarms = (status.errors as readonly string[] | undefined) ?? []
        const [allocated, used] = [Number(status.dbSize), Number(status.dbSizeInUse)]
        const isFull = alarms.some((alarm) => alarm.includes('NOSPACE'))
        return { keys: Number(count), allocated, used, isFull }
      })
    } catch {
      return undefined
    }
  }
  return async () => {
    const told = (await Promise.all(servers.map(look))).filter((one) => one !== undefined)
    const largest = [...told].sort((a, b) => b.allocated - a.allocated)[0]
    return {
      keys: mostOf(told.map(({ keys }) => keys)),
      bytes: largest?.allocated ?? null,
      bytesMax,
      ...(largest !== undefined && { bytesReclaimable: largest.allocated - largest.used }),
      isFull: told.some(({ isFull }) => isFull),
    }
  }
}
