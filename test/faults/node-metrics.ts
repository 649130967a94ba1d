import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { operatorToken } from './http.ts'
import type { NodeProcess } from './node-process.ts'

/** The counters that the nodes told, summed over all their lives; what a node counted after our last look died with it. */
export interface NodeMetrics {
  scrape(node: NodeProcess): Promise<void>
  /** Of all label values together, or of one: `name{label="value"}`. */
  total(name: string): number
}

const askWithinMs = 1_500

/** The newest text of each life is kept beside its node's log, for whoever wonders where time went. */
export function createNodeMetrics(folder: string): NodeMetrics {
  const newest = new Map<string, Map<string, number>>()
  return {
    async scrape(node) {
      const life = `${node.nodeId}#${node.incarnation}`
      const response = await fetch(`${node.url}/metrics`, {
        headers: { authorization: `Bearer ${operatorToken}` },
        signal: AbortSignal.timeout(askWithinMs),
      })
      const text = await response.text()
      writeFileSync(join(folder, `${life}.metrics`), text)
      newest.set(life, parseMetrics(text))
    },
    total(name) {
      const lives = [...newest.values()]
      return lives.reduce((sum, life) => sum + (life.get(`lotkeeper_${name}`) ?? 0), 0)
    },
  }
}

/** Prometheus' text form, label values added up. */
function parseMetrics(text: string): Map<string, number> {
  const sums = new Map<string, number>()
  for (const line of text.split('\n')) {
    const [, name, labels = '', value] = /^([a-z_]+)(\{[^}]*\})? ([0-9.e+-]+)$/.exec(line) ?? []
    if (name === undefined) continue
    for (const of of new Set([name, name + labels]))
      sums.set(of, (sums.get(of) ?? 0) + Number(value))
  }
  return sums
}
