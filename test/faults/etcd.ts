import type { Cluster } from './cluster.ts'

const askWithinMs = 2_000

export interface EtcdAnswer {
  readonly header?: { readonly revision?: string; readonly member_id?: string }
  readonly kvs?: readonly { readonly key: string; readonly lease?: string }[]
  readonly version?: string
}

/** One call of etcd's JSON gateway, to the first server that answers it. @throws when none does */
export async function askEtcd(cluster: Cluster, method: string, body: object): Promise<EtcdAnswer> {
  let last: unknown = new Error('no server runs')
  for (const { host, clientPort, pid } of cluster.storeMembers) {
    if (pid === undefined) continue
    try {
      const response = await fetch(`http://${host}:${clientPort}/v3/${method}`, {
        method: 'POST',
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(askWithinMs),
      })
      const text = await response.text()
      if (response.ok) return JSON.parse(text) as EtcdAnswer
      last = new Error(`etcd answered ${response.status}: ${text}`)
    } catch (error) {
      last = error
    }
  }
  throw last
}
