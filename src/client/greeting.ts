import type { Welcome } from '../protocol/down.ts'

/**
 * A node greets on connect and after each hello. The first greeting of a socket that said hello is not for us yet, unless
 * it names someone (a browser's cookie spoke for us).
 */
export interface Greeting {
  readonly isDone: boolean
  /** Done, and no further greeting is awaited. */
  readonly isSettled: boolean
  opened(): void
  /** A hello is to leave: false while the socket opens, as it says hello by itself then. */
  asks(): boolean
  /** Whether this one tells who we are. */
  heard(welcome: Welcome): boolean
  /** The greeting that came, when the one that tells who we are is slow: a node whose store does not answer. */
  makeDo(): Welcome | undefined
}

export function createGreeting(): Greeting {
  let awaitedCount = 1
  let isDone = false
  let isOpen = false
  let latest: Welcome | undefined
  return {
    get isDone() {
      return isDone
    },
    get isSettled() {
      return isDone && awaitedCount === 0
    },
    opened() {
      isOpen = true
    },
    asks() {
      if (isOpen) awaitedCount++
      return isOpen
    },
    makeDo() {
      isDone = latest !== undefined
      return latest
    },
    heard(welcome) {
      latest = welcome
      awaitedCount = Math.max(0, awaitedCount - 1)
      if (awaitedCount > 0 && welcome.user === undefined) return false
      isDone = true
      return true
    },
  }
}
