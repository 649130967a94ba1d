import { describe, expect, it } from 'vitest'
import { closeCodes } from '../../src/protocol/close-code.ts'
import { errorCodes } from '../../src/protocol/error-code.ts'
import { protocolLimits } from '../../src/protocol/limits.ts'
import { apiPath, subprotocol } from '../../src/protocol/version.ts'

describe('the table of error codes', () => {
  it('says of each what it means and what to do', () => {
    for (const [code, { status, title, advice }] of Object.entries(errorCodes)) {
      expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/)
      expect(status).toBeGreaterThanOrEqual(400)
      expect(status).toBeLessThan(600)
      expect(title.length).toBeGreaterThan(10)
      expect(advice).toMatch(/[.]$/)
    }
  })

  it('has the statuses that callers outside rely on', () => {
    const statuses = Object.fromEntries(
      Object.entries(errorCodes).map(([code, { status }]) => [code, status]),
    )
    expect(statuses).toMatchObject({
      'bid-too-low': 409,
      closed: 409,
      'seller-may-not-bid': 409,
      'not-open': 409,
      'own-bid': 409,
      'bid-id-reused': 422,
      'rate-limited': 429,
      'store-unavailable': 503,
      overloaded: 503,
      closing: 503,
      'outcome-unknown': 504,
      'not-in-journal': 404,
    })
  })
})

it('keeps the numbers that are fixed', () => {
  expect(closeCodes).toMatchObject({
    goingAway: 1001,
    policy: 1008,
    tooBig: 1009,
    restarting: 1012,
    overloaded: 1013,
    signInFirst: 4001,
    noSuchAuction: 4004,
    slowConsumer: 4008,
    rateLimited: 4029,
  })
  expect(subprotocol).toBe('lotkeeper.v1')
  expect(apiPath).toBe('/api/v1')
  expect(protocolLimits).toMatchObject({
    bodyBytesMax: 16_384,
    frameBytesMax: 8_192,
    titleCharactersMax: 200,
    descriptionBytesMax: 4_096,
    nameCharactersMax: 40,
    durationMsMin: 1_000,
    durationMsMax: 7_776_000_000,
    pingEveryMs: 15_000,
    missedPingsMax: 2,
  })
})
