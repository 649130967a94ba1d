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

/** Who holds the socket. Undefined when it brought no token. @throws as Identity.identify */
export async function personOf(
  connection: Connection,
  { identity }: SocketDeps,
): Promise<Person | undefined> {
  const { token, address } = connection
  if (connection.person === undefined && token !== undefined) {
    const person = await identity.identify(token, { address })
    if (connection.token === token) connection.person = person
    return person
  }
  return connection.person
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
  if (frame.token !== undefined) {
    connection.token = frame.token
    connection.person = undefined
    try {
      if ((await personOf(connection, deps)) === undefined) {
        connection.outlet.close(closeCodes.signInFirst, 'this token is unknown or ended')
        return
      }
    } catch (error) {
      // Kept: with the first bid it is looked up again.
      sendFault(connection.outlet, faultOf(error))
    }
  }
  welcome(connection, deps)
}

function welcome({ outlet, person }: Connection, { engine, nodeId, now }: SocketDeps): void {
  const frame: Welcome = {
    type: 'welcome',
    nodeId,
    protocol: protocolVersion,
    ...(person !== undefined && { user: encodePerson(person) }),
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
