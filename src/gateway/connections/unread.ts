import type { Held } from './held.ts'

/** Bytes of answers that were made and not taken, of each connection and in all. */
export interface Unread {
  /** Beyond the bound in all the connection with the most is cut, until it is kept or only one is left. */
  add(held: Held, bytes: number): void
  remove(held: Held, bytes: number): void
  forget(held: Held): void
}

/** @param cut must `forget` */
export function createUnread(bytesMax: number, cut: (held: Held) => void): Unread {
  const readers = new Set<Held>()
  let inAll = 0
  const remove = (held: Held, bytes: number) => {
    held.unreadBytes -= bytes
    inAll -= bytes
    if (held.unreadBytes <= 0) readers.delete(held)
  }
  return {
    add(held, bytes) {
      held.unreadBytes += bytes
      inAll += bytes
      readers.add(held)
      while (inAll > bytesMax && readers.size > 1) cut(most(readers))
    },
    remove,
    forget: (held) => remove(held, held.unreadBytes),
  }
}

function most(readers: ReadonlySet<Held>): Held {
  return [...readers].reduce((found, held) => (held.unreadBytes > found.unreadBytes ? held : found))
}
