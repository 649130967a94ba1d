import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { closeCodes } from '../../src/protocol/close-code.ts'
import { errorCodes } from '../../src/protocol/error-code.ts'
import { protocolLimits } from '../../src/protocol/limits.ts'

const reference = readFileSync(new URL('../../docs/protocol.md', import.meta.url), 'utf8')

/** The cells of the table row that begins with this one. */
function row(first: RegExp): string[] | undefined {
  const line = reference.split('\n').find((text) => first.test(text))
  return line
    ?.split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())
}

describe('docs/protocol.md', () => {
  it.each(Object.entries(errorCodes))('has the code %s as it is', (code, meaning) => {
    expect(row(new RegExp(`^\\| \`${code}\` \\| \\d`))).toEqual([
      `\`${code}\``,
      String(meaning.status),
      meaning.title,
      meaning.advice,
    ])
  })

  it.each(Object.entries(protocolLimits))('has the limit %s as it is', (name, value) => {
    const cells = row(new RegExp(`^\\| \`${name}\``))
    expect(cells?.[1]?.replaceAll(',', '')).toBe(String(value))
  })

  it.each(Object.values(closeCodes))('says what to do when closed with %i', (code) => {
    expect(row(new RegExp(`^\\| [\\d, ]*${code}\\b`))?.length).toBe(3)
  })

  it('names no code that does not exist', () => {
    const table = reference.slice(
      reference.indexOf('## Error codes'),
      reference.indexOf('## Limits'),
    )
    const named = [...table.matchAll(/^\| `([a-z-]+)` \|/gm)].map((match) => match[1])
    expect(named).toEqual(Object.keys(errorCodes))
  })
})
