import { isObject } from '../../src/client/parse-frame.ts'
import { ask } from './ask.ts'
import type { Finding } from './finding.ts'

/** A wall clock so far off shows to people, though cluster time does not depend on it. */
const offsetWarnMs = 1_000
const errorWarnMs = 250

/** Cluster time against the clock of the machine on which a node runs, as that node measured it. */
export async function checkClock(node: string): Promise<Finding> {
  const response = await ask(`${node}/api/v1/time`)
  const body: unknown = await response?.json().catch(() => undefined)
  if (!isObject(body) || typeof body['offsetMs'] !== 'number') {
    const advice = 'Start a node, or name one that runs (--node URL), to have its clock checked.'
    return { check: 'clock', state: 'skip', detail: `no node answers at ${node}`, advice }
  }
  const offsetMs = body['offsetMs']
  const errorMs = typeof body['errorMs'] === 'number' ? body['errorMs'] : 0
  const detail = `cluster time is ${offsetMs.toFixed(1)} ms from this wall clock, known to ${errorMs.toFixed(1)} ms`
  if (Math.abs(offsetMs) > offsetWarnMs || errorMs > errorWarnMs) {
    const advice = 'Let the machines keep time by NTP (chrony or systemd-timesyncd).'
    return { check: 'clock', state: 'warn', detail, advice }
  }
  return { check: 'clock', state: 'ok', detail }
}
