import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createAuctionBody,
  createSessionBody,
  placeBidBody,
} from '../../src/protocol/http-request.ts'
import { auctionQuery, eventsQuery, listQuery } from '../../src/protocol/http-query.ts'
import { line, prose } from '../../src/protocol/text.ts'
import { up } from '../../src/protocol/up.ts'

const requests = {
  createAuctionBody,
  createSessionBody,
  placeBidBody,
  listQuery,
  auctionQuery,
  eventsQuery,
  up,
}

describe('what callers send', () => {
  it('is refused or taken, whatever it is, and never throws', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        for (const schema of Object.values(requests)) schema.safeParse(json)
      }),
      { numRuns: 500 },
    )
  })

  it('is refused with a field more', () => {
    const good = {
      createAuctionBody: { title: 'A kettle' },
      createSessionBody: { name: 'Ada' },
      placeBidBody: { amount: '1' },
      listQuery: {},
      auctionQuery: {},
      eventsQuery: {},
      up: { type: 'hello' },
    }
    for (const [name, schema] of Object.entries(requests)) {
      const body = good[name as keyof typeof good]
      expect(schema.safeParse(body).success, name).toBe(true)
      fc.assert(
        fc.property(fc.string({ minLength: 9 }), (field) => {
          fc.pre(!(field in body))
          expect(schema.safeParse({ ...body, [field]: 1 }).success).toBe(false)
        }),
        { numRuns: 50 },
      )
    }
  })
})

describe('text that people read', () => {
  it('counts characters as people do, not as computers do', () => {
    expect(line(3).safeParse('𠮷🦉🦉').success).toBe(true)
    expect(line(3).safeParse('𠮷🦉🦉🦉').success).toBe(false)
    expect(line(3).parse('  ab ')).toBe('ab')
  })

  it('counts the bytes of prose as they are stored', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.nat(80), (text, max) => {
        const composed = text.normalize('NFC')
        fc.pre(!/[\p{C}\p{Zl}\p{Zp}\p{DI}\u2800]|\p{M}{5}/u.test(composed))
        expect(prose(max).safeParse(text).success).toBe(Buffer.byteLength(composed) <= max)
      }),
    )
  })

  it('has line breaks in prose only, and nothing that hides or turns text', () => {
    expect(prose(99).safeParse('a\r\n\tb').success).toBe(true)
    expect(line(99).safeParse('a\nb').success).toBe(false)
    for (const bad of ['\u0000', '\u001b', '\u007f', '\u0085', '\u202e', '\u2066', '\ud800']) {
      expect(line(99).safeParse(`a${bad}b`).success).toBe(false)
      expect(prose(99).safeParse(`a${bad}b`).success).toBe(false)
    }
  })
})
