import type { IStatusResponse } from 'etcd3'
import type { Clock } from '../../lib/clock.ts'
import type { StoreServer, StoreSurvey } from '../survey.ts'
import { surveyWithinMs } from '../survey.ts'
import type { EtcdDoor } from './door.ts'
import { openLink, type Link } from './link.ts'
import { reach } from './reach.ts'
import { within } from './within.ts'

/** A server that told of itself, with what the others call it. */
type Told = StoreServer & { readonly memberId?: string }

/** Each server's own status, and from one that serves the names of members whose address we were not given. */
export function createEtcdSurvey(
  servers: readonly string[],
  clock: Clock,
  door?: EtcdDoor,
): StoreSurvey {
  const look = async (server: string): Promise<Told> => {
    try {
      return await askServer({ clock, server, door }, async (link, options) => ({
        server,
        ...readStatus(await link.maintenance.status(options)),
      }))
    } catch {
      return { server, state: 'silent', role: null, version: null }
    }
  }
  return async () => {
    const told = await Promise.all(servers.map(look))
    const serving = told.find(({ state }) => state === 'serving')
    const known = new Set(told.map(({ memberId }) => memberId))
    const silent = told.some(({ state }) => state === 'silent')
    // A member that is silent cannot say which of the list it is; so only when all have told is the rest known to be others.
    const others =
      serving === undefined || silent
        ? []
        : await listOthers({ clock, server: serving.server, door }, known)
    return [...told.map(withoutId), ...others]
  }
}

interface Asked {
  clock: Clock
  server: string
  door: EtcdDoor | undefined
}

/** Asks one member over a link of its own, which is closed after it. @throws when it does not answer within `surveyWithinMs` */
export async function askServer<T>(
  { clock, server, door }: Asked,
  question: (link: Link, options: { deadline: number }) => Promise<T>,
): Promise<T> {
  await reach(server, surveyWithinMs, door?.tls)
  const link = openLink(server, door)
  try {
    const asked = question(link, { deadline: clock.wallMs() + surveyWithinMs })
    return await within(clock, { ms: surveyWithinMs }, asked, () => new Error('no answer'))
  } finally {
    link.close()
  }
}

function readStatus(status: IStatusResponse): Omit<Told, 'server'> {
  const { header, leader, version, isLearner } = status
  const memberId = header.member_id
  const hasLeader = leader !== '0'
  // `errors` names alarms, such as that its disk quota is used up, and the want of a leader.
  const errors = status.errors as readonly string[] | undefined
  const state = hasLeader && (errors ?? []).length === 0 ? 'serving' : 'not-serving'
  const role = leader === memberId ? 'leader' : isLearner ? 'observer' : 'follower'
  return { memberId, state, role: hasLeader ? role : null, version }
}

async function listOthers(
  asked: Asked,
  known: ReadonlySet<string | undefined>,
): Promise<StoreServer[]> {
  const list = askServer(asked, (link, options) => link.cluster.memberList({}, options))
  const { members } = await list.catch(() => ({ members: [] }))
  return members
    .filter(({ ID }) => !known.has(ID))
    .map(({ name, clientURLs }) => ({
      server: clientURLs[0]?.replace(/^https?:\/\//, '') ?? name,
      state: 'unknown',
      role: null,
      version: null,
    }))
}

function withoutId({ server, state, role, version }: Told): StoreServer {
  return { server, state, role, version }
}
