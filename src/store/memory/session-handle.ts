import type { Session, SessionState } from '../store.ts'

/** The writable side of a session. */
export interface SessionHandle {
  readonly session: Session
  /** False when nothing changed: lost is for good. `lost` aborts before this returns. */
  become(state: SessionState): boolean
}

export function createSessionHandle(id: string): SessionHandle {
  const lost = new AbortController()
  let state: SessionState = 'serving'
  return {
    session: {
      id,
      lost: lost.signal,
      get state() {
        return state
      },
    },
    become(next) {
      if (state === next || state === 'lost') return false
      state = next
      if (next === 'lost') lost.abort()
      return true
    },
  }
}
