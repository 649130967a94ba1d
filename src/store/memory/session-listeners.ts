import type { Session } from '../store.ts'

/** Those who asked to be told of session changes. */
export interface SessionListeners {
  add(listener: (session: Session) => void): () => void
  tell(session: Session): void
  clear(): void
}

export function createSessionListeners(): SessionListeners {
  const listeners = new Set<(session: Session) => void>()
  return {
    add(listener) {
      const own = (session: Session) => listener(session)
      listeners.add(own)
      return () => listeners.delete(own)
    },
    tell(session) {
      for (const listener of [...listeners]) listener(session)
    },
    clear: () => listeners.clear(),
  }
}
