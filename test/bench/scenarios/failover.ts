import { type Gap, percentile } from '../../faults/gaps.ts'
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
    const { kills: rounds, ...sale } = size.failover
    const played = await play(
      {
        ...{ ...defaultOptions, ...sale, store, nodes, program, seed, folder },
        ...{ scenario: 'kill-holder', rounds, bidders: size.bidders },
      },
      say,
    )
    const { gaps, violations, shortcomings } = played.verdict
    const answers = linesOf(played.history, 'answer')
    const countOf = (outcome: string) =>
      answers.filter((answer) => answer.outcome === outcome).length
    const silence = (share: number) => percentileMs(gaps, share, ({ silenceMs }) => silenceMs)
    const next = (share: number) => percentileMs(gaps, share, ({ firstAckMs }) => firstAckMs)
    return {
      measures: [
        {
          ...{ what: 'nobody acknowledged, p95', value: silence(0.95), unit: 'ms' },
          reach: { atMost: 1_500 },
        },
        { what: 'nobody acknowledged, p50', value: silence(0.5), unit: 'ms' },
        { what: 'nobody acknowledged, longest', value: silence(1), unit: 'ms' },
        { what: 'kill to the next bid acknowledged, p95', value: next(0.95), unit: 'ms' },
        { what: 'the same, p50', value: next(0.5), unit: 'ms' },
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
      notes: [
        `${rounds} kills, a node starts again after each; silence: the longest that a kill falls into or that began within 5 s of it`,
        ...shortcomings,
      ],
      versions: played.versions,
    }
  },
}

/** Where none ever came, it took for ever. */
function percentileMs(
  gaps: readonly Gap[],
  share: number,
  of: (gap: Gap) => number | undefined,
): number {
  return (
    percentile(
      gaps.map((gap) => of(gap) ?? Infinity),
      share,
    ) ?? NaN
  )
}
