// What an installed app shows where no node answers: a page that says so. Nothing else is ever answered from a cache, so no
// price on the screen is older than the node that told it. The app itself is not kept either: a new version is there at the
// next load.
// The build names the cache after what is kept, so that a new version keeps its own and forgets the one before.
const cacheName = 'lotkeeper-offline'
const offlinePage = '/offline.html'
const kept = [offlinePage, '/offline.css', '/offline.js', '/favicon.svg']

async function keep() {
  const cache = await caches.open(cacheName)
  await cache.addAll(kept.map((path) => new Request(path, { cache: 'no-cache' })))
}

// Does not open the cache: where a later worker has forgotten it, opening would make it anew, for good.
async function keptAnswer(request) {
  return (await caches.match(request, { cacheName, ignoreSearch: true })) ?? Response.error()
}

async function navigate(event) {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request))
  } catch {
    return keptAnswer(offlinePage)
  }
}

async function ask(request) {
  try {
    return await fetch(request)
  } catch {
    return keptAnswer(request)
  }
}

async function begin() {
  const names = await caches.keys()
  await Promise.all(names.filter((name) => name !== cacheName).map((name) => caches.delete(name)))
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
  if (request.mode === 'navigate') event.respondWith(navigate(event))
  else if (kept.includes(new URL(request.url).pathname)) event.respondWith(ask(request))
})
