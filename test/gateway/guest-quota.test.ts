import { afterEach, expect, it } from 'vitest'
import { systemClock } from '../../src/lib/system-clock.ts'
import { createGuestQuota } from '../../src/gateway/growth/guest-quota.ts'
import { createManualClock } from '../support/manual-clock.ts'
import { startTestGateway, type TestGateway } from './test-gateway.ts'

let node: TestGateway | undefined
afterEach(() => node?.stop())

const behindProxy = { trustedProxies: ['127.0.0.1'], clock: systemClock }
const signIn = (from: string) =>
  node!.ask('POST', '/api/v1/session', {
    body: { name: 'Ada' },
    headers: { 'x-forwarded-for': from },
  })
const statuses = async (...from: string[]) => {
  const seen: number[] = []
  for (const address of from) seen.push((await signIn(address)).status)
  return seen
}

it('an address makes so many guests within an hour, the others theirs', async () => {
  node = await startTestGateway({ ...behindProxy, limits: { guestsPerAddressPerHour: 2 } })
  expect(await statuses('10.0.0.1', '10.0.0.1')).toEqual([201, 201])
  const refused = await signIn('10.0.0.1')
  expect(refused).toMatchObject({ status: 429, json: { code: 'too-many-guests' } })
  const { retryAfterMs } = refused.json as { retryAfterMs: number }
  expect(retryAfterMs).toBeGreaterThan(1_700_000)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(1_700)
  expect(await statuses('10.0.0.2')).toEqual([201])
  expect(await statuses('fd00::1', 'fd00::2', 'fd00::3', 'fd00:0:0:1::3')).toEqual([
    ...[201, 201, 429],
    201,
  ])
})

it('a node makes so many guests within an hour', async () => {
  node = await startTestGateway({ ...behindProxy, limits: { guestsPerNodePerHour: 2 } })
  expect(await statuses('10.0.0.1', '10.0.0.2', '10.0.0.3')).toEqual([201, 201, 429])
})

it('a guest who was not made counts for nothing', async () => {
  node = await startTestGateway({ ...behindProxy, limits: { guestsPerAddressPerHour: 1 } })
  node.engine.failure = new Error('no store')
  expect(await statuses('10.0.0.1', '10.0.0.1')).toEqual([500, 500])
  node.engine.failure = undefined
  expect(await statuses('10.0.0.1', '10.0.0.1')).toEqual([201, 429])
})

it('what was taken comes back over the hour, and never more than that', async () => {
  const clock = createManualClock()
  const limits = { guestsPerAddressPerHour: 60, guestsPerNodePerHour: 1_000 }
  const quota = createGuestQuota({ clock, limits })
  const takenNow = () => {
    for (let count = 0; ; count++) {
      try {
        quota.take('10.0.0.1')
      } catch {
        return count
      }
    }
  }
  expect(takenNow()).toBe(60)
  await clock.advance(10 * 60_000)
  expect(takenNow()).toBe(10)
  await clock.advance(10 * 3_600_000)
  expect(takenNow()).toBe(60)
})
