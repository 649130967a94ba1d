import { describe, expect, it } from 'vitest'
import { Suspended } from '../../src/store/errors.ts'
import type { Call } from '../../src/store/etcd/call.ts'
import { settleFull } from '../../src/store/etcd/full-store.ts'
import { createKeyLayout } from '../../src/store/etcd/key-layout.ts'
import { transactionOf } from '../../src/store/etcd/transaction.ts'
import type { Commit } from '../../src/store/store.ts'
import { bytes, create, outcomeOf, put, remove, unchanged } from './conformance/words.ts'

const layout = createKeyLayout('lotkeeper')
const decidedOn = { key: 'perm/head', version: '7' }
const creation: Commit = { guards: [], writes: [create('log/1', 'ours')] }
const update: Commit = { guards: [unchanged(decidedOn)], writes: [put('perm/head', 'ours')] }

/** What a read of the telling key finds. */
interface Leaf {
  readonly value: string
  readonly mod_revision: string
}

function settle(commit: Commit, found: Leaf | undefined) {
  const kvs = found === undefined ? [] : [{ ...found, value: Buffer.from(bytes(found.value)) }]
  const call = (async () => ({ kvs })) as unknown as Call
  return settleFull(commit, transactionOf(commit, layout, '1'), { call, layout })
}

describe('a commit that a full etcd refused', () => {
  it('landed when what it wrote is there', async () => {
    const landed = { value: 'ours', mod_revision: '9' }
    const versions = new Map([['log/1', '9']])
    expect(await settle(creation, landed)).toEqual({ ok: true, revision: 9n, versions })
    expect(await settle(update, landed)).toMatchObject({ ok: true, revision: 9n })
  })

  it('never happened when its key is as it was', async () => {
    expect(await outcomeOf(settle(creation, undefined))).toBe('Suspended')
    const before = { value: 'ours', mod_revision: decidedOn.version }
    expect(await outcomeOf(settle(update, before))).toBe('Suspended')
  })

  it('is unknown when somebody wrote since, when nothing can tell, and when nobody answers', async () => {
    const others = { value: 'theirs', mod_revision: '9' }
    expect(await outcomeOf(settle(creation, others))).toBe('OutcomeUnknown')
    expect(await outcomeOf(settle(update, others))).toBe('OutcomeUnknown')
    expect(await outcomeOf(settle(update, undefined))).toBe('OutcomeUnknown')
    const blind: Commit = { guards: [], writes: [put('perm/head', 'ours'), remove('log/1')] }
    expect(await outcomeOf(settle(blind, others))).toBe('OutcomeUnknown')
    const silent = (async () => Promise.reject(new Suspended())) as unknown as Call
    const asked = settleFull(creation, transactionOf(creation, layout, '1'), {
      call: silent,
      layout,
    })
    expect(await outcomeOf(asked)).toBe('OutcomeUnknown')
  })
})
