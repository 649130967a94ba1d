import { WebSocket } from 'ws'
import type { ForwardedAnswers, ForwardedBids } from '../../engine/forwarding.ts'
import { asError, type Clock } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import { closeCodes, type CloseCode } from '../../protocol/close-code.ts'
import { encodeAnswers } from './answers-frame.ts'
import { createDisuse } from './disuse.ts'
import { decodeForwards, type Forward } from './forwards-frame.ts'
import { createGatheredFrames } from './gathered-frames.ts'
import { linkLimits } from './link-protocol.ts'

/** The engine's side: decides them under the key that they are bound to, or takes none of them. Never throws. */
export interface TakesForwarded {
  takeForwarded(bids: ForwardedBids): Promise<ForwardedAnswers>
}

export interface InboundDeps {
  clock: Clock
  log: Log
  bidding: TakesForwarded
  isDraining: () => boolean
  /** Whether the secret that this link was let in by is still good. May reject while the store does not serve. */
  isAdmitted: () => Promise<boolean>
}

/** A link that another node opened to this one. Never throws, whatever is sent. */
export interface InboundLink {
  /** Closes it as soon as nothing is unanswered. */
  leave(): void
  terminate(): void
}

/** Half a closing handshake is not waited for longer. */
const closeTimeoutMs = 5_000

export function createInboundLink(socket: WebSocket, from: string, deps: InboundDeps): InboundLink {
  const { clock, log, bidding } = deps
  let last = 0
  let unansweredCount = 0
  let isLeaving = false

  const close = (code: CloseCode, reason: string) => {
    if (socket.readyState !== WebSocket.OPEN) return
    socket.close(code, reason)
    const timer = clock.setTimer(closeTimeoutMs, () => socket.terminate())
    socket.once('close', () => timer.cancel())
  }
  const gathered = createGatheredFrames((frame) => {
    if (socket.bufferedAmount > linkLimits.answersBufferedBytesMax) socket.terminate()
    else if (socket.readyState === WebSocket.OPEN) socket.send(frame)
    if (isLeaving && unansweredCount === 0) close(closeCodes.restarting, 'this node is leaving')
  })
  const take = ({ number, bids }: Forward) => {
    const isFull = unansweredCount >= linkLimits.unansweredMax
    if (isFull || isLeaving || deps.isDraining()) {
      gathered.add(encodeAnswers(number, noneTaken(bids)))
      return
    }
    unansweredCount++
    void decide(bids, bidding, log).then((answers) => {
      unansweredCount--
      gathered.add(encodeAnswers(number, answers))
    })
  }
  const read = (text: string) => {
    const forwards = decodeForwards(text, last)
    last = forwards.at(-1)?.number ?? last
    forwards.forEach(take)
  }
  const lookAgain = createSecondLook(deps, () =>
    close(closeCodes.restarting, 'the secret was changed: come in again'),
  )
  const disuse = createDisuse(clock, linkLimits.silentMsMax, () => socket.terminate())
  const refuse = (why: string) => {
    log.warn({ from, why }, 'a frame of another node was not understood')
    close(closeCodes.policy, why)
  }
  socket.on('message', (bytes: Buffer, isBinary) => {
    if (socket.readyState !== WebSocket.OPEN) return
    disuse.used()
    lookAgain()
    try {
      if (isBinary) refuse('not text')
      else read(bytes.toString())
    } catch (error) {
      refuse(asError(error).message)
    }
  })
  socket.on('error', (error) =>
    log.warn({ from, why: error.message }, 'a link of another node broke'),
  )
  socket.on('close', () => {
    disuse.stop()
    gathered.drop()
  })
  return {
    leave() {
      isLeaving = true
      if (unansweredCount === 0 && gathered.waitingChars === 0) {
        close(closeCodes.restarting, 'this node is leaving')
      }
    },
    terminate: () => socket.terminate(),
  }
}

/** Looks with a frame now and then, without holding it up: a secret that was changed is good for a while longer. */
function createSecondLook(
  { clock, isAdmitted }: Pick<InboundDeps, 'clock' | 'isAdmitted'>,
  onOver: () => void,
): () => void {
  let lookedAtMs = clock.monotonicMs()
  return () => {
    if (clock.monotonicMs() - lookedAtMs < linkLimits.admittedMsMax) return
    lookedAtMs = clock.monotonicMs()
    isAdmitted().then(
      (mayStay) => {
        if (!mayStay) onOver()
      },
      () => undefined,
    )
  }
}

const noneTaken = ({ bids }: ForwardedBids): ForwardedAnswers => bids.map(() => null)

/** Should the engine break its word, nobody knows what became of these bids. */
async function decide(
  bids: ForwardedBids,
  bidding: TakesForwarded,
  log: Log,
): Promise<ForwardedAnswers> {
  try {
    const answers = await bidding.takeForwarded(bids)
    if (answers.length === bids.bids.length) return answers
    log.error({ auctionId: bids.auctionId }, 'forwarded bids and their answers differ in number')
  } catch (error) {
    log.error({ error, auctionId: bids.auctionId }, 'forwarded bids failed')
  }
  return bids.bids.map(({ bidId }) => ({ outcome: { outcome: 'unknown', bidId } }))
}
