import { useApp } from '../state/app.ts'
import { type Draft, readDraft } from '../state/draft.ts'
import { money } from '../state/amount.ts'
import { softCloseInWords } from '../state/soft-close-words.ts'
import { say } from '../words/say.ts'
import { Instant } from './instant.tsx'

/** The rules of the auction to come, as its bidders will read them. */
export function RulesPreview({ draft }: { draft: Draft }) {
  const { time } = useApp()
  const read = readDraft({ ...draft, title: 'any' })
  if (!read.ok) return null
  const { startPrice, increment, currency, durationMs, startsAt, softClose } = read.body
  const nowMs = time.now.value
  const startsAtMs = startsAt === undefined ? nowMs : Date.parse(startsAt)
  const endsAtMs = startsAtMs + (durationMs ?? 0)
  const latestMs =
    softClose?.mode === 'add' && softClose.maxExtensions !== undefined
      ? endsAtMs + softClose.extensionMs * softClose.maxExtensions
      : undefined
  const at = (ms: number) => <Instant at={new Date(ms).toISOString()} nowMs={nowMs} />
  return (
    <section class="rules" aria-labelledby="rules">
      <h3 id="rules">{say('rulesPreview')}</h3>
      <ul>
        <li>
          {say('ruleFirstBid', {
            amount: money(String(startPrice), currency ?? 'USD'),
            step: money(typeof increment === 'string' ? increment : '0', currency ?? 'USD'),
          })}
        </li>
        <li>
          {startsAt === undefined ? say('ruleOpensNow') : say('ruleOpensAt')}{' '}
          {startsAt !== undefined && at(startsAtMs)} · {say('ruleEnds')} {at(endsAtMs)}
        </li>
        <li>
          {softCloseInWords(softClose ?? null)}
          {latestMs !== undefined && (
            <>
              {' · '}
              {say('ruleLatest')} {at(latestMs)}
            </>
          )}
        </li>
      </ul>
    </section>
  )
}
