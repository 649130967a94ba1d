import { useEffect, useState } from 'preact/hooks'
import type { ClusterJson } from '../../../src/protocol/http.ts'
import { askNode, keyOf, readLockTurns, type ToldTurn } from '../state/lock-turns.ts'
import { shortId } from '../state/short-id.ts'
import { say } from '../words/say.ts'
import { Instant } from './instant.tsx'

const icons = { 'handed-over': '→', revoked: '↷', lost: '×' } as const

/** Hand-overs and revocations as the nodes themselves tell them: also those that came and went between two looks. */
export function LockTurns({ cluster }: { cluster: ClusterJson }) {
  const [turns, setTurns] = useState<readonly ToldTurn[]>([])
  useEffect(() => {
    let isCurrent = true
    void readLockTurns(cluster.members, askNode, turns).then((told) => {
      if (isCurrent) setTurns(told)
    })
    return () => {
      isCurrent = false
    }
  }, [cluster])
  return (
    <section aria-labelledby="turns">
      <h2 id="turns">{say('lockTurns')}</h2>
      {turns.length === 0 ? (
        <p class="muted">{say('noLockTurns')}</p>
      ) : (
        <div class="news" role="group" aria-labelledby="turns" tabIndex={0}>
          <ol>
            {turns.map((turn) => (
              <li key={keyOf(turn)} data-kind={turn.kind}>
                <span class="news-icon" aria-hidden="true">
                  {icons[turn.kind]}
                </span>
                <span>{inWords(turn)}</span>
                <span class="small muted">
                  <Instant at={turn.at} nowMs={Date.parse(turn.at)} />
                </span>
              </li>
            ))}
          </ol>
        </div>
      )}
    </section>
  )
}

function inWords({ kind, node, auctionId, from, count }: ToldTurn): string {
  const auction = shortId(auctionId)
  switch (kind) {
    case 'handed-over':
      return say('turnHandedOver', { node, auction, count })
    case 'revoked':
      return from === null
        ? say('turnRevoked', { node, auction })
        : say('turnRevokedFrom', { node, auction, from })
    case 'lost':
      return say('turnLost', { node, auction })
  }
}
