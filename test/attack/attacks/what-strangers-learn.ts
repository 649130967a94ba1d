import { apiPath } from '../../../src/protocol/version.ts'
import type { Attack } from '../attack.ts'
import type { Stage } from '../stage/stage.ts'

/** A stranger reads everything that is served to anybody. */
export const whatStrangersLearn: Attack = {
  name: 'what-strangers-learn',
  promise: 'a stranger learns no process, folder, store address or version of the machinery',
  // Listening for others, as nodes of a cluster do: what a node tells on loopback alone is no stranger's.
  ownNode: { flags: ['--host', '0.0.0.0', '--advertise-url', 'http://auction.example:8080'] },
  async run(stage) {
    const stranger = stage.stranger()
    const broken: string[] = []
    for (const path of paths) {
      const headers = { host: 'auction.example:8080' }
      const answer = await stranger.ask({ path, headers })
      const text = `${answer.text}\n${JSON.stringify(answer.headers)}`
      for (const [what, pattern] of Object.entries(secretsOf(stage))) {
        const [found] = pattern.exec(text) ?? []
        if (found !== undefined) broken.push(`${path} tells ${what}: ${found.slice(0, 80)}`)
      }
    }
    return broken
  },
}

const paths = [
  ...['/', '/metrics', '/openapi.json', '/healthz', '/readyz', '/nope', '/cluster', '/nodes'],
  ...['/cluster', '/cluster/lock-turns', '/time', '/auctions', '/auctions/x', '/session'].map(
    (path) => apiPath + path,
  ),
]

function secretsOf({ folder, storeUrl }: Stage): Record<string, RegExp> {
  const servers = /\/\/([^/]*)/.exec(storeUrl ?? '')?.[1]?.split(',') ?? []
  return {
    'its process': /"pid":\s*\d/,
    'a folder': new RegExp(`${escaped(folder)}|"/(?:home|srv|tmp|var|work)/[^"]*`),
    'the version of Node': new RegExp(`nodejs_version_info|${escaped(process.version)}`),
    'how it is doing': /process_resident_memory_bytes|process_open_fds/,
    ...(servers.length > 0 && { 'the store': new RegExp(servers.map(escaped).join('|')) }),
  }
}

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
