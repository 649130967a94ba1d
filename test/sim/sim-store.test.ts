import { seededEntropy } from '../../src/lib/entropy.ts'
import { systemClock } from '../../src/lib/system-clock.ts'
import { describeStore } from '../store/conformance/describe-store.ts'
import { fixtureOn, memoryManifest } from '../store/memory-fixture.ts'
import { createSimStore } from './sim-store.ts'

// The store that the simulator uses, with its latencies, its order of arrival and plain reads up to 100 ms old, here on the
// machine's clock: what is concluded from it means something only if it keeps the port's promises. It also proves that the suite
// asks of a store no more than the port promises.
describeStore('the simulated store', memoryManifest, async () => {
  const { world } = createSimStore({
    time: {
      nowMs: 0,
      eventCount: 0,
      after: (delayMs, happen) => systemClock.setTimer(delayMs, happen),
      runUntil: async () => undefined,
    },
    clock: systemClock,
    entropy: seededEntropy(7),
    staleMsMax: 100,
  })
  return fixtureOn(world)
})
