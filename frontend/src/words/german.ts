import type { English } from './english.ts'
import { biddingWords } from './german/bidding.ts'
import { catalogueWords } from './german/catalogue.ts'
import { clusterWords } from './german/cluster.ts'
import { demoWords } from './german/demo.ts'
import { frameWords } from './german/frame.ts'
import { roomWords } from './german/room.ts'
import { sellWords } from './german/sell.ts'
import { timeWords } from './german/time.ts'
import type { Catalogue } from './phrase.ts'

export const german: Catalogue<keyof English> = {
  ...frameWords,
  ...timeWords,
  ...catalogueWords,
  ...roomWords,
  ...biddingWords,
  ...sellWords,
  ...clusterWords,
  ...demoWords,
}
