import type { ForwardedAnswers, ForwardedBids, NodeLinks } from '../../src/engine/forwarding.ts'
import type { Entropy } from '../../src/lib/entropy.ts'
import type { SimProcess } from './process.ts'
import { createWay, type Weather } from './sim-socket.ts'
import type { SimTime } from './sim-time.ts'

/** The receiving end of a link: one incarnation of a node. */
export interface LinkEnd {
  readonly process: SimProcess
  takeForwarded(sessionId: string, forwarded: ForwardedBids): Promise<ForwardedAnswers>
}

/** The links of one node: ordered ways to others, that break now and then with all that is under way. */
export interface SimLinks extends NodeLinks {
  /** Whoever ran at this URL is gone; `isTold`: its machine says so. */
  died(url: string, isTold: boolean): void
  /** The weather changed. */
  refresh(): void
}

const breakShare = 0.01

export function createSimLinks(deps: {
  time: SimTime
  entropy: Entropy
  from: SimProcess
  endAt: (url: string) => LinkEnd | undefined
  weatherTo: (url: string) => Weather
}): SimLinks {
  const { time, entropy, from, endAt, weatherTo } = deps
  const links = new Map<string, ReturnType<typeof open>>()

  const open = (url: string) => {
    const weather = weatherTo(url)
    const up = createWay({ time, entropy, weather })
    const down = createWay({ time, entropy, weather })
    const unanswered = new Set<() => void>()
    let isOpen = false
    up.send(1, () => {
      if (endAt(url) !== undefined) down.send(1, () => from.enter(() => (isOpen = true)))
      else links.delete(url)
    })
    return {
      ...{ up, down, unanswered },
      get isOpen() {
        return isOpen
      },
      break(isTold: boolean) {
        links.delete(url)
        up.breakOff()
        down.breakOff()
        if (!isTold) return
        time.after(weather.latencyMs(), () =>
          from.enter(() => [...unanswered].forEach((lose) => lose())),
        )
      },
    }
  }
  const linkTo = (url: string) => {
    const link = links.get(url) ?? open(url)
    links.set(url, link)
    return link
  }

  return {
    async forward({ url, sessionId }, forwarded, withinMs) {
      const link = linkTo(url)
      if (!link.isOpen) return { kind: 'not-sent' }
      return new Promise((resolve) => {
        const lose = () => end(() => resolve({ kind: 'unknown' }))
        const end = (tell: () => void) => {
          timer.cancel()
          link.unanswered.delete(lose)
          tell()
        }
        const timer = from.clock.setTimer(withinMs, lose)
        link.unanswered.add(lose)
        const text = JSON.stringify(forwarded)
        const answer = (answers: ForwardedAnswers) => {
          if (entropy.random() < breakShare) link.break(true)
          const back = JSON.stringify(answers)
          link.down.send(back.length, () =>
            from.enter(() =>
              end(() => {
                resolve({ kind: 'answered', answers: JSON.parse(back) as ForwardedAnswers })
              }),
            ),
          )
        }
        link.up.send(text.length, () => {
          const to = endAt(url)
          to?.process.enter(() => {
            const taken = to.takeForwarded(sessionId, JSON.parse(text) as ForwardedBids)
            void taken.then(answer)
          })
        })
      })
    },
    died: (url, isTold) => links.get(url)?.break(isTold),
    refresh() {
      for (const { up, down } of links.values()) {
        up.clear()
        down.clear()
      }
    },
  }
}
