import { apiPath } from '../../../src/protocol/version.ts'
import type { Attack } from '../attack.ts'
import { sell } from '../stage/person.ts'
import type { Stage } from '../stage/stage.ts'

/** One address asks for the answers that cost a node most, over twenty connections. */
export const dearCalls: Attack = {
  name: 'dear-calls',
  promise: 'the dearest questions of one address leave everybody else served',
  async run(stage) {
    const seller = await stage.guest('Selma')
    const description = 'x'.repeat(4_000)
    const lots = stage.isShort ? 60 : 200
    for (let lot = 0; lot < lots; lot++) await sell(seller, { description })
    const broken: string[] = []
    for (const [what, path] of Object.entries(questions)) {
      broken.push(...(await strike(stage, what, path)))
    }
    return broken
  },
}

const questions = {
  'full pages': () => `${apiPath}/auctions?limit=200`,
  'the metrics': () => '/metrics',
  'the description of the interface': () => '/openapi.json',
  'unknown auctions': (at: number) => `${apiPath}/auctions/${unknownId(at)}`,
  'unknown auctions, fresh': (at: number) => `${apiPath}/auctions/${unknownId(at)}?fresh=true`,
}
const connectionCount = 20
const callsMax = { short: 400, long: 1_000 }

async function strike(stage: Stage, what: string, path: (at: number) => string): Promise<string[]> {
  const asker = stage.stranger()
  const honest = stage.stranger()
  let isOver = false
  const count = stage.isShort ? callsMax.short : callsMax.long
  const calls = Array.from({ length: count }, (_, at) => ({ path: path(at) }))
  const asking = asker.askAll(calls, connectionCount).finally(() => (isOver = true))
  let refused = 0
  let served = 0
  while (!isOver) {
    const withinMs = stage.healthMsMax
    const answer = await honest.ask({ path: `${apiPath}/time`, withinMs }).catch(() => undefined)
    if (answer?.status === 200) served++
    else refused++
  }
  await asking
  return refused === 0 ? [] : [`${what}: ${refused} of ${refused + served} honest calls not served`]
}

function unknownId(at: number): string {
  return `01J${String(at).padStart(23, '0')}`
}
