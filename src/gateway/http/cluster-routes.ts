import type { ClusterTime, ClusterView, Engine } from '../../engine/engine.ts'
import { clusterJson, lockTurnsJson, secretRotationJson, timeJson } from '../../protocol/http.ts'
import { noQuery } from '../../protocol/http-query.ts'
import { encodeCluster, encodeLockTurns } from '../encode/cluster.ts'
import { Fault } from '../fault.ts'
import { formatInstant } from '../instant.ts'
import { prices } from '../prices.ts'
import { route, type Route } from './route.ts'

export function clusterRoutes(deps: {
  nodeId: string
  cluster: ClusterView
  time: ClusterTime
  nodes: Pick<Engine['nodes'], 'rotate'>
  demoControl: string | undefined
}): Route[] {
  const { cluster, time, nodes, demoControl } = deps
  return [
    rotateSecretRoute(nodes),
    timeRoute(time),
    route({
      method: 'get',
      path: '/cluster',
      summary: 'Members, leader, store and locks as this node sees them',
      needsSession: false,
      rate: 'reads',
      price: prices.cluster,
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

function rotateSecretRoute(nodes: Pick<Engine['nodes'], 'rotate'>): Route {
  return route({
    method: 'post',
    path: '/cluster/secret/rotate',
    summary: 'Change the secret that the nodes know each other by',
    needsSession: false,
    needsOperator: true,
    rate: 'sessions',
    query: noQuery,
    answers: {
      200: {
        description: 'The number of the new one, and until when the one before is good',
        schema: secretRotationJson,
      },
    },
    problems: [],
    async handle() {
      const { number, previousUntil } = await nodes.rotate()
      const previousGoodUntil = previousUntil === null ? null : formatInstant(previousUntil)
      return { status: 200, json: { number, previousGoodUntil } }
    },
  })
}

function timeRoute(time: ClusterTime): Route {
  return route({
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
  })
}
