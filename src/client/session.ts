import type { NewSessionJson, SessionJson } from '../protocol/http.ts'
import type { SessionCalls } from './client.ts'
import { Refused } from './errors.ts'
import type { HttpCaller } from './http-caller.ts'

/** The one place that knows the token. */
export interface Token {
  value: string | undefined
}

/** @param onToken told after another token (or none) came into force */
export function createSessionCalls(
  http: HttpCaller,
  token: Token,
  onToken: () => void,
): SessionCalls {
  const use = (value: string | undefined) => {
    token.value = value
    onToken()
  }
  return {
    get token() {
      return token.value
    },
    use,
    async create(name) {
      const body = { name }
      const session = await http.call<NewSessionJson>({ method: 'POST', path: '/session', body })
      use(session.token)
      return session
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
