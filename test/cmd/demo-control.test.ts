import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Control, startControl } from '../../cmd/demo/control.ts'
import type { DemoNodeState } from '../../cmd/demo/demo-node.ts'
import { refuseDeed } from '../../cmd/demo/demo-node.ts'
import type { Scene } from '../../cmd/demo/scene.ts'
import type { DemoDeed, DemoStateJson } from '../../src/protocol/demo.ts'
import { demoStateJson } from '../../src/protocol/demo.ts'

const nodeUrls = ['http://127.0.0.1:8080', 'http://127.0.0.1:8081']
const deedsIn = { running: ['kill', 'freeze'], dead: ['restart'] } as const

/** Two nodes that die and come back at once. */
function stubScene(): Scene & { done: string[] } {
  const states: Record<string, 'running' | 'dead'> = { n1: 'running', n2: 'running' }
  const done: string[] = []
  const node = (nodeId: string, index: number) => ({
    ...{ nodeId, url: nodeUrls[index] ?? '', pid: null, leads: false, holdsLock: false },
    state: states[nodeId] as DemoNodeState,
    deeds: [...deedsIn[states[nodeId]!]] as DemoDeed[],
  })
  return {
    done,
    nodeIds: ['n1', 'n2'],
    state: () => ({
      store: 'etcd',
      nodes: ['n1', 'n2'].map(node),
      stage: null,
      robots: [],
      tally: { acknowledged: 0, found: 0, lost: 0, refused: 0, unknown: 0, sentAgain: 0 },
      facts: [],
    }),
    async do(nodeId, deed) {
      const asked = node(nodeId, 0)
      if (!asked.deeds.includes(deed)) throw refuseDeed(asked, deed)
      done.push(`${deed} ${nodeId}`)
      states[nodeId] = deed === 'kill' ? 'dead' : 'running'
    },
    stop: async () => undefined,
  }
}

describe('the control of a demo', () => {
  let scene: ReturnType<typeof stubScene>
  let control: Control
  let webFolder: string
  beforeEach(async () => {
    webFolder = await mkdtemp(join(tmpdir(), 'lotkeeper-control-'))
    await writeFile(join(webFolder, 'demo.html'), '<!doctype html><title>demo</title>')
    scene = stubScene()
    control = await startControl({ port: 0, nodeUrls, scene, webFolder })
  })
  afterEach(async () => {
    control.stop()
    await rm(webFolder, { recursive: true })
  })
  const post = (path: string, headers: Record<string, string>) =>
    fetch(control.url + path, { method: 'POST', headers })
  const detailOf = async (answer: Response) => ((await answer.json()) as { detail: string }).detail

  it('kills a node that its page names, and restarts it', async () => {
    const origin = control.url
    const killed = await post('/nodes/n1/kill', { origin })
    expect(killed.status).toBe(200)
    const state = demoStateJson.parse(await killed.json())
    expect(state.nodes.map(({ state }) => state)).toEqual(['dead', 'running'])
    const again = await post('/nodes/n1/kill', { origin })
    expect(again.status).toBe(409)
    expect(await detailOf(again)).toBe('n1 is dead and takes no kill; it can be asked to restart.')
    expect((await post('/nodes/n1/restart', { origin })).status).toBe(200)
    const now = (await (await fetch(`${control.url}/state`)).json()) as DemoStateJson
    expect(now.nodes[0]?.state).toBe('running')
    expect(scene.done).toEqual(['kill n1', 'restart n1'])
  })

  it.each(nodeUrls)('does what the cluster page at %s asks, and lets it read', async (origin) => {
    const answer = await post('/nodes/n2/kill', { origin })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin)
  })

  it.each([
    ['another site', { origin: 'https://evil.example' }],
    ['another port of this machine', { origin: 'http://127.0.0.1:1' }],
    ['https in place of http', { origin: 'https://127.0.0.1:8080' }],
    ['a page without an origin', { origin: 'null' }],
    ['nobody', {}],
  ] as [string, Record<string, string>][])('does nothing for %s', async (_who, headers) => {
    const answer = await post('/nodes/n1/kill', headers)
    expect(answer.status).toBe(403)
    expect(answer.headers.has('access-control-allow-origin')).toBe(false)
    expect(await detailOf(answer)).toContain('Only pages of this demo')
    expect(scene.done).toEqual([])
  })

  it('answers under loopback names only', async () => {
    const port = Number(new URL(control.url).port)
    const statusFor = (host: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        request({ port, path: '/state', headers: { host } }, (answer) => {
          answer.resume()
          resolve(answer.statusCode)
        })
          .on('error', reject)
          .end()
      })
    expect(await statusFor(`localhost:${port}`)).toBe(200)
    expect(await statusFor(`evil.example:${port}`)).toBe(403)
    expect(await statusFor('127.0.0.1')).toBe(403)
  })

  it('says which nodes and deeds there are, where one is asked for that is not', async () => {
    const origin = control.url
    const nobody = await post('/nodes/n9/kill', { origin })
    expect(nobody.status).toBe(404)
    expect(await detailOf(nobody)).toBe('There is no node n9 here; there are n1, n2.')
    const deed = await post('/nodes/n1/hug', { origin })
    expect(deed.status).toBe(404)
    expect(await detailOf(deed)).toContain('kill, freeze, thaw, restart')
    expect((await post('/nodes/n1/constructor', { origin })).status).toBe(404)
  })

  it('serves its page under a strict policy: it may frame the nodes, and nobody may frame it', async () => {
    const page = await fetch(`${control.url}/`)
    expect(await page.text()).toContain('<title>demo</title>')
    const policy = page.headers.get('content-security-policy') ?? ''
    expect(policy).toContain(`frame-src ${nodeUrls.join(' ')};`)
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain('unsafe')
    expect((await fetch(`${control.url}/../package.json`)).status).toBe(404)
  })
})
