import { expect, test } from 'vitest'
import { createSecurityLog } from '../../src/gateway/security-log.ts'
import { silentLog } from '../../src/lib/log.ts'
import { createManualClock } from '../support/manual-clock.ts'

test('a flood of one event leaves a count, and hides no other event', async () => {
  const lines: object[] = []
  const clock = createManualClock()
  const log = { ...silentLog, info: (fields: object) => lines.push(fields) }
  const security = createSecurityLog({ log, clock })
  for (let n = 0; n < 1_000; n++) security.note('token-refused', { address: '203.0.113.5' })
  security.note('origin-refused', { address: '203.0.113.6' })
  expect(lines).toHaveLength(21)
  expect(lines.at(-1)).toEqual({ security: 'origin-refused', address: '203.0.113.6' })
  await clock.advance(1_000)
  security.note('token-refused', { address: '203.0.113.5' })
  expect(lines.at(-1)).toMatchObject({ security: 'token-refused', leftOut: 980 })
})
