import type { CreateAuctionBody } from '../../../src/protocol/http-request.ts'
import { readAmount } from './amount.ts'
import { say } from '../words/say.ts'

/** What stands in the form of a new auction, as typed. */
export interface Draft {
  readonly title: string
  readonly description: string
  readonly currency: string
  readonly startPrice: string
  readonly increment: string
  /** As a `datetime-local` field holds it, in the viewer's zone; empty: at once. */
  readonly startsAt: string
  readonly duration: string
  readonly durationUnit: DurationUnit
  readonly hasSoftClose: boolean
  readonly windowSeconds: string
  readonly extensionSeconds: string
  /** Empty: no limit. */
  readonly maxExtensions: string
}

const durationUnits = {
  seconds: 1_000,
  minutes: 60_000,
  hours: 3_600_000,
  days: 86_400_000,
} as const
export type DurationUnit = keyof typeof durationUnits

export const currencies = ['USD', 'EUR', 'GBP', 'CHF', 'JPY', 'SEK', 'AUD', 'CAD', 'KWD'] as const

export const emptyDraft: Draft = {
  title: '',
  description: '',
  currency: 'USD',
  startPrice: '100.00',
  increment: '1.00',
  startsAt: '',
  duration: '10',
  durationUnit: 'minutes',
  hasSoftClose: true,
  windowSeconds: '30',
  extensionSeconds: '60',
  maxExtensions: '10',
}

/** What is wrong, by field. */
export type DraftErrors = Partial<Record<keyof Draft, string | undefined>>

/** What the parts of the form take. */
export interface DraftProps {
  readonly draft: Draft
  readonly errors: DraftErrors
  readonly onChange: (change: Partial<Draft>) => void
}

export type ReadDraft = { ok: true; body: CreateAuctionBody } | { ok: false; errors: DraftErrors }

const durationMsMax = 90 * durationUnits.days
const secondsMax = 86_400

/** The draft as a request, or all that is wrong with it. The node checks again. */
export function readDraft(draft: Draft): ReadDraft {
  const errors: DraftErrors = {}
  const title = draft.title.trim()
  if (title === '') errors.title = say('sayWhatIsForSale')
  if (Array.from(title).length > 200) errors.title = say('titleTooLong')
  const startPrice = readAmount(draft.startPrice, draft.currency)
  if (!startPrice.ok) errors.startPrice = startPrice.why
  const increment = readAmount(draft.increment, draft.currency)
  if (!increment.ok) errors.increment = increment.why
  const startsAtMs = draft.startsAt === '' ? undefined : Date.parse(draft.startsAt)
  if (Number.isNaN(startsAtMs)) errors.startsAt = say('startsAtUnread')
  const durationMs = Number(draft.duration) * durationUnits[draft.durationUnit]
  if (!(durationMs >= 1_000 && durationMs <= durationMsMax)) {
    errors.duration = say('durationBounds')
  }
  const windowSeconds = wholeNumber(draft.windowSeconds)
  const extensionSeconds = wholeNumber(draft.extensionSeconds)
  const maxExtensions = draft.maxExtensions.trim() === '' ? null : wholeNumber(draft.maxExtensions)
  if (draft.hasSoftClose) {
    const why = say('secondsBounds')
    if (!(windowSeconds >= 1 && windowSeconds <= secondsMax)) errors.windowSeconds = why
    if (!(extensionSeconds >= 1 && extensionSeconds <= secondsMax)) errors.extensionSeconds = why
    if (maxExtensions !== null && !(maxExtensions >= 0 && maxExtensions <= 100_000)) {
      errors.maxExtensions = say('extensionsBounds')
    }
  }
  if (Object.keys(errors).length > 0 || !startPrice.ok || !increment.ok)
    return { ok: false, errors }
  const softClose = {
    windowMs: windowSeconds * 1_000,
    extensionMs: extensionSeconds * 1_000,
    mode: 'add' as const,
    ...(maxExtensions === null ? {} : { maxExtensions }),
  }
  return {
    ok: true,
    body: {
      title,
      description: draft.description.trim(),
      currency: draft.currency,
      startPrice: startPrice.amount,
      increment: increment.amount,
      ...(startsAtMs === undefined ? {} : { startsAt: new Date(startsAtMs).toISOString() }),
      durationMs: Math.round(durationMs),
      softClose: draft.hasSoftClose ? softClose : null,
    },
  }
}

/** Where a node's complaint about a field of the request belongs in the form. */
export function draftField(field: string | undefined): keyof Draft | undefined {
  switch (field) {
    case 'title':
    case 'description':
    case 'currency':
    case 'startPrice':
    case 'increment':
    case 'startsAt':
      return field
    case 'durationMs':
    case 'endsAt':
      return 'duration'
    case 'softClose':
      return 'windowSeconds'
    default:
      return undefined
  }
}

/** NaN for anything but plain digits. */
function wholeNumber(text: string): number {
  return /^\d{1,9}$/.test(text.trim()) ? Number(text) : NaN
}
