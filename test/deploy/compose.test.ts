import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { parse } from 'yaml'

interface Service {
  read_only?: boolean
  tmpfs?: string[]
  cap_drop?: string[]
  security_opt?: string[]
  pids_limit?: number
  mem_limit?: string
  networks?: string[]
  ports?: string[]
  image?: string
  healthcheck?: { test: string[] }
  volumes?: string[]
  profiles?: string[]
  environment?: Record<string, string>
  depends_on?: Record<string, { condition: string; required?: boolean }>
}
const file = new URL('../../docker-compose.yml', import.meta.url)
const compose = parse(readFileSync(file, 'utf8'), { merge: true }) as {
  services: Record<string, Service>
  volumes: Record<string, unknown>
  networks: Record<string, { internal?: boolean; ipam?: { config: { subnet: string }[] } }>
}
const { services } = compose
const named = (prefix: string) => Object.keys(services).filter((name) => name.startsWith(prefix))

it('describes three ZooKeeper servers, three etcd members in a profile, three nodes and a proxy', () => {
  expect(named('zookeeper')).toHaveLength(3)
  expect(named('etcd')).toHaveLength(3)
  expect(named('node')).toHaveLength(3)
  expect(named('proxy')).toHaveLength(1)
  for (const name of named('etcd')) expect(services[name]?.profiles).toEqual(['etcd'])
  for (const name of named('zookeeper')) expect(services[name]?.profiles).toBeUndefined()
})

it('keeps the data of every store server on a volume that is declared, one for each', () => {
  const used = [...named('zookeeper'), ...named('etcd')].flatMap((name) => {
    const volumes = (services[name]?.volumes ?? []).map((volume) => volume.split(':')[0])
    expect(volumes.length, name).toBeGreaterThan(0)
    return volumes
  })
  expect(new Set(used).size).toBe(used.length)
  expect(used.sort()).toEqual(Object.keys(compose.volumes).sort())
})

it('checks the health of store servers and proxy itself, and of nodes by their image', () => {
  for (const name of [...named('zookeeper'), ...named('etcd'), 'proxy']) {
    expect(services[name]?.healthcheck?.test.length, name).toBeGreaterThan(0)
  }
  const dockerfile = readFileSync(new URL('../../Dockerfile', import.meta.url), 'utf8')
  expect(dockerfile).toMatch(/HEALTHCHECK[\s\S]*health\.mjs/)
  expect(dockerfile).toMatch(/^USER node$/m)
  expect(dockerfile.match(/^FROM /gm)).toHaveLength(2)
})

it('starts nodes after a healthy store and the proxy after healthy nodes, each node under a name of its own', () => {
  for (const name of named('node')) {
    for (const server of named('zookeeper')) {
      expect(services[name]?.depends_on?.[server]?.condition).toBe('service_healthy')
    }
  }
  expect(Object.keys(services.proxy?.depends_on ?? {})).toEqual(named('node'))
  const ids = named('node').map((name) => services[name]?.environment?.LOTKEEPER_NODE_ID)
  expect(new Set(ids)).toEqual(new Set(['n1', 'n2', 'n3']))
  // Inside, nobody reaches a node by the address that browsers use.
  for (const name of named('node'))
    expect(services[name]?.environment?.LOTKEEPER_LINK_URL).toBe(`http://${name}:8080`)
})

it('confines every service', () => {
  for (const [name, service] of Object.entries(services)) {
    expect([name, service.read_only, service.cap_drop]).toEqual([name, true, ['ALL']])
    expect(service.security_opt, name).toEqual(['no-new-privileges:true'])
    expect(service.tmpfs, name).toContain('/tmp')
    expect(service.pids_limit, name).toBeGreaterThan(0)
    expect(service.mem_limit, name).toMatch(/^\d+[mg]$/)
  }
})

it('publishes the proxy alone, and keeps it out of the network of the stores', () => {
  const published = Object.keys(services).filter((name) => services[name]?.ports !== undefined)
  expect(published).toEqual(['proxy'])
  expect(services.proxy?.networks).toEqual(['front'])
  for (const name of [...named('zookeeper'), ...named('etcd')]) {
    expect(services[name]?.networks, name).toEqual(['stores'])
  }
  expect(compose.networks.stores).toEqual({ internal: true })
  const [{ subnet } = { subnet: '' }] = compose.networks.front?.ipam?.config ?? []
  for (const name of named('node')) {
    expect(services[name]?.networks, name).toEqual(['stores', 'front'])
    expect(services[name]?.environment?.LOTKEEPER_TRUSTED_PROXY).toBe(subnet)
  }
})

it('names exact releases of images, and a Node that is supported', () => {
  for (const name of [...named('zookeeper'), ...named('etcd'), 'proxy']) {
    expect(services[name]?.image, name).toMatch(/:v?\d+\.\d+\.\d+$/)
  }
  const dockerfile = readFileSync(new URL('../../Dockerfile', import.meta.url), 'utf8')
  expect(dockerfile).toMatch(/^ARG NODE_IMAGE=node:24/m)
  expect(dockerfile.match(/^FROM \$\{NODE_IMAGE\}/gm)).toHaveLength(2)
})

const hasCompose = spawnSync('docker', ['compose', 'version']).status === 0
it.skipIf(!hasCompose)('is accepted by docker compose config', () => {
  const args = ['compose', '-f', file.pathname, '--profile', 'etcd', 'config', '--quiet']
  const { status, stderr } = spawnSync('docker', args, { encoding: 'utf8' })
  expect(stderr).toBe('')
  expect(status).toBe(0)
})
