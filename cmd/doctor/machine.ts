import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { listenFailure } from '../listen-failure.ts'
import { ask } from './ask.ts'
import type { Finding } from './finding.ts'

const nodeMin = { major: 20, minor: 19 }

export function checkNodeVersion(version = process.versions.node): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const isGood = major > nodeMin.major || (major === nodeMin.major && minor >= nodeMin.minor)
  const detail = `Node.js ${version}`
  if (isGood) return { check: 'node', state: 'ok', detail }
  const advice = `Install Node.js ${nodeMin.major}.${nodeMin.minor} or newer (20, 22 and 24 are tested).`
  return { check: 'node', state: 'fail', detail, advice }
}

/** From `dist/cmd/doctor` as well as from `cmd/doctor`. */
const webApps = ['../../frontend/index.html', '../../dist/frontend/index.html']

export function checkWebApp(): Finding {
  const isBuilt = webApps.some((path) => {
    const file = fileURLToPath(new URL(path, import.meta.url))
    return file.includes('/dist/') && existsSync(file)
  })
  if (isBuilt) return { check: 'web app', state: 'ok', detail: 'built' }
  const advice = 'npm run build (the API works without it, the pages do not).'
  return { check: 'web app', state: 'warn', detail: 'not built', advice }
}

export async function checkPort(host: string, port: number): Promise<Finding> {
  if (port === 0) return { check: 'port', state: 'ok', detail: 'any free one' }
  const error = await listenOnce(host, port)
  if (error === undefined) return { check: 'port', state: 'ok', detail: `${host}:${port} is free` }
  const answer = await ask(`http://${host}:${port}/healthz`)
  const nodeId = answer?.headers.get('x-lotkeeper-node')
  if (nodeId != null) {
    const detail = `${host}:${port} is held by node ${nodeId}`
    return { check: 'port', state: 'ok', detail: `${detail}: it runs already` }
  }
  const failure = listenFailure(error, { host, port })
  const advice = failure?.advice === undefined ? {} : { advice: failure.advice }
  return { check: 'port', state: 'fail', detail: failure?.message ?? error.message, ...advice }
}

function listenOnce(host: string, port: number): Promise<Error | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', resolve)
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)))
  })
}
