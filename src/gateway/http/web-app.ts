import type { Express, Request, Response } from 'express'
import { Fault } from '../fault.ts'
import type { Origins } from '../origins.ts'
import { refuseOtherMethods } from './refuse-method.ts'
import { pagePolicy, workerPolicy } from './security-headers.ts'
import { readFiles, sendFile } from './stored-files.ts'

/** One document serves them all; the web app looks at the path itself. */
const pages = ['/', '/auction/:id', '/sell', '/cluster', '/watching']

/** Names of built assets carry a hash of their content, so they may be kept for ever. */
const isAsset = (name: string) => name.startsWith('assets/')

/** @param folder read once, now: a web app that is built anew is served after a restart */
export function serveWebApp(app: Express, folder: string, origins: Origins): void {
  const files = readFiles(folder)
  const sendPage = (req: Request, res: Response) => {
    const index = files.get('index.html')
    if (index === undefined) throw new Fault('no-such-route')
    const frameSources = origins.frameSources()
    const policy = pagePolicy(origins.connectSources(), frameSources)
    res.setHeader('Content-Security-Policy', policy)
    // The older header knows no exceptions.
    if (frameSources.length > 0) res.removeHeader('X-Frame-Options')
    res.setHeader('Cache-Control', 'no-cache')
    sendFile(req, res, index)
  }
  for (const page of pages) {
    app
      .route(page)
      .get((req, res) => sendPage(req, res))
      .all(refuseOtherMethods(['get']))
  }
  app.use((req, res, next) => {
    const name = nameOf(req.path)
    const file = name === undefined ? undefined : files.get(name)
    if (file === undefined || (req.method !== 'GET' && req.method !== 'HEAD')) {
      next()
      return
    }
    const caching = isAsset(file.name) ? 'public, max-age=31536000, immutable' : 'no-cache'
    res.setHeader('Cache-Control', caching)
    // What is shown offline comes with its policy out of the worker's cache; the worker itself asks this node only.
    if (file.name === 'offline.html') res.setHeader('Content-Security-Policy', pagePolicy([]))
    if (file.name === 'service-worker.js') res.setHeader('Content-Security-Policy', workerPolicy)
    sendFile(req, res, file)
  })
  // Somebody mistyped an address in a browser: the page says so. Programs get a problem.
  app.use((req, res, next) => {
    const isPage = req.method === 'GET' && req.accepts(['json', 'html']) === 'html'
    if (!isPage || req.path.startsWith('/api/')) next()
    else sendPage(req, res.status(404))
  })
}

/** @throws Fault `bad-request` for escapes that make no sense */
function nameOf(path: string): string | undefined {
  try {
    return decodeURIComponent(path).slice(1)
  } catch {
    throw new Fault('bad-request', 'The URL is malformed.')
  }
}
