import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { talliesByHolder, talliesByKind, talliesOfCopies } from './heap-kinds.ts'
import { type HeapSnapshot, parseHeapSnapshot } from './heap-snapshot.ts'
import { growthBetween, rowsOf, totalOf } from './heap-table.ts'

// Another process that holds so many lots, and takes a snapshot before and after.
const program = `
  const { writeHeapSnapshot } = require('node:v8')
  class Lot {
    constructor(number) {
      this.title = Buffer.from('a brass sextant, number ' + number).toString()
      this.house = Buffer.from('the house of Selma').toString()
      this.standing = { amountMinor: number, auctionId: 'lot', bidder: { nickname: this.title } }
    }
  }
  const [folder] = process.argv.slice(1)
  writeHeapSnapshot(folder + '/start')
  globalThis.lots = Array.from({ length: 1234 }, (_, number) => new Lot(number))
  writeHeapSnapshot(folder + '/end')
`
const lotCount = 1_234
const folder = mkdtempSync(join(tmpdir(), 'lotkeeper-heap-test-'))
const read = (name: string) => readFileSync(join(folder, name))
let start: HeapSnapshot
let end: HeapSnapshot
beforeAll(() => {
  execFileSync(process.execPath, ['-e', program, folder])
  start = parseHeapSnapshot(read('start'))
  end = parseHeapSnapshot(read('end'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('a heap snapshot tells', () => {
  it('how many of each constructor there are, and how large', () => {
    expect(talliesByKind(start).get('Lot')).toBeUndefined()
    const { count, bytes } = talliesByKind(end).get('Lot') ?? { count: 0, bytes: 0 }
    expect(count).toBe(lotCount)
    // A header of three words, and a word or half a one for each property.
    expect(bytes / count).toBeGreaterThanOrEqual(24)
    expect(bytes / count).toBeLessThanOrEqual(80)
  })
  it('plain objects by their properties', () => {
    const kinds = talliesByKind(end)
    // V8 does not tell of properties that hold numbers, and may keep one object more to copy new ones from.
    const asMany = [lotCount, lotCount + 1]
    expect(asMany).toContain(kinds.get('{ auctionId, bidder }')?.count)
    expect(asMany).toContain(kinds.get('{ nickname }')?.count)
  })
  it('who holds a string', () => {
    const holders = talliesByHolder(end)
    expect(holders.get('(string) of Lot.title')?.count).toBe(lotCount)
    expect(holders.get('(string) of { nickname }.nickname')).toBeUndefined()
  })
  it('which strings are there more than once', () => {
    const copies = talliesOfCopies(end).get('"the house of Selma"')
    // The program itself says it once.
    expect(copies?.count).toBe(lotCount)
    expect(copies?.bytes).toBeGreaterThan(lotCount * 18)
  })
  it('all that the process itself counts', () => {
    const grown = growthBetween(talliesByKind(start), talliesByKind(end))
    expect(grown.get('Lot')?.count).toBe(lotCount)
    const leastBytes = lotCount * 200
    expect(totalOf(grown)).toBeGreaterThan(leastBytes)
    expect(totalOf(talliesByKind(end))).toBeGreaterThan(2_000_000)
    expect(rowsOf(grown, lotCount).join('\n')).toMatch(/ 1\.0 {2}Lot$/m)
  })
})

describe('what is no whole snapshot is refused', () => {
  it.each(['nodes', 'edges', 'strings'])('cut off in the %s', (name) => {
    const whole = read('start')
    const at = whole.indexOf(`"${name}":[`)
    expect(() => parseHeapSnapshot(whole.subarray(0, at))).toThrow('heap snapshot')
    expect(() => parseHeapSnapshot(whole.subarray(0, at + 500))).toThrow()
  })
})
