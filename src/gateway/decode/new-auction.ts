import type { z } from 'zod'
import { defaultSoftClose, type Conditions, type SoftClose } from '../../auction/conditions.ts'
import { parseAmount, type Minor } from '../../auction/money.ts'
import type { Person } from '../../auction/person.ts'
import type { NewAuction } from '../../engine/engine.ts'
import type { createAuctionBody } from '../../protocol/http-request.ts'
import type { AmountInput } from '../../protocol/scalar.ts'
import { Fault } from '../fault.ts'
import { parseInstant } from '../instant.ts'

type Body = z.output<typeof createAuctionBody>

const defaults = { currency: 'USD', startPrice: '100', increment: '1' } as const

/** The conditions as the rules know them, defaults filled in. @throws Fault that names the field */
export function decodeNewAuction(
  body: Body,
  seller: Person,
  idempotencyKey: string | undefined,
): NewAuction {
  const currency = decodeCurrency(body.currency ?? defaults.currency)
  return {
    seller,
    title: body.title,
    description: body.description ?? '',
    currency,
    startPriceMinor: amount(body.startPrice ?? defaults.startPrice, currency, '/startPrice'),
    increments: decodeIncrements(body.increment ?? defaults.increment, currency),
    ...decodeTimes(body),
    softClose: decodeSoftClose(body.softClose),
    mayRaiseOwnBid: body.mayRaiseOwnBid ?? false,
    ...(idempotencyKey !== undefined && { idempotencyKey }),
  }
}

const knownCurrencies: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'))

function decodeCurrency(code: string): string {
  if (knownCurrencies.has(code)) return code
  throw new Fault('bad-request', 'A currency is an ISO 4217 code such as USD.', {
    pointer: '/currency',
  })
}

function amount(input: AmountInput, currency: string, pointer: string): Minor {
  const minor = parseAmount(input, currency)
  if (minor === undefined) {
    throw new Fault('bad-amount', `${pointer} is no amount of ${currency}.`, { pointer })
  }
  return minor
}

function decodeIncrements(
  increment: NonNullable<Body['increment']>,
  currency: string,
): Conditions['increments'] {
  if (!Array.isArray(increment)) {
    return [{ fromMinor: 0, stepMinor: amount(increment, currency, '/increment') }]
  }
  return increment.map(({ from, step }, index) => ({
    fromMinor: amount(from, currency, `/increment/${index}/from`),
    stepMinor: amount(step, currency, `/increment/${index}/step`),
  }))
}

function decodeTimes({ startsAt, endsAt, durationMs }: Body) {
  if ((endsAt === undefined) === (durationMs === undefined)) {
    const detail = 'Exactly one of endsAt and durationMs says when the auction ends.'
    throw new Fault('bad-conditions', detail, { pointer: '/endsAt' })
  }
  return {
    ...(startsAt !== undefined && { startsAt: instant(startsAt, '/startsAt') }),
    ...(endsAt !== undefined && { endsAt: instant(endsAt, '/endsAt') }),
    ...(durationMs !== undefined && { durationMs }),
  }
}

function decodeSoftClose(softClose: Body['softClose']): SoftClose | null {
  if (softClose === null) return null
  if (softClose === undefined) return defaultSoftClose
  const { windowMs, extensionMs, mode, maxExtensions, hardEndsAt } = softClose
  return {
    windowMs,
    extensionMs,
    mode,
    ...(maxExtensions !== undefined && { maxExtensions }),
    ...(hardEndsAt !== undefined && {
      hardEndsAt: instant(hardEndsAt, '/softClose/hardEndsAt'),
    }),
  }
}

function instant(text: string, pointer: string): number {
  const ms = parseInstant(text)
  if (ms === undefined) throw new Fault('bad-request', `${pointer} is no instant.`, { pointer })
  return ms
}
