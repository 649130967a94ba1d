import type { NewSessionJson, PageTokenJson, SessionJson, TicketJson } from '../protocol/http.ts'
import type { SessionCalls } from './client.ts'
import { Refused } from './errors.ts'
import type { HttpCaller } from './http-caller.ts'
import type { HttpAnswer } from './http-exchange.ts'

/** The one place that knows the token. */
export interface Token {
  value: string | undefined
}

export function createSessionCalls(deps: {
  http: HttpCaller
  token: Token
  /** Told after another token (or none) came into force. */
  onToken: () => void
  /** Whether the socket speaks for us already. */
  isKnown: () => boolean
  /** Asks our own origin, where a cookie may speak for us. @throws NoAnswer */
  askHome: (path: string) => Promise<HttpAnswer>
}): SessionCalls {
  const { http, token } = deps
  const use = (value: string | undefined) => {
    token.value = value
    deps.onToken()
  }
  const signIn = async (body: object) => {
    const session = await http.call<NewSessionJson>({ method: 'POST', path: '/session', body })
    use(session.token)
    return session
  }
  return {
    get token() {
      return token.value
    },
    use,
    create: (name) => signIn({ name }),
    redeem: (ticket) => signIn({ ticket }),
    ticket: () => http.call<TicketJson>({ method: 'POST', path: '/session/ticket' }),
    async renew() {
      const before = token.value
      const path = '/session/token'
      const asked =
        before === undefined
          ? answered(await deps.askHome(path))
          : await http.call<Partial<PageTokenJson>>({ method: 'POST', path })
      if (asked.token === undefined) return undefined
      // Somebody signed in, or out, while this was on its way.
      if (token.value !== before) return undefined
      token.value = asked.token
      if (!deps.isKnown()) deps.onToken()
      return asked as PageTokenJson
    },
    async get() {
      try {
        return (await http.call<SessionJson>({ method: 'GET', path: '/session' })).user
      } catch (error) {
        if (error instanceof Refused && error.status === 401) return undefined
        throw error
      }
    },
    async end() {
      await http.call({ method: 'DELETE', path: '/session' })
      use(undefined)
    },
  }
}

function answered({ status, body }: HttpAnswer): Partial<PageTokenJson> {
  if (status < 400) return body
  const { code } = body
  throw new Refused(typeof code === 'string' ? code : 'internal', status, body)
}
