import { useEffect, useMemo } from 'preact/hooks'
import { BidWay } from '../parts/bid-way.tsx'
import { ClusterLanes } from '../parts/cluster-lanes.tsx'
import { Locks } from '../parts/cluster-locks.tsx'
import { Members } from '../parts/cluster-members.tsx'
import { ClusterNewsList } from '../parts/cluster-news.tsx'
import { StoreServers } from '../parts/cluster-servers.tsx'
import { Summary } from '../parts/cluster-summary.tsx'
import { LockTurns } from '../parts/cluster-turns.tsx'
import { DemoControls } from '../parts/demo-controls.tsx'
import { Failure } from '../parts/failure.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { useApp } from '../state/app.ts'
import { createClusterStory } from '../state/follow-cluster.ts'
import { useRefreshed } from '../state/use-refreshed.ts'
import { say } from '../words/say.ts'

const refreshEveryMs = 1_000

export function ClusterPage() {
  const { client, clock } = useApp()
  const story = useMemo(() => createClusterStory(clock), [])
  const { value, error, refresh } = useRefreshed('cluster', refreshEveryMs, () => client.cluster())
  useEffect(() => {
    if (value !== undefined) story.add(value)
  }, [value])
  return (
    <>
      <PageHead title={say('cluster')}>
        {value !== undefined && (
          <p class="muted small">{say('asNodeSees', { node: value.node })}</p>
        )}
      </PageHead>
      {error !== undefined && <Failure error={error} onRetry={refresh} />}
      {value === undefined ? (
        error === undefined && <p class="muted">{say('looking')}</p>
      ) : (
        <div class="stack wide-gaps">
          <Summary cluster={value} />
          {value.demo !== undefined && <DemoControls url={value.demo.controlUrl} />}
          <BidWay tellsWithout />
          <ClusterLanes story={story} />
          <Members cluster={value} />
          <StoreServers cluster={value} />
          <Locks cluster={value} />
          <LockTurns cluster={value} />
          <ClusterNewsList story={story} />
        </div>
      )}
    </>
  )
}
