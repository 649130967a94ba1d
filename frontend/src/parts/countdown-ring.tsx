import type { AuctionJson } from '../../../src/protocol/auction.ts'
import { useApp } from '../state/app.ts'
import { countdownOf } from '../state/standing.ts'
import { ringShare, urgencyOf, type Urgency } from '../state/urgency.ts'
import { say } from '../words/say.ts'

const radius = 46
const circumference = 2 * Math.PI * radius

/** The time left as a ring, a figure and a word. Hatched and standing still while nobody tells us of moves of the end. */
export function CountdownRing({ auction }: { auction: AuctionJson }) {
  const { linkTime } = useApp()
  const { nowMs, isFrozen } = linkTime.value
  const urgency = urgencyOf(auction, nowMs)
  const state = isFrozen && urgency !== 'over' ? 'frozen' : urgency
  const words = countdownOf(auction, nowMs)
  return (
    <div class="countdown" data-urgency={state}>
      <div class="dial">
        <Ring share={ringShare(auction, nowMs)} isFrozen={state === 'frozen'} />
        <span
          class="dial-figure"
          role="timer"
          aria-label={say(urgency === 'waiting' ? 'untilStart' : 'timeLeft')}
          data-length={lengthOf(words)}
        >
          {words}
        </span>
      </div>
      <p class="urgency">
        <UrgencyWord state={state} />
      </p>
    </div>
  )
}

/** Letters are wider than figures: "ended" takes more of the dial than "59:59". */
function lengthOf(words: string): 'short' | 'middle' | 'long' {
  if (words.length > 7) return 'long'
  return words.length > 5 || !/\d/.test(words) ? 'middle' : 'short'
}

function Ring({ share, isFrozen }: { share: number; isFrozen: boolean }) {
  return (
    <svg viewBox="0 0 100 100" aria-hidden="true">
      <defs>
        <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse">
          <path class="hatch" d="M0 6 6 0" />
        </pattern>
      </defs>
      {isFrozen && <circle class="hatched" cx="50" cy="50" r={radius} fill="url(#hatch)" />}
      <circle class="track" cx="50" cy="50" r={radius} />
      <circle
        class="left"
        cx="50"
        cy="50"
        r={radius}
        stroke-dasharray={circumference}
        stroke-dashoffset={circumference * (1 - share)}
      />
    </svg>
  )
}

const urgencyWords: Readonly<
  Record<Urgency | 'frozen', readonly [icon: string, key: Parameters<typeof say>[0] | undefined]>
> = {
  waiting: ['◷', 'urgencyWaiting'],
  calm: ['', undefined],
  minute: ['◔', 'urgencyMinute'],
  seconds: ['!', 'urgencySeconds'],
  closing: ['…', 'urgencyClosing'],
  frozen: ['‖', 'urgencyFrozen'],
  over: ['', undefined],
}

function UrgencyWord({ state }: { state: Urgency | 'frozen' }) {
  const [icon, key] = urgencyWords[state]
  if (key === undefined) return <>{'\u00a0'}</>
  return (
    <>
      <span class="urgency-icon" aria-hidden="true">
        {icon}
      </span>
      {say(key as 'urgencyMinute')}
    </>
  )
}
