import { biddingWords } from './english/bidding.ts'
import { catalogueWords } from './english/catalogue.ts'
import { clusterWords } from './english/cluster.ts'
import { demoWords } from './english/demo.ts'
import { frameWords } from './english/frame.ts'
import { roomWords } from './english/room.ts'
import { sellWords } from './english/sell.ts'
import { timeWords } from './english/time.ts'

/** The language that the others are translated from. */
export const english = {
  ...frameWords,
  ...timeWords,
  ...catalogueWords,
  ...roomWords,
  ...biddingWords,
  ...sellWords,
  ...clusterWords,
  ...demoWords,
} as const

export type English = typeof english
