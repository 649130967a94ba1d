import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import express, { type ErrorRequestHandler, type Express } from 'express'
import helmet from 'helmet'
import { asError } from '../../src/lib/clock.ts'
import { type DemoDeed, demoDeeds } from '../../src/protocol/demo.ts'
import { DeedRefused } from './demo-node.ts'
import { createControlGuard, ControlRefusal } from './control-guard.ts'
import type { Scene } from './scene.ts'

/** The demo's own small server, on loopback: its page, what is going on, and what can be done to nodes. */
export interface Control {
  readonly url: string
  stop(): void
}

const host = '127.0.0.1'
const builtPages = fileURLToPath(new URL('../../frontend', import.meta.url))

/** @throws when the port is not free */
export async function startControl(options: {
  port: number
  nodeUrls: readonly string[]
  scene: Scene
  /** The built web app. */
  webFolder?: string
}): Promise<Control> {
  const { port, nodeUrls, scene, webFolder = builtPages } = options
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host }, () => resolve())
  })
  const ownPort = (server.address() as AddressInfo).port
  const nodePorts = nodeUrls.map((url) => Number(new URL(url).port))
  const app = express().disable('x-powered-by')
  app.use(headers(nodeUrls), createControlGuard({ ownPort, nodePorts }))
  serveScene(app, scene)
  app.get('/', (_req, res) => {
    res.setHeader('Cache-Control', 'no-cache')
    res.sendFile('demo.html', { root: webFolder, cacheControl: false })
  })
  app.use(express.static(webFolder, { index: false, redirect: false, dotfiles: 'ignore' }))
  app.use(() => {
    throw new ControlRefusal(404, 'no-such-route', 'Served here: /, /state, POST /nodes/ID/DEED.')
  })
  app.use(tellRefusal)
  server.on('request', app)
  return {
    url: `http://${host}:${ownPort}`,
    stop() {
      server.close()
      server.closeAllConnections()
    },
  }
}

function serveScene(app: Express, scene: Scene): void {
  const { nodeIds } = scene
  app.get('/state', (_req, res) => {
    res.setHeader('Cache-Control', 'no-store')
    res.json(scene.state())
  })
  app.post('/nodes/:nodeId/:deed', async (req, res) => {
    const { nodeId, deed } = req.params
    if (!nodeIds.includes(nodeId)) {
      const detail = `There is no node ${nodeId} here; there are ${nodeIds.join(', ')}.`
      throw new ControlRefusal(404, 'no-such-node', detail)
    }
    if (!isDeed(deed)) {
      const detail = `Nodes take ${demoDeeds.join(', ')}; nothing was done.`
      throw new ControlRefusal(404, 'no-such-deed', detail)
    }
    await scene.do(nodeId, deed)
    res.json(scene.state())
  })
}

function isDeed(text: string): text is DemoDeed {
  return demoDeeds.includes(text as DemoDeed)
}

/** The page frames the nodes' pages and talks to nobody but us; nobody frames it. */
function headers(nodeUrls: readonly string[]) {
  const own = ["'self'"]
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: own,
        styleSrc: own,
        imgSrc: own,
        manifestSrc: own,
        connectSrc: own,
        frameSrc: [...nodeUrls],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
  })
}

const tellRefusal: ErrorRequestHandler = (thrown, _req, res, _next) => {
  const [status, code] =
    thrown instanceof ControlRefusal
      ? [thrown.status, thrown.code]
      : thrown instanceof DeedRefused
        ? [409, 'not-now']
        : [500, 'failed']
  const detail = asError(thrown).message
  res.status(status).type('application/problem+json').send(JSON.stringify({ status, code, detail }))
}
