import type { Plant } from './plant.ts'
import { stage } from './stage.ts'

// Rings merge, and whoever takes a ring for the news itself sees the newest event only: what lay between is never read. (A ring
// that is swallowed by the store is no bug to find: every lookout looks again by itself, and every bid reads.)
export const watchWithoutReread: Plant = {
  name: 'watch-without-reread',
  bug: 'of several events that came together the newest is told',
  rules: ['feed-run'],
  mode: 'safety',
  replan: stage(() => ({})),
  spoil: () => ({
    wrapClient: (client) => ({
      ...client,
      watch: (auctionId, onUpdate, options) =>
        client.watch(
          auctionId,
          (update) =>
            onUpdate(
              update.kind === 'events' ? { ...update, events: update.events.slice(-1) } : update,
            ),
          options,
        ),
    }),
  }),
}
