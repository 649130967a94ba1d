import type { NetworkEvents } from './connection.ts'

/** What the browser says of the network. It may be wrong; only "there is none" is believed. */
export const browserNetwork: NetworkEvents = {
  isOnline: () => navigator.onLine,
  onChange(listener) {
    addEventListener('online', listener)
    addEventListener('offline', listener)
  },
}
