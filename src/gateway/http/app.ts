import express, { type ErrorRequestHandler, type Express } from 'express'
import { errorCodes } from '../../protocol/error-code.ts'
import { apiPath } from '../../protocol/version.ts'
import { headerFault } from '../connections/strict-headers.ts'
import type { SessionCookies } from '../cookie.ts'
import { Fault, faultOf } from '../fault.ts'
import type { GatewayDeps } from '../gateway-deps.ts'
import { createAuctionQuota } from '../growth/auction-quota.ts'
import { createGuestQuota } from '../growth/guest-quota.ts'
import { createRefuseWhenFull } from '../growth/refuse-when-full.ts'
import type { Hosts } from '../hosts.ts'
import type { Identity } from '../identity.ts'
import type { IsSecure } from '../is-secure.ts'
import type { Origins } from '../origins.ts'
import { prices } from '../prices.ts'
import type { Rates } from '../rate.ts'
import { createShownTime } from '../shown-time.ts'
import { auctionRoutes } from './auction-routes.ts'
import { bidRoutes } from './bid-routes.ts'
import { checkHost } from './check-host.ts'
import { clusterRoutes } from './cluster-routes.ts'
import { createAuctionRoute } from './create-auction-route.ts'
import { crossOrigin } from './cross-origin.ts'
import { describeRoutes } from './openapi.ts'
import { probeRoutes } from './probe-routes.ts'
import { sendProblem } from './problem.ts'
import { createReadBody } from './read-body.ts'
import { refuseOtherMethods } from './refuse-method.ts'
import { nameRequests, requestIdOf } from './request-id.ts'
import type { Route } from './route.ts'
import { securityHeaders } from './security-headers.ts'
import { serveRoute, type ServeDeps } from './serve-route.ts'
import { sessionRoutes } from './session-routes.ts'
import { serveWebApp } from './web-app.ts'

export interface HttpDeps extends GatewayDeps {
  identity: Identity
  hosts: Hosts
  isSecure: IsSecure
  origins: Origins
  rates: Rates
  onBody: ServeDeps['onBody']
  cookies: SessionCookies
}

export function createHttpApp(deps: HttpDeps): Express {
  const { clock, limits, nodeId, origins, webFolder } = deps
  const app = express()
  app.disable('x-powered-by').disable('etag')
  app.enable('strict routing').enable('case sensitive routing')
  app.set('query parser', 'simple')
  app.use(nameRequests({ nodeId, startedAtMs: clock.wallMs() }))
  const isTlsPromised = deps.behindTls || deps.tls !== undefined
  app.use(...securityHeaders({ isTlsPromised, isSecure: deps.isSecure }))
  app.use((req, _res, next) => {
    const fault = headerFault(req)
    if (fault !== undefined) throw fault
    next()
  })
  app.use(checkHost(deps))
  app.use(crossOrigin(deps))

  const routes = allRoutes(deps)
  const readBody = createReadBody(limits.bodyBytesMax)
  const serving = { ...deps, guests: deps.engine.guests, readBody }
  for (const path of new Set(routes.map((route) => route.path))) {
    const atPath = routes.filter((route) => route.path === path)
    const mounted = app.route(path)
    for (const route of atPath) mounted[route.method](serveRoute(route, serving))
    mounted.all(refuseOtherMethods(atPath.map((route) => route.method)))
  }
  app.use((req, res, next) => {
    const by = { address: deps.addresses.of(req), requestId: requestIdOf(res) }
    deps.rates.take('reads', by, prices.file)
    next()
  })
  if (webFolder !== undefined) serveWebApp(app, webFolder, origins)
  app.use(() => {
    throw new Fault('no-such-route')
  })
  app.use(tellProblem(deps))
  return app
}

/** All that is served, the web app aside; /openapi.json describes these and no others. */
function allRoutes(deps: HttpDeps): Route[] {
  const { engine, clock, limits, isDraining, log, metricsText, nodeId } = deps
  const { catalogue, cluster, guests, time } = engine
  const now = createShownTime(time, clock)
  const refuseWhenFull = createRefuseWhenFull({ storeFill: engine.storeFill, limits })
  const api = [
    ...sessionRoutes({
      guests,
      identity: deps.identity,
      security: deps.security,
      nowMs: () => time.now() ?? clock.wallMs(),
      quota: createGuestQuota({ clock, limits }),
      refuseWhenFull,
    }),
    createAuctionRoute({ catalogue, now, refuseWhenFull, quota: auctionQuotaOf(deps) }),
    ...auctionRoutes({ catalogue, now }),
    ...bidRoutes({ engine, nodeId, log, isDraining }),
    ...clusterRoutes({ nodeId, cluster, time, nodes: engine.nodes, demoControl: deps.demoControl }),
  ].map((route) => ({ ...route, path: `${apiPath}${route.path}` }))
  const openApi = (): object => describeRoutes(routes, deps.cookies.name)
  const routes: Route[] = [
    ...api,
    ...probeRoutes({
      ...{ clock, cluster, time, isDraining, metricsText, openApi },
      metricsKeptMs: limits.metricsKeptMs,
    }),
  ]
  return routes
}

function auctionQuotaOf({ engine, limits }: HttpDeps) {
  return createAuctionQuota({
    perAddressMax: limits.liveAuctionsPerAddressMax,
    liveAmong: (ids) => engine.catalogue.liveAmong(ids),
  })
}

function tellProblem({ log, addresses, security }: HttpDeps): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  return (thrown, req, res, _next) => {
    const requestId = requestIdOf(res)
    const fault = faultOf(thrown)
    if (fault.code === 'too-many-guests' || fault.code === 'too-many-auctions') {
      const facts = { address: addresses.of(req), requestId }
      security.note('rate-exceeded', { ...facts, detail: fault.code })
    }
    if (fault.code === 'internal') {
      log.error(
        { requestId, method: req.method, path: req.path, error: thrown as unknown },
        'request failed',
      )
    }
    if (res.headersSent) {
      res.destroy()
      return
    }
    sendProblem(res, aboutThisCopy(fault, req.path), requestId)
  }
}

/** Whatever kept a bid from being decided says nothing about the bid itself: it may be sent again. */
function aboutThisCopy(fault: Fault, path: string): Fault {
  const isBid = path.endsWith('/bids')
  if (!isBid || fault.facts.final !== undefined || errorCodes[fault.code].status < 429) return fault
  return new Fault(fault.code, fault.message, { ...fault.facts, final: false })
}
