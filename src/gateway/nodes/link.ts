import type { Forwarded, ForwardedBids, NodeAddress } from '../../engine/forwarding.ts'
import { asError } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import { decodeAnswers } from './answers-frame.ts'
import { dial, type DialDeps, type Wire } from './dial.ts'
import { createDisuse } from './disuse.ts'
import { encodeForward } from './forwards-frame.ts'
import { NotUnderstood } from './frame-parts.ts'
import { createGatheredFrames } from './gathered-frames.ts'
import { linkLimits } from './link-protocol.ts'
import { createOutstanding } from './outstanding.ts'
import { createRetryPause } from './retry-pause.ts'

export interface LinkDeps extends DialDeps {
  log: Log
  /** The sum of these is how many links are open. */
  onOpenChange: (by: 1 | -1) => void
}

/** The way to one incarnation of one node. Opens at the first need, and again after it broke, but not at once. */
export interface Link {
  /** As NodeLinks.forward: nobody waits for the link to open. */
  forward(bids: ForwardedBids, withinMs: number): Promise<Forwarded>
  close(): void
}

export function createLink(to: NodeAddress, deps: LinkDeps, onUnused: () => void): Link {
  const { clock, log } = deps
  let wire: Wire | undefined
  let isOpen = false
  let isClosed = false
  const pause = createRetryPause(clock)
  let missedCount = 0

  const outstanding = createOutstanding(clock, () => {
    missedCount++
    if (missedCount >= linkLimits.missedMax) wire?.cut('nobody answers')
  })
  const gathered = createGatheredFrames((frame) => wire?.send(frame))
  const disuse = createDisuse(clock, linkLimits.unusedMsMax, onUnused)

  const take = (text: string) => {
    const bidsOf = (number: number) => {
      if (number > outstanding.last) throw new NotUnderstood('the number')
      return outstanding.bidsOf(number)
    }
    for (const { number, answers } of decodeAnswers(text, bidsOf))
      outstanding.answer(number, answers)
    missedCount = 0
    pause.reset()
  }
  const onText = (text: string) => {
    try {
      take(text)
    } catch (error) {
      wire?.cut(asError(error).message)
    }
  }
  const onOpen = () => {
    isOpen = true
    deps.onOpenChange(1)
  }
  const onOver = (why: string) => {
    if (isOpen) deps.onOpenChange(-1)
    isOpen = false
    wire = undefined
    missedCount = 0
    gathered.drop()
    const retryMs = pause.begin()
    if (!isClosed) log.warn({ to: to.nodeId, why, retryMs }, 'the link to another node is down')
    outstanding.breakOff()
  }
  /** Whether something may be sent now. */
  const isReady = () => {
    if (isClosed) return false
    if (wire === undefined && pause.isOver) {
      wire = dial(to, deps, { open: onOpen, text: onText, over: onOver })
    }
    return (
      wire?.isOpen === true &&
      outstanding.size < linkLimits.outstandingMax &&
      wire.bufferedBytes + gathered.waitingChars <= linkLimits.bufferedBytesMax
    )
  }
  return {
    async forward(bids, withinMs) {
      disuse.used()
      if (!isReady() || bids.bids.length > linkLimits.bidsPerForwardMax) return { kind: 'not-sent' }
      const { number, forwarded } = outstanding.add(bids.bids, withinMs)
      gathered.add(encodeForward(number, bids))
      return forwarded
    },
    close() {
      isClosed = true
      disuse.stop()
      wire?.cut('we close it')
    },
  }
}
