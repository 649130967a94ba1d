import { describeOnBench } from './bench.ts'
import { commitSuite } from './commit.suite.ts'
import { faultSuite } from './faults.suite.ts'
import type { StoreFixture, StoreManifest } from './fixture.ts'
import { kvSuite } from './kv.suite.ts'
import { limitSuite } from './limits.suite.ts'
import { orderingSuite } from './ordering.suite.ts'
import { sessionSuite } from './session.suite.ts'
import { turnSuite } from './turns.suite.ts'
import { watchSuite } from './watch.suite.ts'

/**
 * The specification of the port. A backend runs all of it on one server; what it lacks it declares in its manifest, and each
 * test that is skipped for it says so in its name.
 */
export function describeStore(
  name: string,
  manifest: StoreManifest,
  openFixture: () => Promise<StoreFixture>,
): void {
  describeOnBench(name, manifest, openFixture, [
    kvSuite,
    commitSuite,
    orderingSuite,
    limitSuite,
    watchSuite,
    sessionSuite,
    faultSuite,
    turnSuite,
  ])
}
