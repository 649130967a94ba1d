import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { operatorTokenOf } from '../../cmd/operator-flags.ts'
import { keptOperatorToken } from '../../src/node/operator-token-file.ts'

let folder: string
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'lotkeeper-operator-'))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('an embedded node makes a token at its first start, for its owner alone, and keeps it', () => {
  const store = `embedded:${folder}/data`
  const token = keptOperatorToken(store)
  expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/)
  const file = join(folder, 'data', 'operator-token')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readFileSync(file, 'utf8').trim()).toBe(token)
  expect(keptOperatorToken(store)).toBe(token)
  expect(keptOperatorToken('memory:')).toBeUndefined()
  writeFileSync(file, '')
  expect(() => keptOperatorToken(store)).toThrow('holds no operator')
})

it('a command sends what it was given, and never the token of this machine to another', () => {
  const file = join(folder, 'token')
  writeFileSync(file, 'an-operator-token\n')
  const nodes = ['http://n1.example:8080']
  expect(operatorTokenOf({ operatorToken: 'a-token' }, nodes)).toBe('a-token')
  expect(operatorTokenOf({ operatorTokenFile: file }, nodes)).toBe('an-operator-token')
  expect(() => operatorTokenOf({ operatorTokenFile: `${file}-not` }, nodes)).toThrow(
    'cannot be read',
  )
  expect(operatorTokenOf({}, nodes)).toBeUndefined()
})
