export const nemesisNames = [
  'kill-node',
  'kill-leader',
  'kill-holder',
  'kill-store-follower',
  'kill-store-leader',
  'freeze-node',
  'freeze-leader',
  'freeze-holder',
  'freeze-store-follower',
  'freeze-store-leader',
  'cut',
  'half-open',
  'black-hole',
  'drop-reply',
  'truncate-frame',
  'latency',
  'partition',
  'quorum-loss',
  'session-kill',
  'compaction',
  'clock-skew',
  'sigterm-roll',
  'flood',
  'never-read',
  'every5',
] as const
export type NemesisName = (typeof nemesisNames)[number]

/** The rounds of `all`: `every5` is a load of its own, for the figure of availability. */
export const rotatedNames: readonly NemesisName[] = nemesisNames.filter((name) => name !== 'every5')
