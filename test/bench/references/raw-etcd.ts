import { Etcd3, type ITxnRequest } from 'etcd3'
import { must } from '../../../src/lib/assert.ts'
import type { RawStore } from './raw-store.ts'

const leaseSeconds = 60

/** etcd3's calls for keys, transactions, leases and watches as they come. */
export async function openRawEtcd(server: string, root: string): Promise<RawStore> {
  const client = new Etcd3({ hosts: [`http://${server}`] })
  const lease = client.lease(leaseSeconds)
  const leaseId = await lease.grant()
  const keyOf = (key: string) => Buffer.from(`${root}/${key}`)
  let placeCount = 0

  const carryOut = async (request: ITxnRequest) => {
    const { succeeded, header } = await client.kv.txn(request)
    if (!succeeded) throw new Error('a guard failed')
    return header.revision
  }
  const unchanged = (key: string, version: string) =>
    ({ target: 'Mod', result: 'Equal', key: keyOf(key), mod_revision: version }) as const
  const isNew = (key: string) =>
    ({ target: 'Create', result: 'Equal', key: keyOf(key), create_revision: 0 }) as const
  const putOf = (key: string, value: Buffer) => ({ request_put: { key: keyOf(key), value } })

  return {
    prepare: async () => undefined,
    create: (key, value) => carryOut({ compare: [isNew(key)], success: [putOf(key, value)] }),
    async read(key) {
      const { kvs } = await client.kv.range({ key: keyOf(key) })
      const { value, mod_revision: version } = must(kvs[0], key)
      return { value, version }
    },
    put: (key, value, version) =>
      carryOut({ compare: [unchanged(key, version)], success: [putOf(key, value)] }),
    append: ({ present, head, slot }) =>
      carryOut({
        compare: [
          { target: 'Create', result: 'Greater', key: keyOf(present), create_revision: 0 },
          unchanged(head.key, head.version),
          isNew(slot.key),
        ],
        success: [putOf(slot.key, slot.value), putOf(head.key, head.value)],
      }),
    async acquire(directory) {
      const own = `${directory}/${leaseId}-${++placeCount}`
      const value = Buffer.alloc(0)
      const placed = await client.kv.put({ key: keyOf(own), value, lease: leaseId })
      const { revision } = placed.header
      await untilFirst(client, keyOf(`${directory}/`), revision)
      return async () => {
        await client.kv.deleteRange({ key: keyOf(own) })
      }
    },
    async close() {
      await lease.revoke().catch(() => undefined)
      client.close()
    },
  }
}

/** The recipe of etcd's own clients: a key on a lease, and a watch on the one made just before it. */
async function untilFirst(client: Etcd3, prefix: Buffer, revision: string): Promise<void> {
  const end = Buffer.from(prefix)
  end[end.length - 1] = must(end.at(-1), 'byte') + 1
  for (;;) {
    const { kvs, header } = await client.kv.range({
      key: prefix,
      range_end: end,
      max_create_revision: String(BigInt(revision) - 1n),
      sort_order: 'Descend',
      sort_target: 'Create',
      limit: 1,
    })
    const before = kvs[0]
    if (before === undefined) return
    const from = String(BigInt(header.revision) + 1n)
    const watcher = await client.watch().key(before.key).startRevision(from).create()
    await new Promise((resolve) => watcher.once('delete', resolve))
    await watcher.cancel()
  }
}
