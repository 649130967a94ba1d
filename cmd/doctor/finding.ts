/** What one check saw, and what to do about it. */
export interface Finding {
  readonly check: 'node' | 'web app' | 'port' | 'tls' | 'store' | 'clock' | 'disk'
  readonly state: 'ok' | 'warn' | 'fail' | 'skip'
  readonly detail: string
  readonly advice?: string
}
