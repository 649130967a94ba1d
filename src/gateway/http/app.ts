import express, { type ErrorRequestHandler, type Express } from 'express'
import { errorCodes } from '../../protocol/error-code.ts'
import { apiPath } from '../../protocol/version.ts'
import { Fault, faultOf } from '../fault.ts'
import type { GatewayDeps } from '../gateway-deps.ts'
import type { Hosts } from '../hosts.ts'
import type { Identity } from '../identity.ts'
import type { IsSecure } from '../is-secure.ts'
import type { Origins } from '../origins.ts'
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
import { serveRoute } from './serve-route.ts'
import { sessionRoutes } from './session-routes.ts'
import { serveWebApp } from './web-app.ts'

export interface HttpDeps extends GatewayDeps {
  identity: Identity
  hosts: Hosts
  isSecure: IsSecure
  origins: Origins
  rates: Rates
  onSessionEnded: (token: string) => void
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
  app.use(checkHost(deps))
  app.use(crossOrigin(deps))

  const routes = allRoutes(deps)
  const readBody = createReadBody(limits.bodyBytesMax)
  for (const path of new Set(routes.map((route) => route.path))) {
    const atPath = routes.filter((route) => route.path === path)
    const mounted = app.route(path)
    for (const route of atPath) mounted[route.method](serveRoute(route, { ...deps, readBody }))
    mounted.all(refuseOtherMethods(atPath.map((route) => route.method)))
  }
  if (webFolder !== undefined) serveWebApp(app, webFolder, origins)
  app.use(() => {
    throw new Fault('no-such-route')
  })
  app.use(tellProblem(deps))
  return app
}

/** All that is served, the web app aside; /openapi.json describes these and no others. */
function allRoutes(deps: HttpDeps): Route[] {
  const { engine, clock, isDraining, log, metricsText, nodeId } = deps
  const { catalogue, cluster, guests, time } = engine
  const now = createShownTime(time, clock)
  const api = [
    ...sessionRoutes({
      guests,
      onEnded: deps.onSessionEnded,
    }),
    createAuctionRoute({ catalogue, now }),
    ...auctionRoutes({ catalogue, now }),
    ...bidRoutes({ engine, nodeId, log, isDraining }),
    ...clusterRoutes({ nodeId: deps.nodeId, cluster, time, demoControl: deps.demoControl }),
  ].map((route) => ({ ...route, path: `${apiPath}${route.path}` }))
  let description: object | undefined
  const openApi = (): object => (description ??= describeRoutes(routes))
  const routes: Route[] = [
    ...api,
    ...probeRoutes({ cluster, time, isDraining, metricsText, openApi }),
  ]
  return routes
}

function tellProblem({ log }: HttpDeps): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  return (thrown, req, res, _next) => {
    const requestId = requestIdOf(res)
    const fault = faultOf(thrown)
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
