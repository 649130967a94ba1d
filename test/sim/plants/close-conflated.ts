import type { Plant } from './plant.ts'
import { stage } from './stage.ts'

// What comes right after another frame is left out, because a newer one will follow. After a close none does.
export const closeConflated: Plant = {
  name: 'close-conflated',
  bug: 'conflation drops the close',
  rules: ['feed-one-close', 'feed-complete'],
  mode: 'liveness',
  replan: stage(() => ({})),
  spoil: () => ({
    engine: ({ encoder }) => ({
      encoder: {
        ...encoder,
        events(batch) {
          const isClose = batch.events.some(({ event }) => event.type === 'AuctionClosed')
          if (!isClose) return encoder.events(batch)
          const { record, auctionId, epoch, prevSeq } = batch
          return encoder.events({ auctionId, epoch, prevSeq, seq: prevSeq, events: [], record })
        },
      },
    }),
  }),
}
