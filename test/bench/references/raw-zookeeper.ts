import { type Client, createClient, CreateMode, type Exception } from 'node-zookeeper-client'
import { must } from '../../../src/lib/assert.ts'
import type { RawStore } from './raw-store.ts'

/** A starved machine shall not cost a session: the library never answers again once it has expired. */
const sessionTimeoutMs = 60_000

/** node-zookeeper-client as it comes, but for one thing: it would send version 0 in a transaction as "any version". */
export async function openRawZookeeper(server: string, root: string): Promise<RawStore> {
  const client = createClient(server, { sessionTimeout: sessionTimeoutMs })
  await new Promise<void>((resolve) => {
    client.once('connected', resolve)
    client.connect()
  })
  const pathOf = (key: string) => `/${root}/${key}`
  const read = async (key: string) => {
    const [value, version] = await told<[Buffer, number]>((answer) =>
      client.getData(pathOf(key), (error, data, stat) =>
        answer(error, error ? undefined : [data, stat.version]),
      ),
    )
    return { value, version: String(version) }
  }
  return {
    async prepare(directories) {
      for (const directory of directories) {
        await told((answer) => client.mkdirp(pathOf(directory), answer))
      }
    },
    async create(key, value) {
      await told((answer) => client.create(pathOf(key), value, answer))
      return '0'
    },
    read,
    async put(key, value, version) {
      const stat = await told<{ version: number }>((answer) =>
        client.setData(pathOf(key), value, Number(version), answer as never),
      )
      return String(stat.version)
    },
    async append({ present, head, slot }) {
      const transaction = client.transaction().check(pathOf(present))
      transaction.setData(pathOf(head.key), head.value, Number(head.version))
      const { ops } = transaction as unknown as { ops: { version?: number }[] }
      must(ops.at(-1), 'operation').version = Number(head.version)
      transaction.create(pathOf(slot.key), slot.value)
      await told((answer) => transaction.commit(answer))
      return String(Number(head.version) + 1)
    },
    acquire: (directory) => acquire(client, pathOf(directory)),
    async close() {
      client.close()
    },
  }
}

/** The recipe of ZooKeeper's documentation: a sequential ephemeral, and a watch on the one before it. */
async function acquire(client: Client, directory: string): Promise<() => Promise<void>> {
  const own = await told<string>((answer) =>
    client.create(`${directory}/n-`, CreateMode.EPHEMERAL_SEQUENTIAL, answer),
  )
  for (;;) {
    const names = await told<string[]>((answer) => client.getChildren(directory, answer as never))
    const sorted = names.sort()
    const before = sorted[sorted.indexOf(own.slice(directory.length + 1)) - 1]
    if (before === undefined) break
    await gone(client, `${directory}/${before}`)
  }
  return async () => {
    await told((answer) => client.remove(own, answer))
  }
}

function gone(client: Client, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const rings = () => resolve()
    client.exists(path, rings, (error, stat) => {
      if (error) reject(asFailure(error))
      else if ((stat as unknown) === null) resolve()
    })
  })
}

/** The library's exceptions are errors, though its types do not say so. */
type Answer<T> = (error: Error | Exception | null, value?: T) => void
const asFailure = (error: Error | Exception): Error => error as Error

function told<T = unknown>(call: (answer: Answer<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    call((error, value) => (error ? reject(asFailure(error)) : resolve(value as T)))
  })
}
