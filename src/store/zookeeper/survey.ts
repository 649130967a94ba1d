import type { Tls } from '../access.ts'
import type { StoreServer, StoreSurvey } from '../survey.ts'
import { surveyWithinMs } from '../survey.ts'
import { parseServer } from './server-address.ts'

/** Asks one server a four-letter word. */
export type AskFourLetters = (question: {
  host: string
  port: number
  word: string
  withinMs: number
  tls?: Tls | undefined
}) => Promise<string>

/** What `srvr` tells; it is the one word that every server since 3.5 answers unless it was forbidden. */
export function createZookeeperSurvey(
  servers: readonly string[],
  ask: AskFourLetters,
  tls?: Tls,
): StoreSurvey {
  const look = async (server: string): Promise<StoreServer> => {
    const question = { ...parseServer(server), word: 'srvr', withinMs: surveyWithinMs, tls }
    const answer = await ask(question).catch(() => undefined)
    return { server, ...readSrvr(answer) }
  }
  return () => Promise.all(servers.map(look))
}

const roles = {
  leader: 'leader',
  follower: 'follower',
  observer: 'observer',
  standalone: 'alone',
} as const

function readSrvr(answer: string | undefined): Omit<StoreServer, 'server'> {
  if (answer === undefined) return { state: 'silent', role: null, version: null }
  if (answer.includes('not currently serving')) {
    return { state: 'not-serving', role: null, version: null }
  }
  const mode = /^Mode: (\w+)/m.exec(answer)?.[1] ?? ''
  const role = mode in roles ? roles[mode as keyof typeof roles] : null
  const version = /^Zookeeper version: ([\d.]+)/m.exec(answer)?.[1] ?? null
  return { state: role === null ? 'unknown' : 'serving', role, version }
}
