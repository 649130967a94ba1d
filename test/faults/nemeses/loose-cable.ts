import { between } from '../aim.ts'
import { hurtCable } from '../cable-harm.ts'
import type { Cable } from '../namespaces.ts'
import { lacksNamespaces } from '../namespaces.ts'
import type { Nemesis } from './nemesis.ts'

/** One node's cable has a loose contact: all packets are lost for 50 to 600 ms, again and again. */
export const looseCableNemesis: Nemesis = {
  touches: 'node',
  network: 'nodes',
  missing: lacksNamespaces,
  strike(run) {
    let isPulled = true
    const pull = (cable: Cable) => cable.pull()
    const turn = (cable: Cable) => {
      isPulled = !isPulled
      if (isPulled) cable.pull()
      else cable.mend()
    }
    return hurtCable(run, 'loose-cable', pull, {
      pauseMs: () => between(run, 50, 600),
      hurt: turn,
    })
  },
}
