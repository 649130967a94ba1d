import { signal, type ReadonlySignal, type Signal } from '@preact/signals'
import type { Client } from '../../../src/client/client.ts'
import type { Clock } from '../../../src/lib/clock.ts'
import type { PersonJson } from '../../../src/protocol/person.ts'
import { createDeferred, type Deferred } from '../../../src/lib/deferred.ts'

/**
 * Who looks at this page: nobody yet, or a guest with a name. The token is in the memory of the page alone; loaded anew, the page
 * gets one by its cookie, so that it can go on at another node when its own is gone.
 */
export interface Visitor {
  readonly person: ReadonlySignal<PersonJson | undefined>
  /** Whether the page should ask for a name now. */
  readonly isAsking: ReadonlySignal<boolean>
  /** The person, asked for a name if need be; undefined when they would rather not say. */
  require(): Promise<PersonJson | undefined>
  /** The answer to the question. @throws what the client throws: then the question stays open. */
  introduce(name: string): Promise<void>
  decline(): void
  /** The node does not know the token any more. */
  forget(): void
  leave(): Promise<void>
  /** Gets a token for the page where it has none, or one that ends soon. Never throws. */
  renew(): Promise<void>
}

/** A token that ends sooner is replaced. */
const renewWithinMs = 12 * 3_600_000

interface VisitorDeps {
  client: Client
  clock: Clock
  /** That another node's page sent the visitor here with; used where nobody is signed in here. */
  ticket?: string | undefined
}

export function createVisitor(deps: VisitorDeps): Visitor {
  const { client } = deps
  const person = signal<PersonJson | undefined>(undefined)
  const isAsking = signal(false)
  let question: Deferred<PersonJson | undefined> | undefined
  const pageToken = createPageToken(deps, person)
  const { renew } = pageToken

  const answer = (who: PersonJson | undefined) => {
    isAsking.value = false
    question?.resolve(who)
    question = undefined
  }
  const forget = () => {
    person.value = undefined
    client.session.use(undefined)
  }
  client.connection.onChange(() => {
    if (client.connection.isSignInNeeded) {
      const hadToken = client.session.token !== undefined
      forget()
      // The page's own token may have ended before its session.
      if (hadToken) void renew()
    } else if (client.connection.user !== undefined) {
      person.value = client.connection.user
      if (client.session.token === undefined) void renew()
    }
  })
  return {
    person,
    isAsking,
    async require() {
      if (person.value === undefined) await renew()
      if (person.value !== undefined) return person.value
      if (question === undefined) {
        question = createDeferred()
        isAsking.value = true
      }
      return question.promise
    },
    async introduce(name) {
      const session = await client.session.create(name)
      pageToken.isOwn()
      person.value = session.user
      answer(session.user)
    },
    decline: () => answer(undefined),
    forget,
    async leave() {
      await client.session.end()
      forget()
    },
    renew,
  }
}

/** The token that this page holds in its memory. */
function createPageToken(deps: VisitorDeps, person: Signal<PersonJson | undefined>) {
  const { client, clock } = deps
  let { ticket } = deps
  let renewing: Promise<void> | undefined
  /** Until when it is good; infinite where it is the session's own. */
  let tokenEndsAtMs = 0
  const isOwn = () => {
    tokenEndsAtMs = Infinity
  }
  const arrive = async () => {
    const [given] = [ticket, (ticket = undefined)]
    if (given === undefined) return
    const { user } = await client.session.redeem(given)
    isOwn()
    person.value = user
  }
  const renewNow = async () => {
    const session = await client.session.renew()
    if (session === undefined) return arrive()
    ticket = undefined
    tokenEndsAtMs = Date.parse(session.expiresAt)
    person.value = session.user
  }
  const renew = () => {
    if (client.session.token !== undefined && tokenEndsAtMs - clock.wallMs() > renewWithinMs) {
      return Promise.resolve()
    }
    // A node that does not answer now is asked again by the next who wants to know.
    renewing ??= renewNow()
      .catch(() => undefined)
      .finally(() => (renewing = undefined))
    return renewing
  }
  return { renew, isOwn }
}
