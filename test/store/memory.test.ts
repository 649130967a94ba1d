import { systemClock } from '../../src/lib/system-clock.ts'
import { createMemoryWorld } from '../../src/store/memory/world.ts'
import { describeStore } from './conformance/describe-store.ts'
import { fixtureOn, memoryManifest } from './memory-fixture.ts'

describeStore('memory', memoryManifest, async () =>
  fixtureOn(createMemoryWorld({ clock: systemClock })),
)
