import preact from '@preact/preset-vite'
import { defineConfig } from 'vite'
import { stampOfflinePage } from './offline-stamp.ts'

const root = import.meta.dirname
const outDir = `${root}/../dist/frontend`
/** In development the page is served here and everything else by a node that runs beside it. */
const nodeUrl = process.env['LOTKEEPER_NODE'] ?? 'http://127.0.0.1:8080'

// Nodes serve the result under `script-src 'self'; style-src 'self'`: nothing may be inlined, neither scripts nor data: URLs.
export default defineConfig({
  root,
  base: '/',
  publicDir: `${root}/public`,
  plugins: [
    preact({ devToolsEnabled: false }),
    { name: 'offline-page', apply: 'build', closeBundle: () => stampOfflinePage(outDir) },
  ],
  build: {
    outDir,
    emptyOutDir: true,
    target: 'baseline-widely-available',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: true,
    // demo.html is the page of `lotkeeper demo`.
    rolldownOptions: { input: [`${root}/index.html`, `${root}/demo.html`] },
  },
  server: {
    proxy: {
      '/api': nodeUrl,
      '/healthz': nodeUrl,
      '/readyz': nodeUrl,
      '/ws': { target: nodeUrl, ws: true },
    },
  },
})
