import { percentile } from '../../faults/gaps.ts'
import { linesOf } from '../../checker/history.ts'
import { defaultOptions } from '../../faults/options.ts'
import { play } from '../../faults/play.ts'
import type { Scenario } from '../scenario.ts'

/** The fault runner's own scenario, with its checker: the holder of the hot auction's lock is killed again and again. */
export const failover: Scenario = {
  name: 'failover',
  shows: 'a hot auction whose lock holder is killed with -9',
  needs({ store, nodes }) {
    if (store !== 'zookeeper' && store !== 'etcd') return `nobody takes over on ${store}`
    return nodes > 1 ? undefined : 'one node has nobody who takes over'
  },
  async run({ options, folder, say }) {
    const { store, nodes, program, seed, size } = options
    if (store !== 'zookeeper' && store !== 'etcd') throw new Error(`not on ${store}`)
    const played = await play(
      {
        ...defaultOptions,
        ...{ store, nodes, program, seed, scenario: 'kill-holder', rounds: size.kills },
        folder,
      },
      say,
    )
    const { gaps, violations, shortcomings } = played.verdict
    const answers = linesOf(played.history, 'answer')
    const countOf = (outcome: string) =>
      answers.filter((answer) => answer.outcome === outcome).length
    const silences = gaps.map(({ silenceMs }) => silenceMs ?? Infinity)
    const at = (share: number) => percentile(silences, share) ?? NaN
    return {
      measures: [
        {
          ...{ what: 'nobody acknowledged, p95', value: at(0.95), unit: 'ms' },
          reach: { atMost: 1_500 },
        },
        { what: 'nobody acknowledged, p50', value: at(0.5), unit: 'ms' },
        { what: 'nobody acknowledged, longest', value: at(1), unit: 'ms' },
        { what: 'holders killed', value: gaps.length, unit: '' },
      ],
      counts: {
        acknowledged: countOf('accepted'),
        refused: countOf('rejected'),
        unknown: countOf('unknown'),
      },
      checked: {
        count: countOf('accepted'),
        complaints: violations.map(({ rule, detail }) => `${rule}: ${detail}`),
      },
      notes: shortcomings,
      versions: played.versions,
    }
  },
}
