import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { must } from '../../src/lib/assert.ts'

const styles = join(import.meta.dirname, '../../frontend/src/styles')
const sheet = (name: string) => readFileSync(join(styles, name), 'utf8')

/** Both colours of each token that is a colour: in light, in dark. */
const tokens = new Map(
  [...sheet('tokens.css').matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)].map(
    ([, name, light, dark]) => [name, { light: light ?? '', dark: dark ?? '' }] as const,
  ),
)

/** WCAG 2.2, relative luminance. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (high + 0.05) / (low + 0.05)
}

const grounds: Readonly<Record<string, readonly string[]>> = {
  paper: ['ink', 'muted', 'accent', 'accent-deep', 'alarm', 'amber'],
  sheet: ['ink', 'muted', 'accent', 'accent-deep', 'alarm', 'amber'],
  sunken: ['ink', 'muted'],
  'accent-wash': ['ink', 'accent', 'accent-deep'],
  'alarm-wash': ['ink', 'alarm'],
  'amber-wash': ['ink', 'amber'],
  accent: ['on-accent'],
  'accent-deep': ['on-accent'],
  alarm: ['on-alarm'],
}

describe.each(['light', 'dark'] as const)('the colours, %s', (theme) => {
  const colour = (name: string) => must(tokens.get(name), name)[theme]

  it('are read on every ground that they stand on', () => {
    const pairs = Object.entries(grounds).flatMap(([ground, words]) =>
      words.map(
        (word) => [`${word} on ${ground}`, contrast(colour(word), colour(ground))] as const,
      ),
    )
    expect(pairs.filter(([, ratio]) => ratio < 4.5)).toEqual([])
  })

  it('show where a field or a button ends', () => {
    for (const ground of ['paper', 'sheet'])
      expect(contrast(colour('line-strong'), colour(ground))).toBeGreaterThanOrEqual(3)
  })
})

describe('changes', () => {
  it('take no word through a colour that cannot be read: grounds and words change at once', () => {
    const changing = readdirSync(styles)
      .flatMap((name) => [...sheet(name).matchAll(/transition:([^;]+);/g)])
      .flatMap(([, list]) => (list ?? '').split(','))
      .map((one) => one.trim().split(/\s+/)[0])
    expect([...new Set(changing)].sort()).toEqual(['border-color', 'none', 'stroke-dashoffset'])
  })

  it('begin, where a word is drawn in, with a colour that can be read', () => {
    const from = readdirSync(styles)
      .flatMap((name) => [...sheet(name).matchAll(/from \{\s+color: var\(--([\w-]+)\)/g)])
      .map(([, name]) => name)
    expect(from).toEqual(['accent'])
    expect(grounds['sheet']).toContain('accent')
  })
})
