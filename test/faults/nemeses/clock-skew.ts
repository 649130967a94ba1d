import { existsSync } from 'node:fs'
import { anyNode, between } from '../aim.ts'
import { noteFault, restart } from '../harm.ts'
import { pause } from '../wait.ts'
import type { Nemesis } from './nemesis.ts'

const libraries = [
  `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/faketime/libfaketimeMT.so.1`,
  '/usr/lib/faketime/libfaketimeMT.so.1',
]
const skews = ['+5s', '-5s', '+0s x1.0003'] as const

/** One node lives a while with a wall clock that is 5 s off, or too fast by 300 ppm; its monotonic clock stays true. */
export const clockSkewNemesis: Nemesis = {
  touches: 'node',
  missing: () =>
    library() === undefined
      ? 'libfaketime is not installed; on Debian or Ubuntu: apt-get install libfaketime'
      : undefined,
  async strike(run) {
    const node = anyNode(run)
    const target = node.nodeId
    const skew = skews[Math.floor(run.entropy.random() * skews.length)] ?? skews[0]
    const atMs = run.recorder.now()
    try {
      await node.terminate()
      run.say(`${target} starts with its wall clock at ${skew}`)
      await node.start({
        LD_PRELOAD: library() ?? '',
        FAKETIME: skew,
        FAKETIME_DONT_FAKE_MONOTONIC: '1',
      })
      await noteFault(run, { atMs, kind: 'skew-clock', role: 'node', target })
      run.load.comeHome(target)
      await pause(between(run, 3_000, 8_000))
      await node.terminate()
    } finally {
      await node.kill()
      await restart(run, node)
    }
    await noteFault(run, { atMs: run.recorder.now(), kind: 'heal', role: 'node', target })
  },
}

function library(): string | undefined {
  return libraries.find((path) => existsSync(path))
}
