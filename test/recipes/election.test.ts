import { expect, test } from 'vitest'
import { must } from '../../src/lib/assert.ts'
import { createElection } from '../../src/recipes/election.ts'
import { settle } from '../support/manual-clock.ts'
import { canWrite, createRoom, pend, timeUntil } from './room.ts'

const never = () => new AbortController().signal

function createCampaigns(nodeCount: number) {
  const room = createRoom(nodeCount)
  const candidates = room.nodes.map((node) => {
    const election = createElection({ ...node.deps, dir: 'leader' })
    return { ...node, election, campaign: () => pend(election.campaign(never())) }
  })
  return { ...room, candidates }
}

test('one candidate leads, the others wait their turn, and terms rise', async () => {
  const { candidates } = createCampaigns(3)
  const campaigns = []
  for (const candidate of candidates) {
    campaigns.push(candidate.campaign())
    await settle()
  }
  const terms: bigint[] = []
  for (const [index, campaign] of campaigns.entries()) {
    expect(campaigns.filter(({ value }) => value !== undefined)).toHaveLength(index + 1)
    const leadership = must(campaign.value, 'leadership')
    terms.push(leadership.term)
    expect(leadership.lost.aborted).toBe(false)
    await leadership.resign()
    await settle()
  }
  expect(terms).toEqual([...new Set(terms)].sort((a, b) => (a < b ? -1 : 1)))
})

test('a leader whose session ends is replaced, learns it, and cannot write any more', async () => {
  const { candidates, world, clock } = createCampaigns(2)
  const [first, second] = [candidates[0]!, candidates[1]!]
  const old = first.campaign()
  await settle()
  const next = second.campaign()
  await settle()
  world.expire(first.store.session)
  await settle()
  const leadership = must(next.value, 'leadership')
  expect(leadership.term).toBeGreaterThan(must(old.value, 'leadership').term)
  await timeUntil(clock, () => old.value?.lost.aborted === true, 2_000)
  expect(await canWrite(first, must(old.value, 'leadership').guard)).toBe(false)
  expect(await canWrite(second, leadership.guard)).toBe(true)
})

test('a frozen leader that thaws still believes, and cannot write', async () => {
  const { candidates, clock } = createCampaigns(2)
  const [first, second] = [candidates[0]!, candidates[1]!]
  const old = first.campaign()
  await settle()
  const next = second.campaign()
  await settle()
  first.freeze()
  await timeUntil(clock, () => next.value !== undefined, 8_000)
  expect(old.value?.lost.aborted).toBe(false)
  first.thaw()
  await timeUntil(clock, () => first.store.session.state === 'serving', 5_000)
  expect(await canWrite(first, must(old.value, 'leadership').guard)).toBe(false)
  expect(old.value?.lost.aborted).toBe(true)
})

test('a leader that does not lead is deposed; it learns it and may campaign again', async () => {
  const { candidates } = createCampaigns(2)
  const [first, second] = [candidates[0]!, candidates[1]!]
  const old = first.campaign()
  await settle()
  const next = second.campaign()
  await settle()
  const { term, lost, guard } = must(old.value, 'leadership')
  expect(await second.election.depose(term)).toBe(true)
  await settle()
  expect(lost.aborted).toBe(true)
  expect(await canWrite(first, guard)).toBe(false)
  expect(next.value?.term).toBeGreaterThan(term)
  const again = first.campaign()
  await next.value?.resign()
  await settle()
  expect(again.value?.term).toBeGreaterThan(must(next.value, 'leadership').term)
})

test('deposing an earlier term, or a candidate that waits, touches nobody', async () => {
  const { candidates, world } = createCampaigns(3)
  const old = candidates[0]!.campaign()
  await settle()
  const next = candidates[1]!.campaign()
  await settle()
  candidates[2]!.campaign()
  await settle()
  await old.value?.resign()
  await settle()
  const waitingTerm = must([...world.server.list('leader')][1], 'candidate')[1].createRevision
  expect(await candidates[2]!.election.depose(must(old.value, 'leadership').term)).toBe(false)
  expect(await candidates[0]!.election.depose(waitingTerm)).toBe(false)
  expect(next.value?.lost.aborted).toBe(false)
})

test('an observer knows the leader and is told of each change', async () => {
  const { candidates } = createCampaigns(3)
  const { election } = candidates[2]!
  const seen: (string | undefined)[] = []
  election.onChange((leader) => seen.push(leader?.nodeId))
  await election.observe(never())
  expect(election.current()).toBeUndefined()
  const old = candidates[0]!.campaign()
  await settle()
  expect(election.current()).toEqual({ nodeId: 'node-1', term: old.value?.term })
  const next = candidates[1]!.campaign()
  await settle()
  await old.value?.resign()
  await settle()
  await next.value?.resign()
  await settle()
  expect(seen).toEqual(['node-1', 'node-2', undefined])
})

test('a campaign that is called off leaves the queue', async () => {
  const { candidates, world } = createCampaigns(2)
  candidates[0]!.campaign()
  await settle()
  const stop = new AbortController()
  const second = pend(candidates[1]!.election.campaign(stop.signal))
  await settle()
  stop.abort(new Error('shutting down'))
  await settle()
  expect(second.error?.message).toBe('shutting down')
  expect([...world.server.list('leader')]).toHaveLength(1)
})

test('candidates are patient: a leader that makes no progress is deposed by beacons, not by the queue', async () => {
  const { candidates, clock } = createCampaigns(2)
  const old = candidates[0]!.campaign()
  await settle()
  const next = candidates[1]!.campaign()
  await clock.advance(60_000)
  expect(next.value).toBeUndefined()
  expect(old.value?.lost.aborted).toBe(false)
})
