/**
 * Whether a node that is quiet is gone. Only a question that stays unanswered counts: a page whose timers were held back
 * while it was hidden asks first, instead of leaving a node that it never asked.
 */
export interface Silence {
  heard(nowMs: number): void
  /** What to do now, and when to look again. `ask` is taken as done. */
  look(nowMs: number): { do: 'wait' | 'ask' | 'leave'; againInMs: number }
}

export function createSilence(
  nowMs: number,
  limits: { timeEveryMs: number; silenceMs: number },
): Silence {
  let heardMs = nowMs
  let askedMs = Number.NEGATIVE_INFINITY
  let unansweredMs: number | undefined
  return {
    heard(at) {
      heardMs = at
      unansweredMs = undefined
    },
    look(at) {
      const patienceMs = Math.min(limits.timeEveryMs, limits.silenceMs)
      const leaveAtMs =
        unansweredMs === undefined
          ? Number.POSITIVE_INFINITY
          : Math.max(heardMs + limits.silenceMs, unansweredMs + patienceMs)
      if (at >= leaveAtMs) return { do: 'leave', againInMs: 0 }
      const isDue = at >= askedMs + limits.timeEveryMs
      if (isDue) {
        askedMs = at
        unansweredMs ??= at
      }
      const leaveNextMs = Math.max(heardMs + limits.silenceMs, (unansweredMs ?? at) + patienceMs)
      const againAtMs = Math.min(askedMs + limits.timeEveryMs, leaveNextMs)
      return { do: isDue ? 'ask' : 'wait', againInMs: Math.max(1, againAtMs - at) }
    },
  }
}
