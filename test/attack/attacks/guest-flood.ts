import { apiPath } from '../../../src/protocol/version.ts'
import type { Attack } from '../attack.ts'
import { limitFlags, limitsNamed } from '../stage/limit-flags.ts'

const capMax = 100
const caps = limitsNamed(/guests?.*address|address.*guests?/i)

/** One address makes guests as fast as it can, on a node that is told to take a hundred of them. */
export const guestFlood: Attack = {
  name: 'guest-flood',
  promise: 'one address cannot fill the store with guests',
  ownNode: { flags: limitFlags(caps, capMax) },
  async run(stage) {
    const flooder = stage.stranger()
    const call = { method: 'POST', path: `${apiPath}/session`, body: { name: 'Flood' } }
    const answers = await flooder.askAll(Array.from({ length: 1_000 }, () => call))
    const taken = answers.filter((answer) => answer?.status === 201).length
    const broken: string[] = []
    if (caps.length === 0) broken.push('no limit is named for the guests of one address')
    if (taken > capMax)
      broken.push(`${taken} of ${answers.length} guests of one address were taken`)
    const honest = await stage.stranger().ask({ ...call, body: { name: 'Harriet' } })
    if (honest.status !== 201) broken.push(`a guest of another address: ${honest.status}`)
    return broken
  },
}
