import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'

/** What an operator who looks for an attack wants to read. */
export type SecurityEvent =
  | 'signed-in'
  | 'signed-out'
  | 'token-refused'
  | 'origin-refused'
  | 'host-refused'
  | 'pass-refused'
  | 'operator-refused'
  | 'operator-acted'
  | 'rate-exceeded'
  | 'connection-cut'
  | 'connection-refused'

export interface SecurityFacts {
  address?: string | undefined
  personId?: string | undefined
  requestId?: string | undefined
  /** A few words of ours, such as which rate; never what a stranger sent. */
  detail?: string | undefined
}

/** One line each. Of each event at most `burst` at once and `perSecond` after; the next line says how many were left out. */
export interface SecurityLog {
  note(event: SecurityEvent, facts: SecurityFacts): void
}

const burst = 20
const perSecond = 5

export function createSecurityLog({ log, clock }: { log: Log; clock: Clock }): SecurityLog {
  const byEvent = new Map<SecurityEvent, { tokens: number; atMs: number; leftOut: number }>()
  return {
    note(event, facts) {
      const nowMs = clock.monotonicMs()
      const bucket = byEvent.get(event) ?? { tokens: burst, atMs: nowMs, leftOut: 0 }
      byEvent.set(event, bucket)
      const refilled = bucket.tokens + ((nowMs - bucket.atMs) / 1000) * perSecond
      bucket.tokens = Math.min(burst, refilled)
      bucket.atMs = nowMs
      if (bucket.tokens < 1) {
        bucket.leftOut++
        return
      }
      bucket.tokens--
      const { leftOut } = bucket
      bucket.leftOut = 0
      log.info({ security: event, ...facts, ...(leftOut > 0 && { leftOut }) }, 'security event')
    },
  }
}

export const silentSecurityLog: SecurityLog = { note: () => undefined }
