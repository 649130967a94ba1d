import { blackHoleNemesis } from './black-hole.ts'
import { clockSkewNemesis } from './clock-skew.ts'
import { compactionNemesis } from './compaction.ts'
import { cutNemesis } from './cut.ts'
import { diskFullNemesis } from './disk-full.ts'
import { dropReplyNemesis } from './drop-reply.ts'
import { every5Nemesis } from './every5.ts'
import { floodNemesis } from './flood.ts'
import { freezeHolderNemesis } from './freeze-holder.ts'
import { freezeLeaderNemesis } from './freeze-leader.ts'
import { freezeNodeNemesis } from './freeze-node.ts'
import { freezeStoreFollowerNemesis } from './freeze-store-follower.ts'
import { freezeStoreLeaderNemesis } from './freeze-store-leader.ts'
import { forwardsSilentNemesis } from './forwards-silent.ts'
import { forwardsUnansweredNemesis } from './forwards-unanswered.ts'
import { halfOpenNemesis } from './half-open.ts'
import { killHolderNemesis } from './kill-holder.ts'
import { killLeaderNemesis } from './kill-leader.ts'
import { killNodeNemesis } from './kill-node.ts'
import { killStoreFollowerNemesis } from './kill-store-follower.ts'
import { killStoreLeaderNemesis } from './kill-store-leader.ts'
import { latencyNemesis } from './latency.ts'
import { looseCableNemesis } from './loose-cable.ts'
import type { NemesisName } from './names.ts'
import type { Nemesis } from './nemesis.ts'
import { neverReadNemesis } from './never-read.ts'
import { packetLossNemesis } from './packet-loss.ts'
import { partitionNemesis } from './partition.ts'
import { quorumLossNemesis } from './quorum-loss.ts'
import { reconnectStormNemesis } from './reconnect-storm.ts'
import { sessionKillNemesis } from './session-kill.ts'
import { sigtermRollNemesis } from './sigterm-roll.ts'
import { storeFullNemesis } from './store-full.ts'
import { storePartitionFollowerNemesis } from './store-partition-follower.ts'
import { storePartitionLeaderNemesis } from './store-partition-leader.ts'
import { stutterNemesis } from './stutter.ts'
import { thinCableNemesis } from './thin-cable.ts'
import { truncateFrameNemesis } from './truncate-frame.ts'

export const nemeses: Readonly<Record<NemesisName, Nemesis>> = {
  'kill-node': killNodeNemesis,
  'kill-leader': killLeaderNemesis,
  'kill-holder': killHolderNemesis,
  'kill-store-follower': killStoreFollowerNemesis,
  'kill-store-leader': killStoreLeaderNemesis,
  'freeze-node': freezeNodeNemesis,
  'freeze-leader': freezeLeaderNemesis,
  'freeze-holder': freezeHolderNemesis,
  stutter: stutterNemesis,
  'freeze-store-follower': freezeStoreFollowerNemesis,
  'freeze-store-leader': freezeStoreLeaderNemesis,
  cut: cutNemesis,
  'half-open': halfOpenNemesis,
  'black-hole': blackHoleNemesis,
  'drop-reply': dropReplyNemesis,
  'truncate-frame': truncateFrameNemesis,
  latency: latencyNemesis,
  'forwards-unanswered': forwardsUnansweredNemesis,
  'forwards-silent': forwardsSilentNemesis,
  partition: partitionNemesis,
  'store-partition-leader': storePartitionLeaderNemesis,
  'store-partition-follower': storePartitionFollowerNemesis,
  'packet-loss': packetLossNemesis,
  'loose-cable': looseCableNemesis,
  'thin-cable': thinCableNemesis,
  'quorum-loss': quorumLossNemesis,
  'store-full': storeFullNemesis,
  'disk-full': diskFullNemesis,
  'session-kill': sessionKillNemesis,
  compaction: compactionNemesis,
  'clock-skew': clockSkewNemesis,
  'sigterm-roll': sigtermRollNemesis,
  flood: floodNemesis,
  'never-read': neverReadNemesis,
  'reconnect-storm': reconnectStormNemesis,
  every5: every5Nemesis,
}
