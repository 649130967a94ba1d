import type { Person } from '../../auction/person.ts'
import type { ServiceState } from '../../engine/engine.ts'
import { closeCodes } from '../../protocol/close-code.ts'
import type { Down, Welcome } from '../../protocol/down.ts'
import type { Hello } from '../../protocol/up.ts'
import { protocolVersion } from '../../protocol/version.ts'
import { encodePerson } from '../encode/person.ts'
import { faultOf } from '../fault.ts'
import { formatInstant } from '../instant.ts'
import type { Connection } from './connection.ts'
import { sendFault } from './send-fault.ts'
import type { SocketDeps } from './socket-deps.ts'

/**
 * Who holds the socket. Undefined when it brought no token, or its session is over. Asks nobody while what is known of the
 * session stands.
 * @throws as Identity.identify
 */
export async function personOf(
  connection: Connection,
  { identity, engine }: SocketDeps,
): Promise<Person | undefined> {
  const { token, address, session } = connection
  if (token === undefined) return undefined
  const standing = session === undefined ? 'doubtful' : engine.guests.standing(session)
  if (standing === 'stands') return session?.person
  if (standing === 'ended') return undefined
  const found = await identity.identify(token, { address })
  // It may have ended just after it was found.
  const isOver = found === undefined || engine.guests.standing(found) === 'ended'
  if (connection.token === token) connection.session = isOver ? undefined : found
  return isOver ? undefined : found.person
}

/** The first frame of every socket. A cookie that nobody knows is as good as none. */
export async function greet(connection: Connection, deps: SocketDeps): Promise<void> {
  try {
    const person = await personOf(connection, deps)
    if (person === undefined) connection.token = undefined
  } catch (error) {
    deps.log.debug({ error }, 'a socket could not be identified yet')
  }
  welcome(connection, deps)
}

/** A token given here must be good: whoever means to be someone must not go on as nobody. */
export async function hello(frame: Hello, connection: Connection, deps: SocketDeps): Promise<void> {
  if (frame.token !== undefined || frame.ticket !== undefined) {
    connection.session = undefined
    try {
      connection.token = frame.token ?? (await tokenFor(frame.ticket, connection, deps))
      if ((await personOf(connection, deps)) === undefined) {
        connection.outlet.close(closeCodes.signInFirst, 'this token or ticket is unknown or over')
        return
      }
    } catch (error) {
      // Kept: with the first bid it is looked up again.
      sendFault(connection.outlet, faultOf(error))
    }
  }
  welcome(connection, deps)
}

/** A ticket is good once, here or elsewhere. */
async function tokenFor(
  ticket: string | undefined,
  { address }: Connection,
  { identity }: SocketDeps,
): Promise<string | undefined> {
  return ticket === undefined ? undefined : (await identity.redeem(ticket, { address }))?.token
}

function welcome({ outlet, session }: Connection, { engine, nodeId, now }: SocketDeps): void {
  const frame: Welcome = {
    type: 'welcome',
    nodeId,
    protocol: protocolVersion,
    ...(session !== undefined && { user: encodePerson(session.person) }),
    serverTime: formatInstant(now()),
  }
  outlet.send(frame)
  if (engine.cluster.service.state === 'paused') outlet.send(serviceFrame(engine.cluster.service))
}

export function serviceFrame(service: ServiceState): Down {
  return service.state === 'paused'
    ? { type: 'paused', reason: service.reason }
    : { type: 'resumed' }
}
