import { say } from '../words/say.ts'
import { decimal } from './decimal.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** A span for a countdown: `2 d 3 h`, `3:04:05`, `4:05`, `0:09`. Rounded up, so that 0:00 is shown only when it is over. */
export function timeLeft(ms: number): string {
  const left = Math.max(0, Math.ceil(ms / second) * second)
  if (left >= 2 * day) {
    return say('daysAndHours', {
      days: Math.floor(left / day),
      hours: Math.floor((left % day) / hour),
    })
  }
  const hours = Math.floor(left / hour)
  const minutes = Math.floor((left % hour) / minute)
  const seconds = twoDigits(Math.floor((left % minute) / second))
  return hours > 0 ? `${hours}:${twoDigits(minutes)}:${seconds}` : `${minutes}:${seconds}`
}

/** A span in words, as conditions of sale are told: `30 s`, `5 min`, `2 h`, `3 d`. */
export function spanInWords(ms: number): string {
  for (const [unit, key] of [
    [day, 'spanDays'],
    [hour, 'spanHours'],
    [minute, 'spanMinutes'],
  ] as const) {
    if (ms >= 2 * unit && ms % unit === 0) return say(key, { count: ms / unit })
  }
  const tenths = Math.round((10 * ms) / second)
  return say('spanSeconds', { count: decimal(tenths / 10, tenths % 10 === 0 ? 0 : 1) })
}

function twoDigits(count: number): string {
  return String(count).padStart(2, '0')
}
