import type { Clock } from '../../lib/clock.ts'
import type { Login, StoreAccess } from '../access.ts'

/** How all links of one store get in: by which TLS, and with a token that they share, since etcd takes long to make one. */
export interface EtcdDoor extends Pick<StoreAccess, 'tls'> {
  /** Undefined where nobody logs in. */
  readonly token: ((ask: AskToken) => Promise<string>) | undefined
  /** It was refused: the next one is asked for. */
  forget(): void
}

/** @throws what etcd refused the login with */
export type AskToken = (login: Login, options: { deadline: number }) => Promise<string>

const askWithinMs = 3_000

export function createEtcdDoor({ tls, login, clock }: StoreAccess & { clock: Clock }): EtcdDoor {
  let token: Promise<string> | undefined
  let isAsking = false

  const ask = async (login: Login, askToken: AskToken) => {
    isAsking = true
    try {
      return await askToken(login, { deadline: clock.wallMs() + askWithinMs })
    } catch (error) {
      token = undefined
      throw error
    } finally {
      isAsking = false
    }
  }
  return {
    tls,
    token: login && ((askToken) => (token ??= ask(login, askToken))),
    forget() {
      // Calls that were under way with the old one come back refused while the new one is on its way.
      if (!isAsking) token = undefined
    },
  }
}
