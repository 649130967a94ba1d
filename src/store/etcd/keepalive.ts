import type { ILeaseKeepAliveRequest, ILeaseKeepAliveResponse } from 'etcd3'
import { createDeferred, type Deferred } from '../../lib/deferred.ts'
import type { Link } from './link.ts'

/** The stream that renews one lease over one link. */
export interface Keepalive {
  /** Aborts when the stream breaks: the link is worth nothing any more. */
  readonly broken: AbortSignal
  /** Asks once; whether the lease still stands. Answers come in order, so one that is late is not taken for the next. */
  renew(): Promise<boolean>
  close(): void
}

/** Our beat sends the next one only when the last was answered or given up with the whole link. */
const waitingMax = 4

export async function openKeepalive(link: Link, leaseId: string): Promise<Keepalive> {
  const broken = new AbortController()
  const waiting: Deferred<boolean>[] = []
  const stream = await link.lease.leaseKeepAlive()
  const end = (error: Error) => {
    for (const deferred of waiting.splice(0)) deferred.reject(error)
    broken.abort(error)
  }
  stream.on('error', (error) => end(error))
  stream.on('end', () => end(new Error('the lease stream ended')))
  stream.on('data', (answer: ILeaseKeepAliveResponse) => {
    waiting.shift()?.resolve(Number(answer.TTL) > 0)
  })
  return {
    broken: broken.signal,
    renew() {
      const deferred = createDeferred<boolean>()
      if (broken.signal.aborted || waiting.length >= waitingMax) {
        deferred.reject(new Error('the lease stream does not answer'))
      } else {
        waiting.push(deferred)
        stream.write({ ID: leaseId } satisfies ILeaseKeepAliveRequest)
      }
      return deferred.promise
    },
    close: () => stream.cancel(),
  }
}
