import { seededEntropy } from '../../src/lib/entropy.ts'
import { systemClock } from '../../src/lib/system-clock.ts'
import { createMemoryWorld } from '../../src/store/memory/world.ts'
import { describeStore } from './conformance/describe-store.ts'
import { fixtureOn, memoryManifest } from './memory-fixture.ts'

// Proves that the suite asks of a store no more than the port promises: plain reads here are up to 100 ms old.
describeStore('memory far away, with stale reads', memoryManifest, async () => {
  const world = createMemoryWorld({ clock: systemClock })
  const entropy = seededEntropy(7)
  world.latency = () => ({ requestMs: entropy.random() * 2, replyMs: entropy.random() * 2 })
  world.staleness = () => 100 * entropy.random()
  return fixtureOn(world)
})
