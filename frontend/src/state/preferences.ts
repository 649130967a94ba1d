import { signal, type ReadonlySignal } from '@preact/signals'
import { createStoredValue, type KeyValueStorage } from './stored-value.ts'

/** What somebody has set for this browser. */
export interface Preferences {
  /** Empty: as the browser prefers. */
  readonly language: string
  readonly theme: 'system' | 'light' | 'dark'
  readonly hasSound: boolean
  readonly hasVibration: boolean
  readonly hasNotifications: boolean
  /** Off: nothing moves, whatever the system prefers. */
  readonly hasMotion: boolean
  /** Single keys that act while nothing is typed. */
  readonly hasShortcuts: boolean
  /** Names of others show by their first letter only. */
  readonly masksNames: boolean
}

export interface KeptPreferences {
  readonly value: ReadonlySignal<Preferences>
  change(part: Partial<Preferences>): void
}

const untouched: Preferences = {
  language: '',
  theme: 'system',
  hasSound: true,
  hasVibration: true,
  hasNotifications: false,
  hasMotion: true,
  hasShortcuts: true,
  masksNames: false,
}

export function createPreferences(storage: KeyValueStorage): KeptPreferences {
  const stored = createStoredValue(storage, 'lotkeeper.preferences', isObject)
  const value = signal<Preferences>({ ...untouched, ...known(stored.read() ?? {}) })
  return {
    value,
    change(part) {
      value.value = { ...value.value, ...part }
      stored.write({ ...value.value })
    },
  }
}

/** Only what has the kind that we know: an older or newer page may have written it. */
function known(read: Readonly<Record<string, unknown>>): Partial<Preferences> {
  const isKnown = ([key, value]: [string, unknown]) =>
    key in untouched &&
    typeof value === typeof untouched[key as keyof Preferences] &&
    (key !== 'theme' || ['system', 'light', 'dark'].includes(value as string))
  return Object.fromEntries(Object.entries(read).filter(isKnown))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
