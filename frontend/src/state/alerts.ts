import { signal, type ReadonlySignal } from '@preact/signals'
import type { Turn } from './announcer.ts'
import type { Device } from './device.ts'
import type { KeptPreferences } from './preferences.ts'

/** Calls somebody back who looks elsewhere: by the tab's title, by sound, by touch and, where they asked for it, by a notification. */
export interface Alerts {
  /** What stands before the page's title. */
  readonly badge: ReadonlySignal<string>
  setBadge(words: string): void
  turned(turn: Turn, words: string): void
  /** Asks the browser for leave to notify; only ever after somebody switched it on. False when it is refused. */
  askToNotify(): Promise<boolean>
}

/** In Hz, one after the other: falling when outbid, rising when it is good news. */
const tunes: Readonly<Record<Turn, readonly number[]>> = {
  leading: [660],
  outbid: [587, 392],
  won: [523, 659, 784],
  ended: [440, 440],
}
const vibrationsMs: Readonly<Partial<Record<Turn, readonly number[]>>> = {
  outbid: [120, 60, 120],
  won: [60, 40, 60, 40, 200],
  ended: [200],
}

export function createAlerts(deps: { preferences: KeptPreferences; device: Device }): Alerts {
  const { preferences, device } = deps
  const badge = signal('')
  return {
    badge,
    setBadge: (words) => (badge.value = words),
    turned(turn, words) {
      const { hasSound, hasVibration, hasNotifications } = preferences.value.peek()
      if (hasSound) device.play(tunes[turn])
      const vibration = vibrationsMs[turn]
      if (hasVibration && vibration !== undefined) device.vibrate(vibration)
      if (hasNotifications && turn !== 'leading' && device.isHidden()) device.notify(words)
    },
    askToNotify: () => device.askToNotify(),
  }
}
