export const nemesisNames = [
  'kill-node',
  'kill-leader',
  'kill-holder',
  'kill-store-follower',
  'kill-store-leader',
  'freeze-node',
  'freeze-leader',
  'freeze-holder',
  'stutter',
  'freeze-store-follower',
  'freeze-store-leader',
  'cut',
  'half-open',
  'black-hole',
  'drop-reply',
  'truncate-frame',
  'latency',
  'forwards-unanswered',
  'forwards-silent',
  'partition',
  'store-partition-leader',
  'store-partition-follower',
  'packet-loss',
  'loose-cable',
  'thin-cable',
  'quorum-loss',
  'store-full',
  'disk-full',
  'session-kill',
  'compaction',
  'clock-skew',
  'sigterm-roll',
  'flood',
  'never-read',
  'reconnect-storm',
  'every5',
] as const
export type NemesisName = (typeof nemesisNames)[number]

/** `every5` is a load of its own, for the figure of availability; `disk-full` would put the store's data in memory for all. */
const onlyByName: readonly NemesisName[] = ['every5', 'disk-full']

/** The rounds of `all`. */
export const rotatedNames = nemesisNames.filter((name) => !onlyByName.includes(name))
