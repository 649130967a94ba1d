import type { Scenario } from '../scenario.ts'
import { closings } from './closings.ts'
import { contention } from './contention.ts'
import { failover } from './failover.ts'
import { fanOut } from './fan-out.ts'
import { growth } from './growth.ts'
import { hot } from './hot.ts'
import { idle } from './idle.ts'
import { latency } from './latency.ts'
import { many } from './many.ts'
import { saturation } from './saturation.ts'

export const scenarios: readonly Scenario[] = [
  hot,
  latency,
  saturation,
  contention,
  many,
  fanOut,
  growth,
  closings,
  idle,
  failover,
]
