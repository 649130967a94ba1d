import { must } from '../../../src/lib/assert.ts'
import { anyNode } from '../aim.ts'
import { killNode, killStoreMember, restart, restartStoreMember } from '../harm.ts'
import type { Run } from '../run.ts'
import { pause } from '../wait.ts'
import type { Nemesis } from './nemesis.ts'

const everyMs = 5_000
const downMs = 1_000
const killsARound = 4

/** Kill -9 of a node or a store server every 5 s; each is back before the next one goes. */
export const every5Nemesis: Nemesis = {
  touches: 'every-node',
  mustSee: ['nodeKills'],
  async strike(run) {
    for (let kill = 1; kill <= killsARound; kill++) {
      const dueMs = run.recorder.now() + everyMs
      await (run.entropy.random() < 0.5 ? hitNode(run) : hitStore(run))
      await pause(dueMs - run.recorder.now())
    }
  },
}

async function hitNode(run: Run): Promise<void> {
  const node = anyNode(run)
  try {
    await killNode(run, node, 'node')
    await pause(downMs)
  } finally {
    await restart(run, node)
  }
}

async function hitStore(run: Run): Promise<void> {
  const role = must((['leader', 'follower'] as const)[run.entropy.random() < 1 / 3 ? 0 : 1], 'role')
  const member = await killStoreMember(run, role)
  try {
    await pause(downMs)
  } finally {
    await restartStoreMember(run, member)
  }
}
