import type { EnsembleMember } from '../../../src/ensemble/ensemble.ts'
import type { Stage } from './stage.ts'

/** kill: SIGKILL and a start on what is on disk. freeze: SIGSTOP and SIGCONT; their sockets stay open and say nothing. */
export type QuorumLoss = 'kill' | 'freeze'

export interface LostQuorum {
  readonly lostAtMs: number
  /** Resolves when the servers answer again, at `backAtMs`; two of them may have served since soon after `freedAtMs`. */
  regain(): Promise<{ freedAtMs: number; backAtMs: number }>
}

/** Takes two of three store servers away, the leader among them: nothing can be committed from then on. */
export async function loseQuorum(
  { cluster, recorder, eyes, say }: Stage,
  how: QuorumLoss,
  hotId: string,
): Promise<LostQuorum> {
  const leader = await cluster.storeMember('leader')
  const follower = await cluster.storeMember('follower')
  const { seq: hotSeq } = await eyes.head(hotId)
  const lostAtMs = recorder.now()
  const fault = { t: 'fault', role: 'store', target: 'store', hotSeq } as const
  recorder.add({ ...fault, atMs: lostAtMs, kind: 'quorum-loss' })
  const gone: EnsembleMember[] = [leader, follower]
  if (how === 'freeze') gone.forEach((member) => member.pause())
  else await Promise.all(gone.map((member) => member.kill()))
  say(`quorum lost: ${how} of store servers ${gone.map(({ id }) => id).join(' and ')}`)
  return {
    lostAtMs,
    async regain() {
      const freedAtMs = recorder.now()
      recorder.add({ ...fault, atMs: freedAtMs, kind: 'heal' })
      if (how === 'freeze') gone.forEach((member) => member.resume())
      else await Promise.all(gone.map((member) => member.restart()))
      const backAtMs = recorder.now()
      say(`the servers are back after ${Math.round(backAtMs - lostAtMs)} ms`)
      return { freedAtMs, backAtMs }
    },
  }
}
