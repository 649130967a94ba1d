import type { IWatchRequest, IWatchResponse } from 'etcd3'
import type { KeyRange } from './key-layout.ts'
import type { Link } from './link.ts'

/** What is watched: one key, or (with `range_end`) the coming and going of leaves. */
export type WatchedKeys = { readonly key: Buffer } | KeyRange

/**
 * One stream of watchers over one link, on the library's bare RPC. The library's own watchers resume from a revision: after
 * a compaction they fall silent, and behind more than 4 MB of events they never catch up. Ours begin at now, always, and
 * whoever re-arms them rings.
 */
export interface WatchStream {
  /** `id` is positive and new on this stream. */
  add(id: number, keys: WatchedKeys): void
  remove(id: number): void
  close(): void
}

export interface WatchListener {
  /** Every change of the store from now on will be told. */
  onArmed(id: number, revision: string): void
  onChange(id: number, revision: string): void
  /** Once; nothing follows. */
  onBroken(reason: Error): void
}

export async function openWatchStream(link: Link, listener: WatchListener): Promise<WatchStream> {
  const stream = await link.watch.watch()
  const ranges = new Map<string, boolean>()
  let isOver = false

  const send = (request: IWatchRequest) => {
    if (!isOver) stream.write(request)
  }
  const end = (reason: Error) => {
    if (isOver) return
    isOver = true
    stream.cancel()
    listener.onBroken(reason)
  }
  stream.on('error', (error) => end(error))
  stream.on('end', () => end(new Error('the watch stream ended')))
  stream.on('data', (answer: IWatchResponse) => {
    if (isOver) return
    const isRange = ranges.get(answer.watch_id)
    if (answer.canceled) {
      // Compaction, a bad request, or the end that we asked for, which is the only one that is no news.
      if (isRange !== undefined || answer.created) {
        // A watch with a token that ran out is ended in these or other words; the next stream has a new one.
        link.forgetToken()
        end(new Error(`etcd ended a watch: ${answer.cancel_reason || 'no reason given'}`))
      }
      return
    }
    if (isRange === undefined) return
    const id = Number(answer.watch_id)
    if (answer.created) listener.onArmed(id, answer.header.revision)
    else if (hasNews(answer, isRange)) listener.onChange(id, answer.header.revision)
  })
  return {
    add(id, keys) {
      ranges.set(String(id), 'range_end' in keys)
      send({ create_request: { ...keys, watch_id: id, fragment: true } })
    },
    remove(id) {
      ranges.delete(String(id))
      send({ cancel_request: { watch_id: id } })
    },
    close() {
      if (isOver) return
      isOver = true
      stream.cancel()
    },
  }
}

/** A directory rings when a leaf comes (version 1) or goes, not when it changes. */
function hasNews(answer: IWatchResponse, isRange: boolean): boolean {
  if (!isRange) return answer.events.length > 0
  return answer.events.some((event) => event.type === 'Delete' || event.kv.version === '1')
}
