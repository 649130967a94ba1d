import type { ClusterTime, ClusterView } from '../../engine/engine.ts'
import { clusterJson, lockTurnsJson, timeJson } from '../../protocol/http.ts'
import { noQuery } from '../../protocol/http-query.ts'
import { encodeCluster, encodeLockTurns } from '../encode/cluster.ts'
import { Fault } from '../fault.ts'
import { formatInstant } from '../instant.ts'
import { route, type Route } from './route.ts'

export function clusterRoutes(deps: {
  nodeId: string
  cluster: ClusterView
  time: ClusterTime
  demoControl: string | undefined
}): Route[] {
  const { cluster, time, demoControl } = deps
  return [
    route({
      method: 'get',
      path: '/time',
      summary: 'Cluster time, and how well this node knows it',
      needsSession: false,
      rate: 'reads',
      query: noQuery,
      answers: {
        200: {
          description: "offsetMs: cluster time minus the node's wall clock; errorMs: its bound",
          schema: timeJson,
        },
      },
      problems: ['unsettled'],
      async handle() {
        const now = time.now()
        if (now === undefined) throw new Fault('unsettled', undefined, { retryAfterMs: 1_000 })
        return {
          status: 200,
          json: {
            serverTime: formatInstant(now),
            offsetMs: time.offsetMs(),
            errorMs: time.errorMs(),
          },
        }
      },
    }),
    route({
      method: 'get',
      path: '/cluster',
      summary: 'Members, leader, store and locks as this node sees them',
      needsSession: false,
      rate: 'reads',
      query: noQuery,
      answers: {
        200: {
          description:
            "The cluster; without pid, version, servers and ensemble, which are the operator's",
          schema: clusterJson,
        },
      },
      problems: [],
      async handle({ maySee }) {
        const json = encodeCluster(await cluster.status(), { demoControl, maySee })
        return { status: 200, json }
      },
    }),
    route({
      method: 'get',
      path: '/cluster/lock-turns',
      summary: 'Locks that this node handed over, revoked or lost lately',
      needsSession: false,
      rate: 'reads',
      query: noQuery,
      answers: { 200: { description: 'The newest hundred', schema: lockTurnsJson } },
      problems: [],
      async handle() {
        return { status: 200, json: encodeLockTurns(deps.nodeId, cluster.lockTurns()) }
      },
    }),
  ]
}
