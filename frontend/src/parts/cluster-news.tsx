import type { ClusterNews } from '../state/cluster-story.ts'
import type { ClusterStory, ToldNews } from '../state/follow-cluster.ts'
import { shortId } from '../state/short-id.ts'
import { spanInWords } from '../state/time-left.ts'
import { say } from '../words/say.ts'
import { Instant } from './instant.tsx'

const icons: Readonly<Record<ClusterNews['kind'], string>> = {
  'node-came': '+',
  'node-gone': '×',
  'node-ready': '✓',
  'node-not-ready': '!',
  'leader-gone': '×',
  'leader-new': '★',
  store: '‖',
  'lock-moved': '→',
  'lock-taken': '↷',
}

/** What happened in the cluster while this page was open. */
export function ClusterNewsList({ story }: { story: ClusterStory }) {
  const told = story.told.value
  return (
    <section aria-labelledby="news">
      <h2 id="news">{say('happenings')}</h2>
      {told.length === 0 ? (
        <p class="muted">{say('noHappenings')}</p>
      ) : (
        <div class="news" role="log" aria-labelledby="news" tabIndex={0}>
          <ol>
            {told.map((one, index) => (
              <li key={`${one.atMs} ${told.length - index}`} data-kind={one.news.kind}>
                <span class="news-icon" aria-hidden="true">
                  {icons[one.news.kind]}
                </span>
                <span>{inWords(one)}</span>
                <span class="small muted">
                  <Instant at={new Date(one.atMs).toISOString()} nowMs={one.atMs} />
                </span>
              </li>
            ))}
          </ol>
        </div>
      )}
    </section>
  )
}

function inWords({ news, gapMs }: ToldNews): string {
  switch (news.kind) {
    case 'node-came':
      return say('newsCame', { node: news.node })
    case 'node-gone':
      return say('newsGone', { node: news.node })
    case 'node-ready':
      return say('newsReady', { node: news.node })
    case 'node-not-ready':
      return say('newsNotReady', { node: news.node })
    case 'leader-gone':
      return say('newsLeaderGone', { node: news.node })
    case 'leader-new':
      return gapMs === undefined
        ? say('newsLeader', { node: news.node, term: news.term })
        : say('newsLeaderAfter', { node: news.node, term: news.term, span: spanInWords(gapMs) })
    case 'store':
      return say(
        news.state === 'serving'
          ? 'newsStoreServing'
          : news.state === 'suspended'
            ? 'newsStoreSuspended'
            : 'newsStoreLost',
      )
    case 'lock-moved':
      return say('newsLockMoved', {
        auction: shortId(news.auctionId),
        from: news.from,
        to: news.to,
      })
    case 'lock-taken':
      return say('newsLockTaken', {
        auction: shortId(news.auctionId),
        from: news.from,
        to: news.to,
      })
  }
}
