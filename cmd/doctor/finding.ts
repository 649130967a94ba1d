/** What one check saw, and what to do about it. */
export interface Finding {
  readonly check:
    'node' | 'web app' | 'port' | 'tls' | 'store' | 'store size' | 'clock' | 'disk' | 'descriptors'
  readonly state: 'ok' | 'warn' | 'fail' | 'skip'
  readonly detail: string
  readonly advice?: string
}
