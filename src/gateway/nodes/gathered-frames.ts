import { linkLimits } from './link-protocol.ts'

/** What is added in one turn of the event loop leaves as one frame, in that order; as several where it is large. */
export interface GatheredFrames {
  /** Characters that have not left yet. */
  readonly waitingChars: number
  /** One JSON value. */
  add(piece: string): void
  /** What has not left never will. */
  drop(): void
}

export function createGatheredFrames(send: (frame: string) => void): GatheredFrames {
  let pieces: string[] = []
  let waitingChars = 0
  let turn: NodeJS.Immediate | undefined

  const clear = () => {
    pieces = []
    waitingChars = 0
  }
  const flush = () => {
    if (pieces.length === 0) return
    const frame = `[${pieces.join(',')}]`
    clear()
    send(frame)
  }
  return {
    get waitingChars() {
      return waitingChars
    },
    add(piece) {
      if (waitingChars + piece.length > linkLimits.gatheredCharsMax) flush()
      pieces.push(piece)
      waitingChars += piece.length + 1
      turn ??= setImmediate(() => {
        turn = undefined
        flush()
      })
    },
    drop() {
      clear()
      clearImmediate(turn)
      turn = undefined
    },
  }
}
