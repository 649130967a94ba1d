import { execFileSync } from 'node:child_process'
import { beforeAll, describe, expect, it } from 'vitest'
import { findBackend } from '../support/backends.ts'
import type { NemesisName } from './nemeses/names.ts'
import { defaultOptions } from './options.ts'
import { play } from './play.ts'
import type { CountName } from './tally.ts'
import { verdictText } from './verdict-text.ts'

/** The short form of `npm run faults`: the same processes and the same checker, fewer bidders, each nemesis once. */
const short = { bidders: 12, quiet: 4, sessionTimeoutMs: 3_000, softCloseMs: 6_000 }
const withinMs = 150_000

interface ShortForm {
  readonly promise: string
  readonly nemesis: readonly NemesisName[]
  /** A run without these has shown nothing. */
  readonly exercised: readonly CountName[]
}

const forms: Readonly<Record<'zookeeper' | 'etcd', ShortForm>> = {
  zookeeper: {
    promise: 'lose no bid to a killed holder, a black hole and a store leader that is cut off',
    nemesis: ['kill-holder', 'black-hole', 'store-partition-leader'],
    exercised: ['acknowledged', 'forwarded', 'handOvers', 'extensions', 'nodeKills', 'revocations'],
  },
  etcd: {
    promise: 'lose no bid to a killed holder, a frozen leader, lost replies and a lost quorum',
    nemesis: ['kill-holder', 'freeze-leader', 'drop-reply', 'quorum-loss'],
    exercised: [
      ...([
        'acknowledged',
        'forwarded',
        'handOvers',
        'extensions',
        'nodeKills',
        'freezes',
      ] as const),
      ...(['revocations', 'outageCredits'] as const),
    ],
  },
}

beforeAll(() => {
  execFileSync('npm', ['run', '-s', 'build'], { stdio: ['ignore', 'inherit', 'inherit'] })
})

for (const kind of ['zookeeper', 'etcd'] as const) {
  const backend = await findBackend(kind, { size: 3, hurtsMembers: true })
  const { promise, nemesis, exercised } = forms[kind]

  describe.skipIf(backend === undefined)(`three nodes on three ${kind} servers`, () => {
    it(
      promise,
      async () => {
        const rounds = nemesis.length
        const options = { ...defaultOptions, ...short, store: kind, nemesis, rounds }
        const progress: string[] = []
        const { verdict, folder } = await play(options, (text) => progress.push(text))
        const told = [...progress, verdictText(verdict, options), folder ?? ''].join('\n')
        expect(verdict.violations, told).toEqual([])
        for (const name of exercised)
          expect(verdict.tally[name], `${name}\n${told}`).toBeGreaterThan(0)
      },
      withinMs,
    )
  })
}
