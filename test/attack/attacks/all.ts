import type { Attack } from '../attack.ts'
import { auctionFlood } from './auction-flood.ts'
import { conditionalRequests } from './conditional-requests.ts'
import { dearCalls } from './dear-calls.ts'
import { deceivingNames } from './deceiving-names.ts'
import { extremes } from './extremes.ts'
import { frameFloods } from './frame-floods.ts'
import { guestFlood } from './guest-flood.ts'
import { hostileJson } from './hostile-json.ts'
import { idleConnections } from './idle-connections.ts'
import { liveFeedStorm } from './live-feed-storm.ts'
import { looseParsing } from './loose-parsing.ts'
import { nodePasses } from './node-passes.ts'
import { rebinding } from './rebinding.ts'
import { refusedUpgrades } from './refused-upgrades.ts'
import { signOut } from './sign-out.ts'
import { terminalEscapes } from './terminal-escapes.ts'
import { unknownUpgrades } from './unknown-upgrades.ts'
import { unreadAnswers } from './unread-answers.ts'
import { whatStrangersLearn } from './what-strangers-learn.ts'
import { wrongTokens } from './wrong-tokens.ts'

export const attacks: readonly Attack[] = [
  liveFeedStorm,
  hostileJson,
  refusedUpgrades,
  unreadAnswers,
  wrongTokens,
  signOut,
  guestFlood,
  auctionFlood,
  rebinding,
  dearCalls,
  idleConnections,
  whatStrangersLearn,
  deceivingNames,
  extremes,
  conditionalRequests,
  unknownUpgrades,
  frameFloods,
  looseParsing,
  terminalEscapes,
  nodePasses,
]
