import type { IRangeRequest, IRangeResponse, ITxnResponse } from 'etcd3'
import { must } from '../../lib/assert.ts'
import type { GrpcOptions } from './call.ts'
import type { Link } from './link.ts'

export type Range = (
  link: Link,
  request: IRangeRequest,
  options: GrpcOptions,
) => Promise<IRangeResponse>

/** The largest answers, pages of a thousand of the longest keys, stay together below the 4 MB that a client takes. */
const togetherMax = 10

interface Asked {
  readonly link: Link
  readonly request: IRangeRequest
  readonly options: GrpcOptions
  resolve(answer: IRangeResponse): void
  reject(error: unknown): void
}

/**
 * Reads that are asked in one turn of the event loop go in one question: what a call costs, more than what it asks, is what
 * limits how many reads a busy node does. Each is answered as if alone. Those that go through the quorum and those that do
 * not are kept apart, so that a plain read needs no quorum.
 */
export function gatherRanges(): Range {
  let gathered: Asked[] = []
  const send = () => {
    const all = gathered
    gathered = []
    for (const alike of inKinds(all)) {
      for (let at = 0; at < alike.length; at += togetherMax) {
        void ask(alike.slice(at, at + togetherMax))
      }
    }
  }
  return (link, request, options) =>
    new Promise((resolve, reject) => {
      if (gathered.length === 0) setImmediate(send)
      gathered.push({ link, request, options, resolve, reject })
    })
}

/** Of one link, and all by way of the quorum or all not. */
function inKinds(all: readonly Asked[]): Asked[][] {
  const kinds: Asked[][] = []
  for (const asked of all) {
    const isAlike = ([{ link, request } = asked]: Asked[]) =>
      link === asked.link && request.serializable === asked.request.serializable
    const kind = kinds.find(isAlike)
    if (kind === undefined) kinds.push([asked])
    else kind.push(asked)
  }
  return kinds
}

async function ask(together: readonly Asked[]): Promise<void> {
  const { link, request, options } = must(together[0], 'a question')
  try {
    if (together.length === 1) {
      together[0]?.resolve(await link.kv.range(request, options))
      return
    }
    const success = together.map((asked) => ({ request_range: asked.request }))
    // Whoever wants it sooner gives up by himself.
    const deadline = Math.max(...together.map((asked) => asked.options.deadline))
    const answer = await link.kv.txn({ success }, { deadline })
    together.forEach((asked, index) => asked.resolve(rangeOf(answer, index)))
  } catch (error) {
    together.forEach((asked) => asked.reject(error))
  }
}

/** Only the whole answer has a header. */
function rangeOf({ header, responses }: ITxnResponse, index: number): IRangeResponse {
  return { ...must(responses[index], 'an answer to each').response_range, header }
}
