// What an installed app shows where no node answers: a page that says so. Nothing else is ever answered from a cache, so no
// price on the screen is older than the node that told it. The app itself is not kept either: a new version is there at the
// next load.
const cacheName = 'lotkeeper-offline'
const offlinePage = '/offline.html'
const kept = [offlinePage, '/offline.css', '/offline.js', '/favicon.svg']

let isRefreshed = false

async function keep() {
  const cache = await caches.open(cacheName)
  await cache.addAll(kept.map((path) => new Request(path, { cache: 'no-cache' })))
}

/** Once in a life of this worker, after a page came from a node: a new version may bring another offline page. */
async function refresh() {
  if (isRefreshed) return
  isRefreshed = true
  await keep().catch(() => (isRefreshed = false))
}

async function navigate(event) {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request))
  } catch {
    return (await caches.match(offlinePage)) ?? Response.error()
  }
}

async function ask(request) {
  try {
    return await fetch(request)
  } catch {
    return (await caches.match(request, { ignoreSearch: true })) ?? Response.error()
  }
}

async function begin() {
  await self.registration.navigationPreload?.enable()
  await self.clients.claim()
}

self.addEventListener('install', (event) => {
  self.skipWaiting()
  event.waitUntil(keep())
})
self.addEventListener('activate', (event) => event.waitUntil(begin()))
self.addEventListener('fetch', (event) => {
  const { request } = event
  if (request.mode === 'navigate') {
    const answer = navigate(event)
    event.respondWith(answer)
    event.waitUntil(answer.then(refresh).catch(() => undefined))
  } else if (kept.includes(new URL(request.url).pathname)) event.respondWith(ask(request))
})
