import { z } from 'zod'
import type { Clock } from '../../lib/clock.ts'
import type { ClusterTime, ClusterView } from '../../engine/engine.ts'
import { readinessJson } from '../../protocol/http.ts'
import { noQuery } from '../../protocol/http-query.ts'
import { prices } from '../prices.ts'
import { route, type Answer, type Route } from './route.ts'
import { createSharedText } from './shared-text.ts'

export interface ProbeRouteDeps {
  clock: Clock
  /** Scrapes closer to each other get the same. */
  metricsKeptMs: number
  cluster: ClusterView
  time: ClusterTime
  isDraining: () => boolean
  metricsText: () => Promise<{ contentType: string; body: string }>
  openApi: () => object
}

/** For supervisors, load balancers and Prometheus: outside of /api/v1. What says whether the node serves is never rate limited. */
export function probeRoutes(deps: ProbeRouteDeps): Route[] {
  const { clock, metricsKeptMs, metricsText, openApi } = deps
  const metrics = createSharedText({ clock, keptMs: metricsKeptMs, make: metricsText })
  let description: Buffer | undefined
  const describe = () => (description ??= Buffer.from(JSON.stringify(openApi())))
  return [
    probe('/healthz', 'Whether the process runs', {
      answers: { 200: { description: 'It does', schema: z.object({ ok: z.boolean() }) } },
      handle: async () => ({ status: 200, json: { ok: true } }),
    }),
    probe('/readyz', 'Whether to send people to this node', {
      answers: {
        200: { description: 'Ready', schema: readinessJson },
        503: { description: 'draining, unsettled or paused', schema: readinessJson },
      },
      handle: async () => readiness(deps),
    }),
    probe('/metrics', 'Metrics for Prometheus', {
      ...{ rate: 'reads', price: prices.metrics, needsOperator: 'unless-open' },
      answers: { 200: { description: 'Text exposition format', contentType: 'text/plain' } },
      handle: async () => ({ status: 200, text: await metrics() }),
    }),
    probe('/openapi.json', 'This description', {
      ...{ rate: 'reads', price: prices.openApi },
      answers: { 200: { description: 'OpenAPI 3.1', schema: z.looseObject({}) } },
      handle: async () => ({
        status: 200,
        text: { contentType: 'application/json; charset=utf-8', body: describe() },
      }),
    }),
  ]
}

function probe(
  path: string,
  summary: string,
  rest: Pick<Route, 'answers' | 'handle'> &
    Partial<Pick<Route, 'rate' | 'price' | 'needsOperator'>>,
): Route {
  return route({
    method: 'get',
    path,
    summary,
    needsSession: false,
    rate: 'none',
    query: noQuery,
    problems: [],
    ...rest,
  })
}

function readiness({ cluster, time, isDraining }: ProbeRouteDeps): Answer {
  const reasons = [
    ...(isDraining() ? ['draining'] : []),
    ...(time.now() === undefined ? ['unsettled'] : []),
    ...(cluster.service.state === 'paused' ? [`paused: ${cluster.service.reason}`] : []),
  ]
  const ready = reasons.length === 0
  return { status: ready ? 200 : 503, json: { ready, reasons } }
}
