// Waits for the node of this page, and names the others that were known when the app was last open.
const askEveryMs = 2_000

function stored(key) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null')
  } catch {
    return null
  }
}

const preferences = stored('lotkeeper.preferences')
const wanted = preferences?.language || navigator.language
document.documentElement.lang = String(wanted).startsWith('de') ? 'de' : 'en'
if (['light', 'dark'].includes(preferences?.theme)) {
  document.documentElement.dataset.theme = preferences.theme
}

const nodes = stored('lotkeeper.nodes')
const others = (Array.isArray(nodes) ? nodes : []).filter(
  (url) => typeof url === 'string' && /^https?:\/\//.test(url) && url !== location.origin,
)
for (const words of document.querySelectorAll('.others')) words.hidden = others.length === 0
document.querySelector('ul').append(
  ...others.map((url) => {
    const [item, link] = [document.createElement('li'), document.createElement('a')]
    link.href = url + location.pathname + location.search
    link.textContent = url
    item.append(link)
    return item
  }),
)

async function ask() {
  try {
    const answer = await fetch('/healthz', {
      cache: 'no-store',
      signal: AbortSignal.timeout(askEveryMs),
    })
    if (answer.ok) location.reload()
  } catch {
    return // Not yet.
  }
}
setInterval(ask, askEveryMs)
addEventListener('online', ask)
