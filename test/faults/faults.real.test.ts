import { execFileSync } from 'node:child_process'
import { beforeAll, describe, expect, it } from 'vitest'
import { findBackend } from '../support/backends.ts'
import { defaultOptions, type ScenarioName } from './options.ts'
import { play } from './play.ts'
import type { CountName } from './tally.ts'
import { verdictText } from './verdict-text.ts'

/** The short form of `npm run faults`: the same processes and the same checker, fewer bidders, one round. */
const short = { bidders: 12, quiet: 20, sessionTimeoutMs: 3_000, softCloseMs: 4_000, rounds: 1 }
const withinMs = 150_000

const exercised: Partial<Record<ScenarioName, readonly CountName[]>> = {
  mixed: ['acknowledged', 'handOvers', 'extensions', 'nodeKills', 'storeKills', 'newLeaders'],
  freeze: ['acknowledged', 'handOvers', 'freezes', 'newLeaders', 'batchesWhileFrozen'],
}

beforeAll(() => {
  execFileSync('npm', ['run', '-s', 'build'], { stdio: ['ignore', 'inherit', 'inherit'] })
})

for (const kind of ['zookeeper', 'etcd'] as const) {
  const backend = await findBackend(kind, { size: 3, hurtsMembers: true })

  describe.skipIf(backend === undefined)(`three nodes on three ${kind} servers`, () => {
    it(
      'lose no bid when the holder, the leader and a store server are killed',
      async () => {
        await playsCleanly('mixed')
      },
      withinMs,
    )

    it(
      'write nothing out of turn when the holder and the leader freeze and wake',
      async () => {
        await playsCleanly('freeze')
      },
      withinMs,
    )
  })

  async function playsCleanly(scenario: ScenarioName): Promise<void> {
    const options = { ...defaultOptions, ...short, store: kind, scenario }
    const progress: string[] = []
    const { verdict, folder } = await play(options, (text) => progress.push(text))
    const told = [...progress, verdictText(verdict, options), folder ?? ''].join('\n')
    expect(verdict.violations, told).toEqual([])
    for (const name of exercised[scenario] ?? [])
      expect(verdict.tally[name], `${name}\n${told}`).toBeGreaterThan(0)
  }
}
