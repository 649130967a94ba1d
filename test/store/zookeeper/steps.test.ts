import { expect, test } from 'vitest'
import { stepsOf } from '../../../src/store/zookeeper/steps.ts'
import { absent, commit, create, present, put, remove, unchanged } from '../conformance/words.ts'

const kinds = (...args: Parameters<typeof commit>) =>
  stepsOf(commit(...args)).map(({ kind, key, version }) =>
    version === undefined ? `${kind} ${key}` : `${kind} ${key} ${version}`,
  )

test('a bid’s commit is three operations: the lock is checked, the slot created, the head put', () => {
  const guards = [present('locks/a/me'), unchanged({ key: 'head/a', version: '0' })]
  expect(kinds([create('log/a/1'), put('head/a', 'x')], guards)).toEqual([
    'check locks/a/me -1',
    'create log/a/1',
    'put head/a 0',
  ])
})

test('a guard that a write brings anyway costs nothing', () => {
  expect(kinds([create('a')], [absent('a')])).toEqual(['create a'])
  expect(kinds([put('a', 'x')], [present('a')])).toEqual(['put a'])
  expect(kinds([remove('a')], [present('a')])).toEqual(['delete a'])
})

test('an absent key that is not written is created and taken back', () => {
  expect(kinds([create('b')], [absent('a')])).toEqual(['create a', 'delete a', 'create b'])
})

test('guards that contradict the write stay guards', () => {
  expect(kinds([create('a')], [present('a')])).toEqual(['check a -1', 'create a'])
  expect(kinds([put('a', 'x')], [absent('a')])).toEqual(['create a', 'delete a', 'put a'])
  const twice = [unchanged({ key: 'a', version: '1' }), unchanged({ key: 'a', version: '2' })]
  expect(kinds([put('a', 'x')], twice)).toEqual(['check a 2', 'put a 1'])
})
