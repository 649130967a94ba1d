/** The part of `localStorage` and `sessionStorage` that is used here. Both may throw, and hold what others wrote. */
export interface KeyValueStorage {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

export interface StoredValue<T> {
  /** Undefined when nothing usable is there. */
  read(): T | undefined
  /** Kept for this page in any case, beyond it where the browser lets us. */
  write(value: T): void
  clear(): void
}

export function createStoredValue<T>(
  storage: KeyValueStorage,
  key: string,
  isValid: (value: unknown) => value is T,
): StoredValue<T> {
  return {
    read() {
      try {
        const value: unknown = JSON.parse(storage.getItem(key) ?? 'null')
        return isValid(value) ? value : undefined
      } catch {
        return undefined
      }
    },
    write(value) {
      quietly(() => storage.setItem(key, JSON.stringify(value)))
    },
    clear() {
      quietly(() => storage.removeItem(key))
    },
  }
}

/** A browser may forbid storage, or be out of room; the page then works without memory. */
function quietly(act: () => void): void {
  try {
    act()
  } catch {
    return
  }
}

/** The browser's storage, or one that forgets with the page where merely asking for it throws. */
export function openStorage(get: () => KeyValueStorage): KeyValueStorage {
  try {
    return get()
  } catch {
    const values = new Map<string, string>()
    return {
      getItem: (key) => values.get(key) ?? null,
      setItem: (key, value) => void values.set(key, value),
      removeItem: (key) => void values.delete(key),
    }
  }
}
