import type { ScenarioName } from '../options.ts'
import { freezeScenario } from './freeze.ts'
import { killHolderScenario } from './kill-holder.ts'
import { killLeaderScenario } from './kill-leader.ts'
import { killNodeScenario } from './kill-node.ts'
import { mixedScenario } from './mixed.ts'
import type { Scenario } from './scenario.ts'
import { storeMemberScenario } from './store-member.ts'

export const scenarios: Readonly<Record<ScenarioName, Scenario>> = {
  'kill-node': killNodeScenario,
  'kill-leader': killLeaderScenario,
  'kill-holder': killHolderScenario,
  freeze: freezeScenario,
  'store-member': storeMemberScenario,
  mixed: mixedScenario,
}
