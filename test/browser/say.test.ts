import { afterEach, describe, expect, it } from 'vitest'
import { english } from '../../frontend/src/words/english.ts'
import { german } from '../../frontend/src/words/german.ts'
import type { Phrase } from '../../frontend/src/words/phrase.ts'
import { chooseLanguage, say, speak } from '../../frontend/src/words/say.ts'
import { money, readAmount } from '../../frontend/src/state/amount.ts'
import { decimal } from '../../frontend/src/state/decimal.ts'
import { spanInWords } from '../../frontend/src/state/time-left.ts'

const texts = (phrase: Phrase) =>
  typeof phrase === 'string' ? [phrase] : [phrase.one, phrase.other]
const namesIn = (phrase: Phrase) =>
  new Set(texts(phrase).flatMap((text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)))

describe('the words of the pages', () => {
  afterEach(() => speak('en'))

  it('fill in values and follow the rules of counting', async () => {
    expect(say('bid', { amount: '$120.00' })).toBe('Bid $120.00')
    expect(say('bidCount', { count: 1 })).toBe('1 bid')
    expect(say('bidCount', { count: 0 })).toBe('0 bids')
    await speak('de')
    expect(say('bid', { amount: '120,00 €' })).toBe('120,00 € bieten')
    expect(say('bidCount', { count: 2 })).toBe('2 Gebote')
  })

  it('stay in the language that they are in when another is not known', async () => {
    await speak('tlh')
    expect(say('yourName')).toBe('Your name')
    expect(chooseLanguage(['tlh', 'de-AT', 'en'])).toBe('de')
    expect(chooseLanguage(['tlh'])).toBeUndefined()
  })

  it('name the same values in every language', () => {
    for (const [key, phrase] of Object.entries(english)) {
      const translated = german[key as keyof typeof english]
      expect(namesIn(translated), key).toEqual(namesIn(phrase))
      for (const text of texts(translated)) expect(text.trim(), key).not.toBe('')
    }
  })

  it('write figures as the language does, with a true minus', async () => {
    expect([decimal(1.25, 1), decimal(-7, 1), decimal(-0.04, 1)]).toEqual(['1.3', '−7.0', '0.0'])
    await speak('de')
    expect(decimal(-7, 1)).toBe('−7,0')
    expect([spanInWords(1_500), spanInWords(30_000)]).toEqual(['1,5 s', '30 s'])
  })

  it('take and show amounts as the language writes them', async () => {
    await speak('de')
    expect(money('1250.00', 'EUR')).toBe('1.250,00\u00a0€')
    for (const [typed, amount] of [
      ['1.250,5 €', '1250.50'],
      ['1.250', '1250.00'],
      ['120.5', '120.50'],
      ['99,95', '99.95'],
    ] as const) {
      expect(readAmount(typed, 'EUR'), typed).toEqual({ ok: true, amount })
    }
    expect(readAmount('1.25.0', 'EUR').ok).toBe(false)
    expect(readAmount('1,250.00', 'EUR').ok).toBe(false)
  })
})
