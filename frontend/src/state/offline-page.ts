/** Has the browser keep the page that is shown when no node answers. Where it will not, nothing is missing but that page. */
export function keepOfflinePage(): void {
  if (!('serviceWorker' in navigator)) return
  const register = () =>
    // Left to itself a browser looks for another version some time later.
    navigator.serviceWorker
      .register('/service-worker.js')
      .then((registration) => registration.update())
      .catch(() => undefined)
  if (document.readyState === 'complete') void register()
  else addEventListener('load', () => void register(), { once: true })
}
