import { basename } from 'node:path'
import express, { type Express, type Response } from 'express'
import type { Origins } from '../origins.ts'
import { refuseOtherMethods } from './refuse-method.ts'
import { pagePolicy, workerPolicy } from './security-headers.ts'

/** One document serves them all; the web app looks at the path itself. */
const pages = ['/', '/auction/:id', '/sell', '/cluster', '/watching']

/** Names of built assets carry a hash of their content, so they may be kept for ever. */
const assetPath = /[/\\]assets[/\\]/

export function serveWebApp(app: Express, folder: string, origins: Origins): void {
  const sendPage = (res: Response) => {
    const frameSources = origins.frameSources()
    const policy = pagePolicy(origins.connectSources(), frameSources)
    res.setHeader('Content-Security-Policy', policy)
    // The older header knows no exceptions.
    if (frameSources.length > 0) res.removeHeader('X-Frame-Options')
    res.setHeader('Cache-Control', 'no-cache')
    res.sendFile('index.html', { root: folder, cacheControl: false })
  }
  for (const page of pages) {
    app
      .route(page)
      .get((_req, res) => sendPage(res))
      .all(refuseOtherMethods(['get']))
  }
  app.use(
    express.static(folder, {
      index: false,
      redirect: false,
      dotfiles: 'ignore',
      cacheControl: false,
      setHeaders(res, path) {
        res.setHeader(
          'Cache-Control',
          assetPath.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
        )
        // What is shown offline comes with its policy out of the worker's cache; the worker itself asks this node only.
        const name = basename(path)
        if (name === 'offline.html') res.setHeader('Content-Security-Policy', pagePolicy([]))
        if (name === 'service-worker.js') res.setHeader('Content-Security-Policy', workerPolicy)
      },
    }),
  )
  // Somebody mistyped an address in a browser: the page says so. Programs get a problem.
  app.use((req, res, next) => {
    const isPage = req.method === 'GET' && req.accepts(['json', 'html']) === 'html'
    if (!isPage || req.path.startsWith('/api/')) next()
    else sendPage(res.status(404))
  })
}
