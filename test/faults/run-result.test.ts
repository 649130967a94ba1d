import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { addResult, isDone, readResults, type RunResult } from './run-result.ts'

const run = { store: 'etcd', seed: 3, nemesis: 'cut', rounds: 2, commit: 'abc' } as const
const result = { ...run, passed: true } as unknown as RunResult

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lotkeeper-results-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

it('a run that finished is done, at its own commit only', () => {
  const file = join(folder, 'results.jsonl')
  expect(isDone(readResults(file), run)).toBe(false)
  addResult(file, result)
  expect(isDone(readResults(file), run)).toBe(true)
  expect(isDone(readResults(file), { ...run, commit: 'def' })).toBe(false)
  expect(isDone(readResults(file), { ...run, seed: 4 })).toBe(false)
})

it('a result that broke off in its line is no result, and spoils no other', () => {
  const file = join(folder, 'results.jsonl')
  addResult(file, result)
  appendFileSync(file, '{"store":"etcd","se')
  addResult(file, { ...result, seed: 4 })
  expect(readResults(file).map(({ seed }) => seed)).toEqual([3, 4])
})
