import { signal, type ReadonlySignal } from '@preact/signals'
import { createStoredValue, type KeyValueStorage } from './stored-value.ts'

/** What somebody has set for this browser. */
export interface Preferences {
  /** Undefined: as the browser prefers. */
  readonly language: string | undefined
  readonly theme: 'system' | 'light' | 'dark'
}

export interface KeptPreferences {
  readonly value: ReadonlySignal<Preferences>
  change(part: Partial<Preferences>): void
}

const untouched: Preferences = { language: undefined, theme: 'system' }

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
  return {
    ...(typeof read['language'] === 'string' && { language: read['language'] }),
    ...((read['theme'] === 'light' || read['theme'] === 'dark') && { theme: read['theme'] }),
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
