import { isLoopback } from '../../src/node/open-to-operators.ts'
import type { Finding } from './finding.ts'

/** By the environment that `serve` would have: beyond loopback, nothing that is said should cross the network in the open. */
export function checkTls(host: string, env: NodeJS.ProcessEnv = process.env): Finding[] {
  if (isLoopback(host)) return []
  const isBehind = !['', '0', 'false', 'no'].includes(env['LOTKEEPER_BEHIND_TLS'] ?? '')
  if (isBehind || (env['LOTKEEPER_TLS_CERT'] ?? '') !== '') {
    return [
      { check: 'tls', state: 'ok', detail: isBehind ? 'a proxy ends it' : 'the node ends it' },
    ]
  }
  const detail = `${host} would be reached without TLS`
  const advice = 'serve --tls-cert and --tls-key, or a proxy with TLS and --behind-tls.'
  return [{ check: 'tls', state: 'warn', detail, advice }]
}
